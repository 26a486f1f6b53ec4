import ArgumentParser
import Bench
import Foundation
import KernelZoo
import Machine
import Reporting

/// `bitlab reproduce`: published claims, one by one, and whether they hold.
struct ReproduceCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "reproduce",
    abstract: "Check published claims one by one: reproduced, different, or not to be tested here.",
    discussion: """
      Holds what articles about BitNet b1.58 and bitnet.cpp say of latency, memory and energy against figures of \
      our own: calculated, modelled, or measured on this machine. Whole models are added up from their layers, each \
      measured with weights that come from memory. Takes up to six minutes, with --quick less than one. A claim \
      that does not hold is no failure.

      Examples:
        bitlab reproduce
        bitlab reproduce --quick
        bitlab reproduce --claim saving,energy
        bitlab reproduce --claim equivalence-13b-latency-token-cpu
        bitlab reproduce --format md --output claims.md
      """
  )

  @Option(
    help: ArgumentHelp(
      "Claims by comma; the first words of a name mean all that begin so. (default: all)", valueName: "names")
  )
  var claim: String?

  @Flag(help: "Measure small models only, and decode only.")
  var quick = false

  @Option(help: "The highest instruction set level to use.")
  var isa: InstructionSetLevel?

  @Option(help: "The seed of weights, activations and order.")
  var seed: UInt64 = 1

  @Option(help: "How the verdicts are written.")
  var format: ReportFormat = .table

  @Option(help: ArgumentHelp("Write the verdicts to a file instead of standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    try KernelSelection.check(level: isa)
    let claims: [Claim]
    do {
      claims = try ClaimCatalogue.claims(named: (claim ?? "").split(separator: ",").map(String.init))
    } catch {
      throw ValidationError("\(error)")
    }
    let file = try OutputFile(path: output)
    let table: ClaimTable
    do {
      table = try check(claims)
    } catch {
      file.discard()
      throw error
    }
    try file.write(format.render(table, options: ReportOptions(output: output)))
    if !table.wrong.isEmpty { throw ExitCode(ExitStatus.wrongResult) }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
  }

  private func check(_ claims: [Claim]) throws -> ClaimTable {
    let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    let threads = WorkerPool.availableProcessors.count
    let runner = try ClaimRunner(
      claims: claims, threads: threads, instructionSet: instructionSet, effort: quick ? .quick : .full,
      seed: seed)
    let topology = Topology()
    let context = RunContextBuilder.context(
      seed: seed, source: GaussianWeightSource(seed: seed), topology: topology, instructionSet: instructionSet
    )
    let plan = try runner.plan()
    guard plan.pointCount > 0 else {
      return ClaimTable(results: try runner.results(from: []), context: context)
    }
    try plan.plans.forEach(MemoryCheck.check)
    Interruption.listen()
    let machine = try HostMachine(
      threads: threads, policy: .local, instructionSet: instructionSet, limits: nil,
      instruments: HostInstruments(counters: PAPICounters(), energy: try? EnergyMeter()))
    let warnings = NoiseCheck.warnings(topology: topology, state: OperatingState(), threads: threads)
    let progress = ProgressBar()
    defer { progress.clear() }
    let measurements = try runner.measure(
      plan, on: machine, isCancelled: { Interruption.isRequested }, onProgress: progress.update)
    return ClaimTable(
      results: try runner.results(from: measurements), context: context,
      warnings: warnings.map(\.description), measurements: measurements)
  }
}
