import ArgumentParser
import Bench
import KernelZoo
import Machine
import Reporting

extension BenchCommand {
  /// Taken when no kernels are named: the fewest bits that a kernel of exact ternary weights reads.
  private static let defaultWholeModelPacking = "t5"

  func runWholeModel(named name: String, _ selection: KernelSelection, threadCounts: [Int]) throws {
    let models = try ShapeSelection.models(name)
    guard let model = models.first, models.count == 1 else {
      throw ValidationError("--whole-model takes one model, '\(name)' names \(models.count)")
    }
    guard let threads = threadCounts.first, threadCounts.count == 1 else {
      throw ValidationError("--whole-model takes one count of --threads")
    }
    let isNamed = kernels != nil || families != nil
    let chosen = selection.kernels.filter {
      isNamed || $0.packing.name == Self.defaultWholeModelPacking
    }
    try MemoryCheck.check(wholeModel: model, kernels: chosen)
    let file = try OutputFile(path: output)
    let results: WholeModelResults
    do {
      Interruption.listen()
      let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
      let machine = try HostMachine(
        threads: threads, policy: numa ?? Default.numa, instructionSet: instructionSet, limits: nil,
        instruments: NoInstruments())
      let progress = ProgressBar()
      defer { progress.clear() }
      var measured = WholeModelResults(
        measurements: [],
        context: RunContextBuilder.context(
          seed: seed ?? Default.seed, source: GaussianWeightSource(seed: seed ?? Default.seed),
          topology: machine.topology,
          instructionSet: instructionSet),
        warnings: NoiseCheck.warnings(
          topology: machine.topology, state: OperatingState(), threads: threads
        ).map(\.description))
      try WholeModelRunner(
        model: model, kernels: chosen, float: selection.baseline, threads: threads,
        stop: AdaptiveStop(
          targetRelativeHalfWidth: precision ?? Default.precision, minimumSamples: 7,
          timeCap: .seconds(maxTime ?? Default.maxTime)),
        machine: machine, seed: seed ?? Default.seed, isCancelled: { Interruption.isRequested },
        onProgress: progress.update
      ).run { measured.measurements.append($0) }
      results = measured
    } catch {
      file.discard()
      throw error
    }
    try file.write(format.render(results, options: ReportOptions(output: output)))
    if results.measurements.contains(where: \.status.isWrong) { throw ExitCode(ExitStatus.wrongResult) }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
  }
}
