import ArgumentParser
import KernelZoo
import Reporting
import Workloads

/// `bitlab list …`: what there is to compare.
struct ListCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "list",
    abstract: "List kernels, packings, models, chip designs, datapaths, devices or the constants of energy.",
    discussion: """
      Examples:
        bitlab list kernels
        bitlab list kernels --explain       with what bounds each, and why it is as fast as it is
        bitlab list packings --format md
        bitlab list models --models my.yaml
        bitlab list designs                 chips that 'bitlab simulate' knows
        bitlab list energy --format csv     every constant of the energy and area model, with its source
      """
  )

  /// What can be listed.
  enum Subject: String, CaseIterable, ExpressibleByArgument {
    case kernels, packings, models, designs, datapaths, devices, energy
  }

  @Argument(help: "What to list.")
  var subject: Subject

  @Flag(help: "With kernels: what bounds each, and the reason for its distance from the fastest.")
  var explain = false

  @Option(
    help: ArgumentHelp("With models: only these, by comma; a YAML file adds its own.", valueName: "names"))
  var models: String?

  @Option(help: "How the list is written.")
  var format: ReportFormat = .table

  func validate() throws {
    guard !explain || subject == .kernels else { throw ValidationError("--explain goes with 'list kernels'") }
    guard models == nil || subject == .models else {
      throw ValidationError("--models goes with 'list models'")
    }
  }

  func run() throws {
    let listing: Listing =
      switch subject {
      case .kernels: Self.kernels(explained: explain)
      case .packings: Self.packings()
      case .models: Self.models(try selectedModels())
      case .designs: try AcceleratorListings.designs()
      case .datapaths: AcceleratorListings.datapaths()
      case .devices: try AcceleratorListings.devices()
      case .energy: try AcceleratorListings.energy()
      }
    // In a pipe nothing may be lost; on a terminal long lines would wrap and break the columns.
    let width = TerminalStyle.isTerminal ? TerminalStyle.width() : nil
    let text =
      explain && format == .table
      ? listing.paragraphs(width: width) : try listing.render(format, width: width)
    print(text, terminator: "")
  }

  private static func kernels(explained: Bool) -> Listing {
    let here = InstructionSet.ofThisCPU
    return Listing(
      properties: [
        .init("kernel"), .init("runs_here"), .init("weights"), .init("activations"),
        .init("bits_per_weight", isNumber: true), .init("exact"), .init("summary"),
      ] + (explained ? [.init("bound"), .init("source")] : []),
      items: KernelRegistry.all.map { kernel in
        [
          kernel.name, kernel.runs(on: here) ? "yes" : "no", "\(kernel.packing.weightKind)",
          kernel.activationName, bits(kernel.packing), kernel.isExact ? "yes" : "no", kernel.summary,
        ] + (explained ? [kernel.explanation, kernel.source] : [])
      })
  }

  private static func packings() -> Listing {
    Listing(
      properties: [
        .init("packing"), .init("weights"), .init("bits_per_weight", isNumber: true),
        .init("row_multiple", isNumber: true), .init("column_multiple", isNumber: true), .init("summary"),
        .init("source"),
      ],
      items: KernelRegistry.packings.sorted { $0.bitsPerWeight < $1.bitsPerWeight }.map { packing in
        [
          packing.name, "\(packing.weightKind)", bits(packing), "\(packing.rowMultiple)",
          "\(packing.columnMultiple)", packing.summary, packing.source,
        ]
      })
  }

  private static func bits(_ packing: Packing) -> String {
    let hundredths = (packing.bitsPerWeight * 10_000).rounded() / 10_000
    return hundredths == hundredths.rounded() ? "\(Int(hundredths))" : "\(hundredths)"
  }

  private func selectedModels() throws -> [LanguageModel] {
    try models.map(ShapeSelection.models) ?? ModelCatalogue.builtIn().models
  }

  private static func models(_ models: [LanguageModel]) -> Listing {
    Listing(
      properties: [
        .init("model"), .init("also"), .init("weights"), .init("hidden", isNumber: true),
        .init("intermediate", isNumber: true), .init("layers", isNumber: true),
        .init("heads", isNumber: true),
        .init("kv_heads", isNumber: true), .init("vocabulary", isNumber: true),
        .init("linear_parameters", isNumber: true), .init("total_parameters", isNumber: true), .init("shape"),
        .init("source"),
      ],
      items: models.map { model in
        [
          model.id, model.aliases.joined(separator: " "), model.weights.rawValue, "\(model.hiddenSize)",
          "\(model.intermediateSize)", "\(model.layers)", "\(model.heads)", "\(model.keyValueHeads)",
          "\(model.vocabulary)", "\(model.linearParameters)", "\(model.totalParameters)",
          model.confidence.rawValue, model.source,
        ]
      })
  }
}
