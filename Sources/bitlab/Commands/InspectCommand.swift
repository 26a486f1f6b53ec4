import ArgumentParser
import Bench
import Inference
import Machine
import Reporting

/// `bitlab inspect`: what is in a model file.
struct InspectCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "inspect",
    abstract:
      "Show what is in a model file: architecture, tensors, zeros and scales, and its size on every packing.",
    discussion: """
      Decodes all ternary weights. Of a file that cannot be run it shows what the headers say, and why not. CSV and \
      JSON hold one record for each figure, or with --tensors one for each tensor.

      Examples:
        bitlab inspect model.gguf
        bitlab inspect folder --tensors
        bitlab inspect model.gguf --tensors --format csv --output tensors.csv
      """
  )

  @OptionGroup var source: ModelOptions

  @Flag(help: "List every tensor.")
  var tensors = false

  @Option(help: "How the result is written.")
  var format: ReportFormat = .table

  @Option(help: ArgumentHelp("Write the result to a file instead of standard output.", valueName: "file"))
  var output: String?

  func run() throws {
    let file = try OutputFile(path: output)
    do {
      try file.write(
        format.render(inspect(), listsTensors: tensors, options: ReportOptions(output: output)))
    } catch {
      file.discard()
      throw error
    }
  }

  private func inspect() throws -> ModelInspection {
    Interruption.listen()
    let progress = CountProgress("matrix")
    defer { progress.clear() }
    let inspection = try ModelInspection(
      path: source.model, i2sLayout: source.layout.i2sLayout,
      team: WorkerPool(count: try ThreadArgument.checked(nil)),
      isCancelled: { Interruption.isRequested }, onProgress: progress.update)
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
    return inspection
  }
}
