import ArgumentParser
import Bench
import Reporting

extension ComparedQuantity: ExpressibleByArgument {}

/// `bitlab compare A B`: which points became faster, and which slower.
struct CompareCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "compare",
    abstract: "Hold two runs against each other, point by point.",
    discussion: """
      A and B are runs of the store (a number, a name, last) or files of 'bitlab bench --format json'. For each point \
      that both have: the time that B takes for A's 1, as a ratio of medians with its 95% bootstrap interval, tested \
      by Mann-Whitney, and one of faster, slower, same, unsure. Files have no samples: of them, ratios have their \
      intervals from those of the medians.

      A point is unsure, too, if other programs took CPU time in over a third of its samples. The times of two runs \
      also hold what changed in the machine between them. --by fp16 compares speed-ups over \
      the FP16 kernel measured in the same rounds, in which what slows both alike cancels.

      Examples:
        bitlab compare 3 last
        bitlab compare --baseline main --by fp16
        bitlab compare old.json last --format md
        bitlab compare main last --threshold 5% --fail-on slower
      """
  )

  /// What makes the command fail.
  enum Failure: String, CaseIterable, ExpressibleByArgument {
    case slower
  }

  @Argument(
    help: ArgumentHelp("A, then B; with --baseline only B. (default with --baseline: last)", valueName: "run")
  )
  var runs: [String] = []

  @Option(
    help: ArgumentHelp("The name of the run that is A; 'bitlab runs name' gives it.", valueName: "name"))
  var baseline: String?

  @Option(
    help: ArgumentHelp(
      "What to compare: latency of the whole operator, the multiply alone, or the speed-up over fp16."))
  var by: ComparedQuantity = .latency

  @Option(
    help: ArgumentHelp("Differences below are none. (default: 2%)", valueName: "percent"),
    transform: Percentage.parse)
  var threshold: Double = 0.02

  @Option(help: "Fail with exit code 2 if a point is slower.")
  var failOn: Failure?

  @Option(help: "How the comparison is written.")
  var format: ReportFormat = .table

  @Option(help: ArgumentHelp("Write the comparison to a file instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var storeOptions: StoreOptions

  func validate() throws {
    _ = try sides()
  }

  func run() throws {
    let (a, b) = try sides()
    let comparison = try RunComparison(
      side(a), side(b), by: by, threshold: threshold)
    try OutputFile(path: output).write(format.render(comparison, options: ReportOptions(output: output)))
    if failOn == .slower, comparison.count(.slower) > 0 { throw ExitCode(ExitStatus.slower) }
  }

  private func side(_ run: NamedRun) throws -> RunComparison.Side {
    let (label, results) = try run.read(storeOptions)
    return RunComparison.Side(label: label, results: results)
  }

  private func sides() throws -> (NamedRun, NamedRun) {
    let named = (baseline.map { [$0] } ?? []) + runs
    switch (named.count, baseline) {
    case (2, _): return (try NamedRun(named[0]), try NamedRun(named[1]))
    case (1, .some): return (try NamedRun(named[0]), .stored(.last))
    default:
      throw ValidationError(
        "name two runs, A and B, or --baseline and at most one run: 'bitlab runs list' shows them")
    }
  }
}
