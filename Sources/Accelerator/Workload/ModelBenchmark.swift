/// How fast whole models are simulated on this machine.
public struct ModelBenchmark: Sendable {
  /// Seconds for all workloads on one design, on one core: of each design the fastest of its rounds.
  public let seconds: [(design: String, seconds: Double)]

  /// Simulates every workload on every design, round after round.
  ///
  /// - Throws: ``ModelSimulationError`` if a workload cannot be simulated on a design.
  public init(
    designs: [Design], workloads: [InferenceWorkload], tables: CostTables, rounds: Int = 10
  ) throws(ModelSimulationError) {
    let clock = ContinuousClock()
    var seconds: [(design: String, seconds: Double)] = []
    for design in designs {
      var fastest = Double.infinity
      var modelled = 0.0
      for _ in 0..<max(rounds, 1) {
        let start = clock.now
        let simulator = try ModelSimulator(design, tables: tables)
        for workload in workloads { modelled += try simulator.simulate(workload).secondsPerPass }
        fastest = min(fastest, (clock.now - start) / .seconds(1))
      }
      // The sum is used, so that no simulation can be optimised away.
      seconds.append((design.name, modelled >= 0 ? fastest : .nan))
    }
    self.seconds = seconds
  }
}
