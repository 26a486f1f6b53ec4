/// How fast the analytical simulator is on this machine, in points: matmuls on a chip.
public struct AnalyticalBenchmark: Sendable {
  /// Points a second on one core when the tiling is given.
  public let fixedTilingPointsPerSecond: Double
  /// Points a second on one core when the best tiling is searched.
  public let searchPointsPerSecond: Double

  /// Measures both over every chip and size, again and again until the time is up.
  ///
  /// - Parameters:
  ///   - chips: What to simulate.
  ///   - sizes: The matmuls.
  ///   - duration: At least this long for each of the two.
  /// - Throws: ``SimulationError`` if a matmul does not fit a chip.
  public init(
    chips: [Chip], sizes: [MatmulSize], duration: Duration = .seconds(1)
  ) throws(SimulationError) {
    let simulator = AnalyticalSimulator()
    var points: [(chip: Chip, size: MatmulSize, tiling: Tiling)] = []
    for chip in chips {
      for size in sizes {
        let best = try simulator.simulate(size, zeroShare: 1.0 / 3, on: chip, tiling: nil)
        points.append((chip, size, best.tiling))
      }
    }
    fixedTilingPointsPerSecond = try Self.rate(of: points.count, for: duration) {
      index throws(SimulationError) in
      let point = points[index]
      return try simulator.simulate(point.size, zeroShare: 1.0 / 3, on: point.chip, tiling: point.tiling)
    }
    searchPointsPerSecond = try Self.rate(of: points.count, for: duration) { index throws(SimulationError) in
      let point = points[index]
      return try simulator.simulate(point.size, zeroShare: 1.0 / 3, on: point.chip, tiling: nil)
    }
  }

  private static func rate(
    of points: Int, for duration: Duration, _ simulate: (Int) throws(SimulationError) -> MatmulSimulation
  ) throws(SimulationError) -> Double {
    guard points > 0 else { return 0 }
    let clock = ContinuousClock()
    let start = clock.now
    var done = 0
    var cycles = 0.0
    repeat {
      for index in 0..<points { cycles += try simulate(index).cycles.total }
      done += points
    } while clock.now - start < duration
    // The sum is used, so that no simulation can be optimised away.
    return cycles > 0 ? Double(done) / ((clock.now - start) / .seconds(1)) : 0
  }
}
