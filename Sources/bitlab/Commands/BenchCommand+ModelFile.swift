import ArgumentParser
import Bench
import Inference
import KernelZoo
import Machine
import ModelFiles
import Reporting

extension BenchCommand {
  /// Enough for prefill to show what it can do, and to be done in some seconds with a slow kernel.
  private static let defaultPromptTokens = 128
  private static let mostShareOfFree = 0.9

  func runModelFile(_ path: String, _ selection: KernelSelection, threadCounts: [Int]) throws {
    guard let threads = threadCounts.first, threadCounts.count == 1 else {
      throw ValidationError("--model-file takes one count of --threads")
    }
    let promptTokens = tokens?.values ?? [Self.defaultPromptTokens]
    guard let prompt = promptTokens.first, promptTokens.count == 1 else {
      throw ValidationError("--model-file takes one count of --tokens, those of the prompt")
    }
    let source = try ModelOpener.open(path, i2sLayout: layout.i2sLayout)
    let chosen = try modelKernels(selection, source)
    guard prompt + decodedTokens <= source.architecture.contextLength else {
      throw ValidationError(
        "\(prompt) tokens and \(decodedTokens) more exceed the model's context of "
          + "\(source.architecture.contextLength): lower --tokens or --decoded-tokens")
    }
    let file = try OutputFile(path: output)
    let results: EndToEndResults
    do {
      results = try measure(source, chosen, prompt: prompt, threads: threads)
    } catch {
      file.discard()
      throw error
    }
    try file.write(format.render(results, options: ReportOptions(output: output)))
    if results.measurements.contains(where: \.status.isWrong) { throw ExitCode(ExitStatus.wrongResult) }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
  }

  /// The kernels that can run the model; exact ones first, whose tokens the others are compared with.
  private func modelKernels(
    _ selection: KernelSelection, _ source: any ModelSource
  ) throws -> [Kernel] {
    let chosen = selection.kernels.filter { KernelChoice.fits($0, source) }
    guard !chosen.isEmpty else {
      throw ValidationError(
        "none of the kernels asked for multiplies by the model's weights, which are "
          + (source.architecture.isTernary ? "ternary" : "floats"))
    }
    return chosen.filter(\.isExact) + chosen.filter { !$0.isExact }
  }

  private func measure(
    _ source: any ModelSource, _ chosen: [Kernel], prompt: Int, threads: Int
  ) throws -> EndToEndResults {
    Interruption.listen()
    let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    let instruments = HostInstruments(counters: PAPICounters(), energy: try? EnergyMeter())
    let machine = try HostMachine(
      threads: threads, policy: numa ?? Default.numa, instructionSet: instructionSet, limits: nil,
      instruments: instruments)
    let progress = ProgressBar()
    defer { progress.clear() }
    var results = EndToEndResults(
      measurements: [],
      context: RunContextBuilder.context(
        seed: seed ?? Default.seed, weightsSource: "file \(source.path)", topology: machine.topology,
        instructionSet: instructionSet),
      warnings: NoiseCheck.warnings(
        topology: machine.topology, state: OperatingState(), threads: threads
      ).map(\.description))
    let available = MemorySize(files: SystemFiles()).availableBytes.map(Double.init) ?? .infinity
    let fits = { (kernel: Kernel) in
      EndToEndRunner.memoryBytes(of: source.architecture, kernel: kernel) <= available * Self.mostShareOfFree
    }
    try EndToEndRunner(
      source: source, kernels: chosen.filter(fits), promptTokens: prompt, decodedTokens: decodedTokens,
      threads: threads, seed: seed ?? Default.seed, machine: machine,
      isCancelled: { Interruption.isRequested }, onProgress: progress.update
    ).run { results.measurements.append($0) }
    for kernel in chosen where !fits(kernel) {
      results.measurements.append(
        EndToEndMeasurement(
          model: source.architecture.title, kernel: kernel.name, packing: kernel.packing.name,
          isExact: kernel.isExact, threads: threads, promptTokens: prompt,
          status: .skipped("its weights would not fit into the memory that is free")))
    }
    return results
  }
}
