import Accelerator
import ArgumentParser
import Foundation
import Reporting
import Workloads

extension SimulateCommand {
  func run() throws {
    let file = try OutputFile(path: output)
    let options = ReportOptions(
      width: output == nil ? TerminalStyle.width() : nil,
      colour: output == nil && TerminalStyle.usesColour())
    do {
      if arithmeticOnly {
        try file.write(arithmetic(options))
      } else if let scaleSim, let topology {
        try file.write(scaleSimReport(configuration: scaleSim, topology: topology))
      } else if benchmark {
        try file.write(SimulationBenchmarks.run().render(format, width: options.width))
      } else {
        try simulate(to: file, options)
      }
    } catch {
      file.discard()
      throw error
    }
  }

  private func simulate(to file: OutputFile, _ options: ReportOptions) throws {
    let selection = try SimulatedDesigns(
      names: designs, files: design, settings: set, baseline: baseline)
    let sizing: IsoSizing.Quantity? = isoArea ? .area : isoPower ? .power : nil
    guard sizing == nil || selection.baseline != nil else {
      throw ValidationError("--iso-area and --iso-power need a --baseline, or an FP16 design among --designs")
    }
    let workloads = try workloads()
    let progress = SteppedProgress()
    let steppedMatmuls = stepped ? SteppedMatmuls(seed: seed, onStart: progress.begin) : nil
    var matmuls: any MatmulSimulator = steppedMatmuls ?? AnalyticalSimulator()
    if let tile { matmuls = FixedTiling(try tiling(tile), in: matmuls) }
    let study = SimulationStudy(
      workloads: workloads, designs: selection.designs, baseline: selection.baseline, sizing: sizing,
      matmuls: matmuls, tables: try .shipped(), scaling: scaling)
    var entries: [StudyEntry] = []
    study.run { entries.append($0) }
    progress.end()
    try checkAnySimulated(entries)
    try file.write(
      format.render(
        SimulationResults(
          entries: entries, baseline: selection.baseline?.name, devices: try deviceEstimates(workloads),
          checks: steppedMatmuls?.checks ?? []),
        perLayer: perLayer, options: options))
    if let output { try writeDesigns(entries, besides: output) }
    for case .wrong in entries.map(\.outcome) { throw ExitCode(ExitStatus.wrongResult) }
  }

  /// A page that says of every pass why it cannot be is an error instead.
  private func checkAnySimulated(_ entries: [StudyEntry]) throws {
    let reasons = entries.compactMap { entry -> String? in
      if case .failed(let reason) = entry.outcome { reason } else { nil }
    }
    if let reason = reasons.first, reasons.count == entries.count { throw NothingSimulated(reason: reason) }
  }

  /// Every pass that the options name, model by model.
  private func workloads() throws -> [InferenceWorkload] {
    let phases = tokens.values.compactMap { Phase(tokens: $0) }.filter { phase.contains(PhaseArgument($0)) }
    guard !phases.isEmpty else {
      throw ValidationError("--tokens has no count of that --phase: 1 is decode, more are prefill")
    }
    var workloads: [InferenceWorkload] = []
    for model in try ShapeSelection.models(models) {
      for phase in phases {
        let context = phase == .decode ? context : nil
        do {
          workloads.append(
            try InferenceWorkload(model, phase: phase, context: context, batch: batch, fusesMatrices: fused))
        } catch {
          throw ValidationError("\(error)")
        }
      }
    }
    return workloads
  }

  private func tiling(_ text: String) throws -> Tiling {
    do { return try Tiling(parsing: text) } catch { throw ValidationError("\(error)") }
  }

  private func deviceEstimates(_ workloads: [InferenceWorkload]) throws -> [DeviceEstimate] {
    guard let devices else { return [] }
    let catalogue = try DeviceCatalogue.shipped()
    let chosen = try devices.split(separator: ",").map { name in
      do { return try catalogue.device(named: String(name)) } catch { throw ValidationError("\(error)") }
    }
    return workloads.flatMap { workload in
      chosen.map { DeviceEstimate(workload, on: $0, weightBits: workload.model.weights == .fp16 ? 16 : 2) }
    }
  }

  /// Each design as it was simulated, with all its defaults: `results.csv` gets `results.addsub-edge.yaml`.
  private func writeDesigns(_ entries: [StudyEntry], besides output: String) throws {
    let stem = URL(fileURLWithPath: output).deletingPathExtension()
    var written: Set<Design> = []
    var names: [String: Int] = [:]
    for entry in entries where written.insert(entry.design).inserted {
      // A design sized to match power differs from pass to pass.
      let number = names[entry.design.name, default: 0]
      names[entry.design.name] = number + 1
      let suffix = number == 0 ? "" : "-\(number + 1)"
      let file = try OutputFile(path: "\(stem.path).\(entry.design.name)\(suffix).yaml")
      try file.write(entry.design.yaml)
    }
  }

  private func arithmetic(_ options: ReportOptions) throws -> String {
    let type = "lpddr5x"
    let energy = try ArithmeticEnergy.shipped()
    guard let memory = try DRAMTable.shipped().entry(type) else {
      throw ValidationError("the DRAM table has no \(type)")
    }
    let picojoules = memory.picojoulesPerBit.value
    return try format.render(
      energy, passes: energy.passes(dramPicojoulesPerBit: picojoules, ternaryFormat: .i2s),
      memory: "\(memory.title) at \(picojoules) pJ/bit (\(memory.picojoulesPerBit.confidence.rawValue))",
      options: options)
  }

  private func scaleSimReport(configuration: String, topology: String) throws -> String {
    let configuration = try SCALESimConfiguration.load(path: configuration)
    for key in configuration.ignoredKeys { StandardError.writeLine("Warning: '\(key)' changes nothing here") }
    return try SCALESimReport(configuration, try SCALESimTopology.load(path: topology)).csv
  }
}

/// None of the passes can be simulated.
struct NothingSimulated: Error, CustomStringConvertible {
  /// Why the first cannot.
  let reason: String

  var description: String { "nothing could be simulated: \(reason)" }
}

/// A phase as the command line names it.
enum PhaseArgument: String, CaseIterable {
  case decode, prefill

  init(_ phase: Phase) { self = phase == .decode ? .decode : .prefill }

  static func parse(_ text: String) throws -> Set<PhaseArgument> {
    Set(
      try text.split(separator: ",", omittingEmptySubsequences: false).map { name in
        guard let phase = PhaseArgument(rawValue: name.lowercased()) else {
          throw ValidationError("'\(name)' is neither decode nor prefill")
        }
        return phase
      })
  }
}
