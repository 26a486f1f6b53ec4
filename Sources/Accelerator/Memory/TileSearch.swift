/// Finds the best tiling of a matmul on a chip, among all combinations of ``TileCandidates`` that fit the buffers and
/// all orders of the loops.
///
/// The best is the one with the least DRAM traffic among those that take at most `1 + slack` times the cycles of the
/// fastest; then the one with fewer cycles, fewer accesses of the buffers, larger tiles. What follows from the
/// candidates being the same for every buffer and bandwidth:
///
/// - With no slack, more bandwidth or a larger buffer never takes more cycles.
/// - With infinite slack, more bandwidth or a larger buffer never takes more traffic, and more bandwidth never more
///   cycles.
/// - No choice among tilings can promise both: of two chips with other buffers one may have a fast tiling and the
///   other a lean one, and then a chip with both buffers has both tilings but must choose.
struct TileSearch {
  private let chip: Chip
  private let slack: Double
  private let capacity: BufferCapacity
  private let memory: PingPongMemory
  private let bytes: ElementBytes
  private let axes: ArrayAxes

  init(_ chip: Chip, slack: Double) {
    self.chip = chip
    self.slack = slack
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
    var space = TileSpace(size, axes, on: chip)

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
    for index in choices.indices { fastest = min(fastest, cycles(of: &choices[index], in: &space)) }

    let limit = fastest * (1 + slack)
    space.forEachCut(fitting: capacity) { cut in
      let arrayCycles = space.arrayCycles(cut)
      guard cut != promising, lowerBound(space.schedule(cut, .mkn), arrayCycles: arrayCycles) <= limit else {
        return
      }
      for order in Self.distinctOrders(space.schedule(cut, .mkn)) {
        let schedule = space.schedule(cut, order)
        let bound = lowerBound(
          ofOrder: schedule, arrayCycles: arrayCycles, lastArrayCycles: space.lastArrayCycles(schedule))
        if bound <= limit { choices.append(Choice(cut: cut, order: order, bound: bound)) }
      }
    }
    let best = best(of: &choices, in: &space)
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

  private func cycles(of choice: inout Choice, in space: inout TileSpace) -> Double {
    if let cycles = choice.cycles { return cycles }
    let schedule = space.schedule(choice.cut, choice.order)
    let cycles = schedule.cycles(computing: space.tileCycles(choice.cut), on: memory)
    choice.cycles = cycles
    return cycles
  }

  private func best(of choices: inout [Choice], in space: inout TileSpace) -> Choice {
    choices.sort { $0.bound < $1.bound }
    var fastest = Double.infinity
    for index in choices.indices {
      if choices[index].bound > fastest { break }
      fastest = min(fastest, cycles(of: &choices[index], in: &space))
    }

    let limit = fastest * (1 + slack)
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
      guard cycles(of: &choices[index], in: &space) <= limit else { continue }
      if !isFound || isBetter(choices[index], than: best, in: space) {
        (best, isFound) = (choices[index], true)
      }
    }
    return best
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

  /// Cycles below which one order of the loops cannot be: transfers that do not overlap add to the first bound, and
  /// the last tile is computed when there is nothing left to load.
  private func lowerBound(
    ofOrder schedule: TileSchedule, arrayCycles: Double, lastArrayCycles: Double
  ) -> Double {
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
          firstLoad.overlapped + loads.serial + arrayCycles + stores.serial + lastStore.overlapped,
          loads.cycles + stores.cycles + max(0, lastArrayCycles - storeBefore)))
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
