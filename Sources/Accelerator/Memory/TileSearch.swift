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
    let cuts = boundedCuts(of: size, in: space)
    let limit = mostCycles(sameAs: tolerance.isFinite ? leastCycles(of: cuts, in: space) : .infinity)

    var best: Choice?
    for candidate in cuts where candidate.leastCycles <= limit {
      let cut = candidate.cut
      var tiles: TileCycles?
      for order in space.distinctOrders(cut) {
        let schedule = space.schedule(cut, order)
        let dramBytes = bytes.bytes(schedule.transfers)
        if let best, dramBytes > best.dramBytes { continue }
        let tileCycles = tiles ?? space.tileCycles(cut)
        tiles = tileCycles
        let mostCycles = best.map { $0.dramBytes == dramBytes ? $0.cycles : limit } ?? limit
        guard lowerBound(ofOrder: schedule, tileCycles) <= mostCycles else { continue }
        let cycles = schedule.cycles(computing: tileCycles, on: memory)
        guard cycles <= limit else { continue }
        let choice = Choice(schedule: schedule, dramBytes: dramBytes, cycles: cycles)
        if best.map({ isBetter(choice, than: $0) }) ?? true { best = choice }
      }
    }
    return best?.schedule.tiling ?? space.schedule(space.smallest, .mkn).tiling
  }

  /// A tiling, and what it is chosen by.
  private struct Choice {
    let schedule: TileSchedule
    let dramBytes: Double
    let cycles: Double
  }

  private func isBetter(_ choice: Choice, than other: Choice) -> Bool {
    func rank(_ choice: Choice) -> (Double, Double, Int, Int, Int, Int) {
      let schedule = choice.schedule
      // With every tile along the dimension in time, one operand passes its buffer once more.
      return (
        choice.dramBytes, choice.cycles, schedule[axes.time].count, schedule.tokens.count,
        schedule.outFeatures.count, schedule.inFeatures.count
      )
    }
    return rank(choice) < rank(other)
  }

  /// The cycles of the fastest tiling.
  private func leastCycles(of cuts: [BoundedCut], in space: TileSpace) -> Double {
    var least = Double.infinity
    func tryOrders(of cut: TileSpace.Cut) {
      let tiles = space.tileCycles(cut)
      for order in space.distinctOrders(cut) {
        let schedule = space.schedule(cut, order)
        guard lowerBound(ofOrder: schedule, tiles) < least else { continue }
        least = min(least, schedule.cycles(computing: tiles, on: memory))
      }
    }
    // The cut that looks fastest is near enough to the fastest to rule most others out.
    if let promising = cuts.min(by: { $0.leastCycles < $1.leastCycles }) { tryOrders(of: promising.cut) }
    for candidate in cuts where candidate.leastCycles < least { tryOrders(of: candidate.cut) }
    return least
  }

  /// The most cycles that are the same to within the tolerance.
  func mostCycles(sameAs cycles: Double) -> Double {
    guard tolerance > 0, tolerance.isFinite else { return tolerance > 0 ? .infinity : cycles }
    return max(cycles, pow(1 + tolerance, (log(cycles) / log1p(tolerance)).rounded(.up)))
  }

  /// A cut and the cycles below which no order of the loops can be.
  private struct BoundedCut {
    let cut: TileSpace.Cut
    let leastCycles: Double
  }

  /// All cuts that fit the buffers. Whatever the order, the array must work after the first load and before the last
  /// store, and DRAM must move what the leanest order moves.
  private func boundedCuts(of size: MatmulSize, in space: TileSpace) -> [BoundedCut] {
    let outputs = Double(size.tokens) * Double(size.outFeatures)
    let busyOnce = (
      weights: memory.cycles(TileTransfer(weights: Double(size.inFeatures) * Double(size.outFeatures))),
      activations: memory.cycles(TileTransfer(activations: Double(size.tokens) * Double(size.inFeatures))),
      outputs: memory.cycles(TileTransfer(outputs: outputs))
    )
    let busySpill = memory.cycles(TileTransfer(partialSumsBack: outputs, partialSumsOut: outputs))

    var cuts: [BoundedCut] = []
    space.forEachCut(fitting: capacity) { cut in
      let schedule = space.schedule(cut, .mkn)
      // The loop that runs innermost spares one operand from coming again.
      let again = (
        weights: Double(schedule.tokens.count - 1) * busyOnce.weights,
        activations: Double(schedule.outFeatures.count - 1) * busyOnce.activations,
        sums: Double(schedule.inFeatures.count - 1) * busySpill
      )
      let busy =
        busyOnce.weights + busyOnce.activations + busyOnce.outputs
        + min(
          again.weights + again.activations, again.weights + again.sums, again.activations + again.sums)
      let firstLoad = memory.load(schedule.loads(of: schedule.first, after: nil))
      let lastStore = memory.store(schedule.stores(of: schedule.last, before: nil))
      let bound =
        memory.latencyCycles + max(firstLoad.cycles + space.arrayCycles(cut) + lastStore.cycles, busy)
      cuts.append(BoundedCut(cut: cut, leastCycles: Self.rounding * bound))
    }
    return cuts
  }

  /// Cycles below which one order of the loops cannot be: the same bounds, but what does not overlap adds to the
  /// first, and the last tile is computed when there is nothing left to load.
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
}
