/// Operands that cross the edge of the array in the slanted pattern of a systolic array: lane after lane begins, one
/// cycle apart, and each goes on for the same time.
///
/// Drawn with lanes down and cycles across it is a parallelogram, so that over time the demand is a trapezoid.
struct DemandBand: Sendable, Hashable {
  /// The cycle in which the first lane begins.
  var start = 0
  /// Lanes, each a cycle later than the one before.
  var lanes = 0
  /// Cycles that each lane goes on.
  var length = 0
  /// What a lane takes in a cycle.
  var perCycle = 0

  /// The most that it takes in any cycle.
  var peak: Int { perCycle * min(lanes, length) }

  /// What it has taken by the end of a cycle.
  func taken(through cycle: Int) -> Int {
    let elapsed = cycle - start + 1
    return perCycle * (unending(elapsed) - unending(elapsed - length))
  }

  /// What it takes in a cycle.
  func rate(at cycle: Int) -> Int {
    let elapsed = cycle - start + 1
    return perCycle * (min(lanes, max(0, elapsed)) - min(lanes, max(0, elapsed - length)))
  }

  /// Adds the cycles between which the rate is linear to others in ascending order.
  func insertCorners(into corners: UnsafeMutableBufferPointer<Int>, _ count: inout Int) {
    guard peak > 0 else { return }
    insert(start - 1)
    insert(start + min(lanes, length) - 1)
    insert(start + max(lanes, length) - 1)
    insert(start + lanes + length - 1)

    func insert(_ corner: Int) {
      var place = count
      while place > 0, corners[place - 1] > corner {
        corners[place] = corners[place - 1]
        place -= 1
      }
      corners[place] = corner
      count += 1
    }
  }

  /// What lanes that never end have taken, at one a cycle: elapsed + (elapsed - 1) + … over the lanes that began.
  private func unending(_ elapsed: Int) -> Int {
    let begun = min(lanes, max(0, elapsed))
    return begun * (2 * elapsed - begun + 1) / 2
  }
}

/// What one fold asks of the port of one buffer, and how long that makes the array wait.
///
/// The transfer begins with the fold, and operands wait at the edge until they are due. The array goes through cycle
/// t once all that is due up to and including t has passed the port. Sums that leave are held to the same rule: a
/// fold lasts no less than the port takes for them, so that a queue at the edge is no longer at the end of a fold
/// than at its beginning.
struct PortDemand: Sendable {
  /// The demand is the sum of both.
  var bands: (DemandBand, DemandBand)
  /// Cycles that the port takes for one unit of the bands.
  var cyclesPerUnit: Double

  init(_ first: DemandBand, _ second: DemandBand = DemandBand(), cyclesPerUnit: Double) {
    bands = (first, second)
    self.cyclesPerUnit = cyclesPerUnit
  }

  /// Whether the port keeps up in every cycle, which is the usual case and needs no search.
  var keepsUp: Bool { Double(bands.0.peak + bands.1.peak) * cyclesPerUnit <= 1 }

  /// Cycles that the array waits for the port in the fold.
  ///
  /// The wait after cycle t is ceil(port cycles of all that is due by t) - (t + 1). It is greatest in the last cycle
  /// before the rate falls below what the port moves in a cycle; twice, if the bands lie apart.
  var stallCycles: Double {
    if keepsUp { return 0 }
    let portRate = 1 / cyclesPerUnit
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 8) { corners in
      var count = 0
      bands.0.insertCorners(into: corners, &count)
      bands.1.insertCorners(into: corners, &count)
      var longest = 0.0
      var rateBefore = 0.0
      for index in 0..<count {
        let rate = Double(rate(at: corners[index]))
        if rate < portRate, rateBefore >= portRate {
          let share = (rateBefore - portRate) / (rateBefore - rate)
          let before = corners[index - 1]
          longest = max(longest, wait(at: before + Int(share * Double(corners[index] - before))))
        }
        rateBefore = rate
      }
      return longest
    }
  }

  private func rate(at cycle: Int) -> Int { bands.0.rate(at: cycle) + bands.1.rate(at: cycle) }

  private func wait(at cycle: Int) -> Double {
    let due = bands.0.taken(through: cycle) + bands.1.taken(through: cycle)
    return (Double(due) * cyclesPerUnit).rounded(.up) - Double(cycle + 1)
  }
}
