import ArgumentParser
import Bench
import Foundation
import KernelZoo
import Machine
import Reporting

/// `bitlab targets`: what share of the machine's limits the kernels are to reach, and do.
struct TargetsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "targets",
    abstract: "Hold the best kernels against this machine's limits, target by target.",
    discussion: """
      Measures the kernels for decode and prefill on twelve layer shapes of ternary models, verified first, on one \
      CPU and on all, each against the limit probed in the same round: read bandwidth of memory, or the peak of the \
      multiply instruction of the kernel's own instruction set. Prints what was to be reached and what was, as \
      medians over the shapes. Takes five to six minutes. A missed target is no failure.

      Examples:
        bitlab targets
        bitlab targets --isa avx2            as if the CPU had no more
        bitlab targets --format md --output targets.md
      """
  )

  @Option(help: "The highest instruction set level to use.")
  var isa: InstructionSetLevel?

  @Option(help: "The seed of weights, activations and order.")
  var seed: UInt64 = 1

  @Option(help: "How the table is written.")
  var format: ReportFormat = .table

  @Option(help: ArgumentHelp("Write the table to a file instead of standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    try KernelSelection.check(level: isa)
    let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    let threads = Array(Set([1, WorkerPool.availableProcessors.count])).sorted()
    let file = try OutputFile(path: output)
    let table: TargetTable
    do {
      table = try measure(threads: threads, instructionSet: instructionSet)
    } catch {
      file.discard()
      throw error
    }
    try file.write(format.render(table, options: ReportOptions(output: output)))
    if !table.wrong.isEmpty { throw ExitCode(ExitStatus.wrongResult) }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
  }

  private func measure(threads: [Int], instructionSet: InstructionSet) throws -> TargetTable {
    Interruption.listen()
    let list = TargetList(threads: threads, instructionSet: instructionSet)
    let progress = ProgressBar()
    defer { progress.clear() }
    // The caches' bandwidths of today, for what is measured with weights in them on one core.
    let limits = try MachineLimits.measure(threadCounts: [1], isa: instructionSet.rawValue)
    let machine = try HostMachine(
      threads: threads.max() ?? 1, policy: .local, instructionSet: instructionSet, limits: limits,
      instruments: NoInstruments())
    let runner = TargetRunner(
      list: list, threads: threads, machine: machine, seed: seed,
      isCancelled: { Interruption.isRequested },
      onProgress: progress.update)
    try MemoryCheck.check(runner.layers)
    let context = RunContextBuilder.context(
      seed: seed, source: GaussianWeightSource(seed: seed), topology: machine.topology,
      instructionSet: instructionSet)
    let warnings = NoiseCheck.warnings(
      topology: machine.topology, state: OperatingState(), threads: threads.max() ?? 1)
    return TargetTable(
      targets: list.targets, shapes: list.shapes, outcome: try runner.run(), context: context,
      warnings: warnings.map(\.description))
  }
}
