/// What a matmul takes, in closed form: the same model as the tile schedule walked one iteration at a time, at a
/// cost that does not depend on how many there are.
public struct AnalyticalSimulator: MatmulSimulator {
  private let tolerance: Double

  /// - Parameter tolerance: By how much a tiling may be slower than the fastest for the sake of less DRAM traffic: 0.01
  ///   for 1 %. With zero the tiling is the fastest, with infinity the leanest.
  public init(tolerance: Double = 0.01) { self.tolerance = tolerance }

  /// What a matmul takes.
  public func simulate(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SimulationError) -> MatmulSimulation {
    try size.check(for: chip.design)
    let schedule: TileSchedule
    if let tiling {
      schedule = TileSchedule(size, tiling: tiling)
      try BufferCapacity(chip.design).check(schedule.tiling.size)
    } else {
      schedule = TileSchedule(size, tiling: try TileSearch(chip, tolerance: tolerance).best(for: size))
    }
    var tally = SimulationTally()
    let tiles = TileCycles(schedule) { tile, accumulates, count in
      let run = ArrayRun(schedule.size(at: tile), zeroShare: zeroShare, on: chip, accumulates: accumulates)
      tally.add(run, times: count)
      return Double(run.cycles) + run.stallCycles
    }
    tally.add(schedule.transfers)
    return tally.simulation(
      of: size, zeroShare: zeroShare, tiling: schedule.tiling,
      totalCycles: schedule.cycles(computing: tiles, on: PingPongMemory(chip)), on: chip)
  }
}

extension MatmulSize {
  /// The largest side that is simulated: larger than any of a language model.
  static let largestSide = 1 << 24
  /// The most products that are simulated: cycles are counted in 64-bit integers, and a product may take several.
  static let mostMultiplyAccumulates = Double(1 << 56)

  /// - Throws: ``SimulationError/unsupported(design:reason:)`` for sizes that are not positive or that counts would not
  ///   be exact for.
  func check(for design: Design) throws(SimulationError) {
    for side in [tokens, inFeatures, outFeatures] where side < 1 || side > Self.largestSide {
      throw .unsupported(
        design: design.name,
        reason:
          "a matmul of \(tokens)x\(inFeatures)x\(outFeatures) has a side outside 1 to \(Self.largestSide)")
    }
    guard multiplyAccumulates <= Self.mostMultiplyAccumulates else {
      throw .unsupported(
        design: design.name,
        reason: "a matmul of \(tokens)x\(inFeatures)x\(outFeatures) is more than 2^56 multiply-accumulates")
    }
  }
}
