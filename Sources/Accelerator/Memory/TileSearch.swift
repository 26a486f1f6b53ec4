import Foundation

/// Finds the best tiling of a matmul on a chip, among all combinations of ``TileCandidates`` that fit the buffers and
/// all orders of the loops.
///
/// The best is the one with the fewest cycles, to within a tolerance; of these the one with the least DRAM traffic; of
/// these that with the fewest cycles, the fewest accesses of the buffers and the largest tiles. Cycles are the same to
/// within a tolerance of 1 % if they are between the same two powers of 1.01.
///
/// Without tolerance, a design that computes for longer than DRAM takes would be given tiles that fetch everything
/// again and again for the sake of a slightly shorter first load: several times the traffic for a few cycles in a
/// thousand, and DRAM is most of the energy.
///
/// Candidates are the same for every buffer and bandwidth, from which follows, for a larger buffer, a wider port or a
/// faster DRAM:
///
/// - The cycles never rise, to within the tolerance; without any tolerance they never rise at all.
/// - As long as the cycles are the same to within the tolerance, the traffic never rises. It may rise when they fall:
///   no choice among tilings can rule that out for a larger buffer. Of two chips one may have room for a fast tiling,
///   the other for a lean one; then a chip that has room for both must choose.
/// - With an infinite tolerance the traffic never rises; the cycles may, with a larger buffer.
struct TileSearch {
  private let chip: Chip
  private let tolerance: Double
  private let capacity: BufferCapacity
  private let memory: PingPongMemory
  private let bytes: ElementBytes
  private let axes: ArrayAxes

  /// - Parameter tolerance: 0.01 for 1 %.
  init(_ chip: Chip, tolerance: Double) {
    self.chip = chip
    self.tolerance = tolerance
    capacity = BufferCapacity(chip.design)
    memory = PingPongMemory(chip)
    bytes = ElementBytes(chip.design)
    axes = ArrayAxes(chip.design.array)
  }

  /// - Throws: ``SimulationError/doesNotFit(design:buffer:tile:bytesMissing:)`` when not even a tile of one fold and
  ///   one step fits.
  func best(for size: MatmulSize) throws(SimulationError) -> Tiling {
    try capacity.check(
      MatmulSize(
        tokens: min(size.tokens, axes.unit(of: .tokens)),
        inFeatures: min(size.inFeatures, axes.unit(of: .inFeatures)),
        outFeatures: min(size.outFeatures, axes.unit(of: .outFeatures))))
    let space = TileSpace(size, axes, on: chip)

    // The fastest order of the cut that looks fastest is near enough to the fastest of all to rule most out.
    var promising = space.smallest
    var leastBound = Double.infinity
    space.forEachCut(fitting: capacity) { cut in
      let bound = lowerBound(space.schedule(cut, .mkn), arrayCycles: space.arrayCycles(cut))
      if bound < leastBound { (leastBound, promising) = (bound, cut) }
    }
    var choices = Self.distinctOrders(space.schedule(promising, .mkn)).map {
      Choice(cut: promising, order: $0)
    }
    var fastest = Double.infinity
    for index in choices.indices { fastest = min(fastest, cycles(of: &choices[index], in: space)) }

    let limit = mostCycles(sameAs: fastest)
    space.forEachCut(fitting: capacity) { cut in
      let anyOrder = space.schedule(cut, .mkn)
      guard cut != promising, lowerBound(anyOrder, arrayCycles: space.arrayCycles(cut)) <= limit else {
        return
      }
      let tiles = space.tileCycles(cut)
      for order in Self.distinctOrders(anyOrder) {
        let bound = lowerBound(ofOrder: space.schedule(cut, order), tiles)
        if bound <= limit { choices.append(Choice(cut: cut, order: order, bound: bound)) }
      }
    }
    let best = best(of: &choices, in: space)
    return space.schedule(best.cut, best.order).tiling
  }

  /// A tiling that may turn out to be the best.
  private struct Choice {
    let cut: TileSpace.Cut
    let order: LoopOrder
    /// Cycles that it takes at least.
    var bound = 0.0
    /// Cycles that it takes, once they are known.
    var cycles: Double?
    /// Traffic, likewise.
    var dramBytes = 0.0
  }

  private func cycles(of choice: inout Choice, in space: TileSpace) -> Double {
    if let cycles = choice.cycles { return cycles }
    let schedule = space.schedule(choice.cut, choice.order)
    let cycles = schedule.cycles(computing: space.tileCycles(choice.cut), on: memory)
    choice.cycles = cycles
    return cycles
  }

  private func best(of choices: inout [Choice], in space: TileSpace) -> Choice {
    choices.sort { $0.bound < $1.bound }
    var fastest = Double.infinity
    for index in choices.indices {
      if choices[index].bound > fastest { break }
      fastest = min(fastest, cycles(of: &choices[index], in: space))
    }

    let limit = mostCycles(sameAs: fastest)
    choices.removeAll { ($0.cycles ?? $0.bound) > limit }
    for index in choices.indices {
      choices[index].dramBytes = bytes.bytes(
        space.schedule(choices[index].cut, choices[index].order).transfers)
    }
    choices.sort { $0.dramBytes < $1.dramBytes }
    var best = choices[0]
    var isFound = false
    for index in choices.indices {
      if isFound, choices[index].dramBytes > best.dramBytes { break }
      guard cycles(of: &choices[index], in: space) <= limit else { continue }
      if !isFound || isBetter(choices[index], than: best, in: space) {
        (best, isFound) = (choices[index], true)
      }
    }
    return best
  }

  /// The most cycles that are the same to within the tolerance.
  private func mostCycles(sameAs cycles: Double) -> Double {
    guard tolerance > 0, tolerance.isFinite else { return tolerance > 0 ? .infinity : cycles }
    return max(cycles, pow(1 + tolerance, (log(cycles) / log1p(tolerance)).rounded(.up)))
  }

  /// Of two with equal traffic.
  private func isBetter(_ choice: Choice, than other: Choice, in space: TileSpace) -> Bool {
    func rank(_ choice: Choice) -> (Double, Int, Int, Int, Int, Int) {
      let schedule = space.schedule(choice.cut, choice.order)
      // With every tile along the dimension in time, one operand passes its buffer once more.
      return (
        choice.cycles ?? .infinity, schedule[axes.time].count, schedule.tokens.count,
        schedule.outFeatures.count,
        schedule.inFeatures.count, LoopOrder.allCases.firstIndex(of: choice.order) ?? 0
      )
    }
    return rank(choice) < rank(other)
  }

  /// Cycles below which no order of the loops can be: the array must work after the first load and before the last
  /// store, and DRAM must move what the leanest order moves.
  @inline(__always)
  private func lowerBound(_ schedule: TileSchedule, arrayCycles: Double) -> Double {
    let firstLoad = memory.load(schedule.loads(of: schedule.first, after: nil))
    let lastStore = memory.store(schedule.stores(of: schedule.last, before: nil))
    func busy(keeping operand: Operand) -> Double {
      let transfers = schedule.transfers(keeping: operand)
      return memory.load(transfers).cycles + memory.store(transfers).cycles
    }
    let busy = min(busy(keeping: .weights), busy(keeping: .activations), busy(keeping: .outputs))
    return Self.rounding
      * (memory.latencyCycles + max(firstLoad.cycles + arrayCycles + lastStore.cycles, busy))
  }

  /// Cycles below which one order of the loops cannot be, as above; but what does not overlap adds to the first bound,
  /// and the last tile is computed when there is nothing left to load.
  private func lowerBound(ofOrder schedule: TileSchedule, _ tiles: TileCycles) -> Double {
    let transfers = schedule.transfers
    let (loads, stores) = (memory.load(transfers), memory.store(transfers))
    let firstLoad = memory.load(schedule.loads(of: schedule.first, after: nil))
    let lastStore = memory.store(schedule.stores(of: schedule.last, before: nil))
    let storeBefore =
      schedule.position(before: schedule.last).map {
        memory.store(schedule.stores(of: $0, before: schedule.last)).overlapped
      } ?? 0
    return Self.rounding
      * (memory.latencyCycles
        + max(
          firstLoad.overlapped + loads.serial + tiles.total + stores.serial + lastStore.overlapped,
          loads.cycles + stores.cycles + max(0, tiles[schedule.last, schedule] - storeBefore)))
  }

  /// Lest a bound be a last bit above what it bounds.
  private static let rounding = 1 - 1e-12

  /// One of all orders that visit the tiles in the same sequence.
  private static func distinctOrders(_ schedule: TileSchedule) -> [LoopOrder] {
    switch (schedule.tokens.count > 1, schedule.inFeatures.count > 1, schedule.outFeatures.count > 1) {
    case (true, true, true): LoopOrder.allCases
    case (true, true, false): [.nmk, .nkm]
    case (true, false, true): [.kmn, .knm]
    case (false, true, true): [.mkn, .mnk]
    default: [.mkn]
    }
  }
}
