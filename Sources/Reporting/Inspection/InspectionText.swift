import Inference
import KernelZoo
import ModelFiles

/// An inspection in words and cells.
struct InspectionText {
  /// A table with what stands above it.
  struct Section {
    let title: String
    let table: TextTable
    let legend: String?

    init(_ title: String, _ table: TextTable, legend: String? = nil) {
      self.title = title
      self.table = table
      self.legend = legend
    }
  }

  /// More would hide the rest of the page.
  private static let mostProblems = 5

  let inspection: ModelInspection

  /// What is wrong with the file.
  var problems: [String] {
    let all = inspection.problems
    let rest = all.count - Self.mostProblems
    return Array(all.prefix(Self.mostProblems)) + (rest > 0 ? ["And \(rest) more problems."] : [])
  }

  /// Without tables of nothing.
  func sections(listingTensors: Bool) -> [Section] {
    let sections: [Section?] = [
      Section(inspection.listing.path, pairs(file + architecture + tokenizer)),
      Section("By element type", shares(inspection.sharesByType, "type")),
      Section("By use", shares(usedFor, "use")),
      inspection.ternary.map(weights),
      inspection.packings.isEmpty ? nil : packings,
      inspection.listing.metadata.isEmpty ? nil : metadata,
      listingTensors ? tensors : nil,
    ]
    return sections.compactMap { $0 }
  }

  private var file: [(String, String)] {
    let listing = inspection.listing
    let format =
      switch listing.format {
      case .gguf(let version): "GGUF version \(version)"
      case .safetensors(let files): files == 1 ? "safetensors" : "safetensors, \(files) files"
      }
    return [
      ("file", format), ("size", Self.bytes(listing.byteCount)),
      ("tensors", "\(listing.tensors.count)"),
    ] + (listing.alignment.map { [("alignment", "\($0) B")] } ?? [])
      + (inspection.layoutCheck.map { [("I2_S layout", $0.text)] } ?? [])
  }

  private var architecture: [(String, String)] {
    guard let architecture = inspection.architecture else { return [("architecture", "unknown")] }
    return architecture.fields.map { ($0.name, $0.value) }
      + (inspection.keyValueBytesPerToken.map { [("keys and values", "\($0) B per token")] } ?? [])
  }

  private var tokenizer: [(String, String)] {
    guard let tokenizer = inspection.tokenizer else { return [("tokenizer", "none")] }
    return tokenizer.fields.map { ($0.name, $0.value) }
  }

  private var usedFor: [TensorShare] {
    inspection.sharesByKind + [
      TensorShare(name: "header, padding", count: 0, byteCount: inspection.headerAndPaddingBytes)
    ]
  }

  private func pairs(_ pairs: [(String, String)]) -> TextTable {
    TextTable(
      headings: [
        .init(title: "what", alignment: .left, dropOrder: 0),
        .init(title: "value", alignment: .left, dropOrder: 0),
      ], rows: pairs.map { [$0.0, $0.1] })
  }

  private func shares(_ shares: [TensorShare], _ title: String) -> TextTable {
    let total = Double(max(inspection.listing.byteCount, 1))
    return TextTable(
      headings: [
        .init(title: title, alignment: .left, dropOrder: 0),
        .init(title: "tensors", alignment: .right, dropOrder: 0),
        .init(title: "size", alignment: .right, dropOrder: 0),
        .init(title: "of file", alignment: .right, dropOrder: 1),
      ],
      rows: shares.map {
        [
          $0.name, $0.count == 0 ? "" : "\($0.count)", Self.bytes($0.byteCount),
          QuantityText.percent(Double($0.byteCount) / total),
        ]
      })
  }

  private func weights(_ summary: TernarySummary) -> Section {
    func row(_ name: String, _ spread: Spread?, _ format: (Double) -> String) -> [String] {
      let values = spread.map { [$0.minimum, $0.median, $0.maximum, $0.mean] }
      return [name] + (values?.map(format) ?? [String](repeating: QuantityText.missing, count: 4))
    }
    let table = TextTable(
      headings: [.init(title: "of a matrix", alignment: .left, dropOrder: 0)]
        + ["min", "median", "max", "mean"].map { .init(title: $0, alignment: .right, dropOrder: 0) },
      rows: [
        row("zeros", summary.zeroShare, QuantityText.percent),
        row("+1 of the rest", summary.positiveShare, QuantityText.percent),
        row("scale", summary.scale, Self.significant),
      ])
    return Section(
      "Ternary weights: \(QuantityText.count(Double(summary.weights))) in \(summary.matrices) matrices, "
        + "\(QuantityText.percent(summary.totalZeroShare)) zeros, entropy "
        + "\(QuantityText.number(summary.entropyBitsPerWeight)) bits per weight", table)
  }

  private var packings: Section {
    let table = TextTable(
      headings: [
        .init(title: "packing", alignment: .left, dropOrder: 0),
        .init(title: "linear layers", alignment: .right, dropOrder: 0),
        .init(title: "bits/w", alignment: .right, dropOrder: 0),
        .init(title: "with the rest", alignment: .right, dropOrder: 0),
      ],
      rows: inspection.packings.map {
        let most = $0.isBound ? "<=" : ""
        return [
          $0.packing.name, most + Self.bytes($0.linearBytes), most + QuantityText.number($0.bitsPerWeight),
          most + Self.bytes($0.totalBytes),
        ]
      })
    return Section(
      "In memory, by packing of the linear layers", table,
      legend: "the rest: embedding, LM head and norms as they are in the file. <=: depends on the weights.")
  }

  private var metadata: Section {
    Section(
      "Metadata",
      TextTable(
        headings: ["key", "type", "value"].map { .init(title: $0, alignment: .left, dropOrder: 0) },
        rows: inspection.listing.metadata.map { [$0.key, $0.type, $0.value] }))
  }

  private var tensors: Section {
    Section(
      "Tensors",
      TextTable(
        headings: [
          .init(title: "tensor", alignment: .left, dropOrder: 0),
          .init(title: "type", alignment: .left, dropOrder: 0),
          .init(title: "shape", alignment: .left, dropOrder: 0),
          .init(title: "bytes", alignment: .right, dropOrder: 0),
          .init(title: "offset", alignment: .right, dropOrder: 1),
          .init(title: "zeros", alignment: .right, dropOrder: 0),
          .init(title: "scale", alignment: .right, dropOrder: 0),
        ],
        rows: inspection.tensors.map { tensor in
          [
            tensor.listed.name, tensor.listed.typeName, tensor.listed.shapeText,
            "\(tensor.listed.byteCount)", "\(tensor.listed.byteRange.lowerBound)",
            tensor.ternary.map { QuantityText.percent($0.zeroShare) } ?? "",
            tensor.ternary.map { Self.significant(Double($0.scale)) } ?? "",
          ]
        }))
  }

  private static func bytes(_ bytes: Int) -> String { QuantityText.bytes(Double(bytes)) }

  /// Scales are small, so that a fixed number of decimals would not do.
  private static func significant(_ value: Double) -> String { "\(Float(value))" }
}
