import ArgumentParser
import Bench
import Reporting

/// `bitlab runs …`: what was measured before.
struct RunsCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "runs",
    abstract: "List, show, export, name or delete the runs that were kept.",
    discussion: """
      A run is named by its number, by the name it was given, or as last.

      Examples:
        bitlab runs list
        bitlab runs show last
        bitlab runs name last main          so that 'bitlab compare main last' finds it
        bitlab runs export 3 --format csv --output run3.csv
        bitlab runs delete 1 2
      """,
    subcommands: [
      RunsListCommand.self, RunsShowCommand.self, RunsExportCommand.self, RunsNameCommand.self,
      RunsDeleteCommand.self,
    ]
  )

  /// A run as text: what the command that made it printed.
  static func text(
    of reference: RunReference, in store: ResultStore, format: ReportFormat, options: ReportOptions
  ) throws -> String {
    let run = try store.run(reference)
    switch run.kind {
    case .bench: return try format.render(store.results(of: run), options: options)
    case .simulate: return try Listing(store.points(of: run.number)).render(format, width: options.width)
    }
  }
}

/// `bitlab runs list`
struct RunsListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List the runs, those that can be resumed having fewer complete than planned points.")

  @Option(help: "How the list is written.")
  var format: ReportFormat = .table

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let listing = Listing(try storeOptions.open().runs())
    let width = TerminalStyle.isTerminal ? TerminalStyle.width() : nil
    print(try listing.render(format, width: width), terminator: "")
  }
}

/// `bitlab runs show RUN`
struct RunsShowCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "show", abstract: "Print the results of a run as they were printed when it was measured.")

  @Argument(help: ArgumentHelp("A run: its number, its name or last.", valueName: "run"))
  var reference: RunReference

  @Option(help: "How results are written.")
  var format: ReportFormat = .table

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let text = try RunsCommand.text(
      of: reference, in: storeOptions.open(), format: format, options: ReportOptions(output: nil))
    print(text, terminator: "")
  }
}

/// `bitlab runs export RUN`
struct RunsExportCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "export", abstract: "Write the results of a run to a file.")

  @Argument(help: ArgumentHelp("A run: its number, its name or last.", valueName: "run"))
  var reference: RunReference

  @Option(help: "How results are written.")
  var format: ReportFormat = .json

  @Option(help: ArgumentHelp("Write results to a file instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    // For a file wherever it goes: without colours, with all columns.
    let text = try RunsCommand.text(
      of: reference, in: storeOptions.open(), format: format, options: ReportOptions())
    try OutputFile(path: output).write(text)
  }
}

/// `bitlab runs name RUN NAME`
struct RunsNameCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "name",
    abstract: "Give a run a name, to compare with it later. Another run that has the name loses it.")

  @Argument(help: ArgumentHelp("A run: its number, its name or last.", valueName: "run"))
  var reference: RunReference

  @Argument(help: "The name: letters, digits, '-', '_' and '.', neither a number nor last.")
  var name: String

  @OptionGroup var storeOptions: StoreOptions

  func validate() throws {
    guard RunReference.isName(name) else {
      throw ValidationError(
        "'\(name)' cannot name a run: write letters, digits, '-', '_' and '.', neither a number nor last")
    }
  }

  func run() throws {
    let store = try storeOptions.open()
    try store.setName(name, of: store.run(reference).number)
  }
}

/// `bitlab runs delete RUN…`
struct RunsDeleteCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "delete", abstract: "Delete runs with all their points: all that are named, or none.")

  @Argument(help: "Runs: their numbers, their names or last.")
  var runs: [RunReference]

  @OptionGroup var storeOptions: StoreOptions

  func run() throws {
    let numbers = try storeOptions.open().delete(runs)
    let list = numbers.map(String.init).joined(separator: ", ")
    StandardError.writeLine("Deleted \(numbers.count == 1 ? "run" : "runs") \(list).")
  }
}
