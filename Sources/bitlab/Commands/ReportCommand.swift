import ArgumentParser

/// `bitlab report`: how latency, memory, traffic and energy grow with the model, as files that people show each other.
struct ReportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "report",
    abstract: "Write a scaling report: tables, plots and a page, from 700M to 100B parameters.",
    discussion: """
      Measures the layers of all models on this CPU, every kernel on one of them and the fastest of each family on the \
      others, simulates the models on chips, and writes scaling.md, scaling.html, scaling.csv and plots into a folder. \
      Takes about four minutes. With RUN, a run of the store (a number, a name, last) or a file of 'bitlab bench \
      --format json', nothing is measured. Plots need gnuplot; without it the other files are written all the same.

      Examples:
        bitlab report
        bitlab report --models 3b..70b --designs fp16-server,addsub-server
        bitlab bench --models 3b..13b
        bitlab report last --models 3b..13b --output /tmp/report
      """
  )

  /// Simulated when nothing is named: every datapath at both sizes.
  static let defaultDesigns =
    SimulatedDesigns.defaultNames + "," + SimulatedDesigns.defaultNames.replacing("-server", with: "-edge")

  @Argument(
    help: ArgumentHelp(
      "Measurements to report instead of fresh ones; of a point measured twice the first counts.",
      valueName: "run"))
  var runs: [String] = []

  @Option(
    help: ArgumentHelp(
      "Models by comma, ranges as first..last by size, from the catalogue or a YAML file.",
      valueName: "names"))
  var models = "700m..100b"

  @Option(
    help: ArgumentHelp(
      "Shipped designs by comma, each compared with the FP16 design of the same memory. "
        + "(default: six datapaths, server and edge)", valueName: "names"))
  var designs: String?

  @Option(
    parsing: .singleValue, help: ArgumentHelp("A design of your own; may be repeated.", valueName: "file"))
  var design: [String] = []

  @Option(help: ArgumentHelp("The folder that the files are written to.", valueName: "folder"))
  var output = "Reports"

  @Flag(help: "Draw every plot as PNG too.")
  var png = false

  @Option(help: "The seed of weights, activations and order.")
  var seed: UInt64 = 1

  @Option(
    help: ArgumentHelp(
      "Seconds spent on one point at most, three calls at least. (default: 0.05)", valueName: "seconds"),
    transform: SecondsArgument.parse)
  var maxTime: Double = 0.05

  @OptionGroup var storeOptions: StoreOptions

  @Flag(help: "Keep nothing, even with --store.")
  var noStore = false

  func validate() throws {
    for run in runs { _ = try NamedRun(run) }
  }
}
