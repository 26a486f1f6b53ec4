import Accelerator
import ArgumentParser
import Bench
import Foundation
import KernelZoo
import Machine
import Reporting
import Workloads

extension ReportCommand {
  func run() throws {
    let models = try ShapeSelection.models(models).sorted { $0.totalParameters < $1.totalParameters }
    let designs = try SimulatedDesigns(
      names: designs ?? (design.isEmpty ? Self.defaultDesigns : nil), files: design, settings: [],
      baseline: "none"
    ).designs
    let given = try runs.map { try NamedRun($0).read(storeOptions).results }
    var folder = try ReportFolder(path: output, subfolders: [ScalingReport.plotFolder])
    let study = ScalingStudy(
      models: models, designs: designs, prefillTokens: ScalingRunner.prefillTokens, tables: try .shipped())
    let recorder = RunRecorder(storeOptions, isWanted: given.isEmpty && !noStore, continuing: nil)
    let results = given.isEmpty ? [try measure(models, recorder: recorder)] : given
    let report = ScalingReport(models: models, runs: results, entries: try study.run())
    try write(report, to: &folder)
    print(folder.files.map { "\(output)/\($0)" }.joined(separator: "\n"))
    recorder.tellWhereKept()
    if results.contains(where: { $0.measurements.contains(where: \.status.isWrong) }) {
      throw ExitCode(ExitStatus.wrongResult)
    }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
    if recorder.hasFailed, storeOptions.store != nil { throw ExitCode.failure }
  }

  private func measure(_ models: [LanguageModel], recorder: RunRecorder) throws -> BenchResults {
    Interruption.listen()
    let selection = try KernelSelection(expression: nil, families: nil, level: nil)
    let instructionSet = InstructionSetLevel.ofThisCPU.allowed.intersection(.ofThisCPU)
    let threads = WorkerPool.availableProcessors.count
    let instruments = HostInstruments(counters: PAPICounters(), energy: try? EnergyMeter())
    let machine = try HostMachine(
      threads: threads, policy: .local, instructionSet: instructionSet, limits: nil, instruments: instruments)
    let progress = ProgressBar()
    defer { progress.clear() }
    let runner = ScalingRunner(
      models: models, kernels: selection.kernels, baseline: selection.baseline, threads: threads,
      machine: machine, seed: seed, secondsPerPoint: maxTime, isCancelled: { Interruption.isRequested },
      onProgress: progress.update)
    try MemoryCheck.check(runner.largestPlan)
    var results = BenchResults(
      context: RunContextBuilder.context(
        seed: seed, source: GaussianWeightSource(seed: seed), topology: machine.topology,
        instructionSet: instructionSet, counterEvents: instruments.eventNames),
      measurements: [],
      warnings: NoiseCheck.warnings(
        topology: machine.topology, state: OperatingState(), threads: threads
      ).map(\.description))
    results.measurements = try runner.run { points in
      recorder.begin(
        .bench, points: points.map(\.key), context: results.context, warnings: results.warnings)
    } record: {
      recorder.record(StoredPoint($0), beforeWarning: progress.clear)
    }
    return results
  }

  private func write(_ report: ScalingReport, to folder: inout ReportFolder) throws {
    let plots = report.plots
    try folder.write("README.md", ReportsReadme.markdown(plots: plots))
    try folder.write("scaling.csv", report.csv)
    try folder.write("scaling.md", report.markdown)
    let pictures = try draw(plots, in: &folder)
    try folder.write("scaling.html", report.html(pictures: pictures))
  }

  /// Writes scripts and numbers, and draws what can be drawn.
  ///
  /// - Returns: SVG files by name of the plot.
  private func draw(_ plots: [ScalingPlot], in folder: inout ReportFolder) throws -> [String: String] {
    let place = folder.url.appendingPathComponent(ScalingReport.plotFolder)
    for plot in plots {
      try folder.write("\(ScalingReport.plotFolder)/\(plot.name).gp", plot.script)
      try folder.write("\(ScalingReport.plotFolder)/\(plot.name).dat", plot.data)
    }
    guard let gnuplot = Gnuplot() else {
      StandardError.writeLine(
        "Warning: plots are not drawn, since gnuplot is missing: install gnuplot-nox, or run 'make setup'")
      return [:]
    }
    var pictures: [String: String] = [:]
    for plot in plots {
      do {
        for format in [Gnuplot.Format.svg] + (png ? [.png] : []) {
          try gnuplot.draw(plot, in: place, format: format)
          folder.note("\(ScalingReport.plotFolder)/\(plot.name).\(format.rawValue)")
        }
        pictures[plot.name] = folder.text("\(ScalingReport.plotFolder)/\(plot.name).svg")
      } catch {
        StandardError.writeLine("Warning: \(error)")
      }
    }
    return pictures
  }
}
