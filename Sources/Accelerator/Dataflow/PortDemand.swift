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

  /// The cycle after the last.
  var end: Int { start + max(0, lanes + length - 1) }

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

  /// - Parameters:
  ///   - first: A part of the demand.
  ///   - second: Another part; the sum counts.
  ///   - bits: Of one operand.
  ///   - cyclesPerOperand: Cycles over which the bands spread one operand: a unit is that part of it.
  ///   - port: The buffer.
  init(
    _ first: DemandBand, _ second: DemandBand = DemandBand(), bits: Double, cyclesPerOperand: Int,
    port: BufferDesign
  ) {
    bands = (first, second)
    cyclesPerUnit = Self.cycles(bits: bits, port: port) / Double(cyclesPerOperand)
  }

  /// Cycles that a port takes for so many bits. The last bits of the quotient are dropped, lest a port that is
  /// exactly wide enough be a cycle late for how decimal fractions round.
  static func cycles(bits: Double, port: BufferDesign) -> Double {
    bits / 8 / port.bytesPerCycle * (1 - 1e-12)
  }

  /// Whether the port keeps up in every cycle, which is the usual case and needs no search.
  var keepsUp: Bool { Double(bands.0.peak + bands.1.peak) * cyclesPerUnit <= 1 }

  /// Cycles that the array waits for the port in the fold.
  var stallCycles: Double {
    if keepsUp { return 0 }
    // The wait after cycle t is ceil(what is due by t, in port cycles) - (t + 1). It is greatest where the rate falls
    // below what the port moves in a cycle: at the end of a stretch on which the rate is linear, or inside one on
    // which it falls.
    return withUnsafeTemporaryAllocation(of: Int.self, capacity: 8) { memory in
      var corners = memory
      for (index, band) in [bands.0, bands.1].enumerated() {
        let short = min(band.lanes, band.length)
        let long = max(band.lanes, band.length)
        let ofBand = (band.start, band.start + short, band.start + long, band.end)
        (corners[4 * index], corners[4 * index + 1]) = (ofBand.0, ofBand.1)
        (corners[4 * index + 2], corners[4 * index + 3]) = (ofBand.2, ofBand.3)
      }
      corners.sort()
      var longest = 0.0
      for index in 1..<corners.count where corners[index - 1] < corners[index] {
        let first = corners[index - 1]
        let last = corners[index] - 1
        longest = max(longest, wait(at: last))
        let fall = rate(at: first) - rate(at: last)
        if fall > 0, last > first {
          let excess = Double(rate(at: first)) - 1 / cyclesPerUnit
          let cyclesAbove = excess / Double(fall) * Double(last - first)
          if cyclesAbove > 0, cyclesAbove < Double(last - first) {
            longest = max(longest, wait(at: first + Int(cyclesAbove)))
          }
        }
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
