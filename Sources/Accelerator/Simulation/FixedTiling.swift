/// A simulator that cuts every matmul into the same tiles.
public struct FixedTiling: MatmulSimulator {
  private let simulator: any MatmulSimulator
  private let tiling: Tiling

  /// - Parameters:
  ///   - tiling: The tiles; larger ones than a matmul are that matmul.
  ///   - simulator: What runs them.
  public init(_ tiling: Tiling, in simulator: any MatmulSimulator) {
    self.simulator = simulator
    self.tiling = tiling
  }

  /// As the simulator inside does, with the tiles of this one unless others are given.
  public func simulate(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SimulationError) -> MatmulSimulation {
    try simulator.simulate(size, zeroShare: zeroShare, on: chip, tiling: tiling ?? self.tiling)
  }
}
