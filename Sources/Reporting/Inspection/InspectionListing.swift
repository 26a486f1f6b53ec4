import Inference
import KernelZoo
import ModelFiles

extension Listing {
  /// Every tensor, in full precision.
  init(tensorsOf inspection: ModelInspection) {
    self.init(
      properties: [
        .init("tensor"), .init("type"), .init("shape"), .init("size_bytes", isNumber: true),
        .init("offset_bytes", isNumber: true), .init("file"), .init("use"),
        .init("zero_share", isNumber: true), .init("positive_share", isNumber: true),
        .init("scale", isNumber: true), .init("entropy_bits_per_weight", isNumber: true),
      ],
      items: inspection.tensors.map { tensor in
        let (listed, ternary) = (tensor.listed, tensor.ternary)
        return [
          listed.name, listed.typeName, listed.shapeText, "\(listed.byteCount)",
          "\(listed.byteRange.lowerBound)", listed.file, TensorKind(of: listed).rawValue,
          ternary.map { "\($0.zeroShare)" } ?? "", ternary?.positiveShare.map { "\($0)" } ?? "",
          ternary.map { "\($0.scale)" } ?? "", ternary.map { "\($0.entropyBitsPerWeight)" } ?? "",
        ]
      })
  }

  /// All that is known of a file, one figure or text to a line.
  init(summaryOf inspection: ModelInspection) {
    let listing = inspection.listing
    var items: [[String]] = []
    func add(_ section: String, _ name: String, number: String = "", text: String = "") {
      items.append([section, name, number, text])
    }
    let format =
      switch listing.format {
      case .gguf(let version): "gguf \(version)"
      case .safetensors: "safetensors"
      }
    add("file", "path", text: listing.path)
    add("file", "format", text: format)
    add("file", "size_bytes", number: "\(listing.byteCount)")
    add("file", "tensors", number: "\(listing.tensors.count)")
    if let alignment = listing.alignment { add("file", "alignment_bytes", number: "\(alignment)") }
    if let check = inspection.layoutCheck { add("file", "i2s_layout", text: check.text) }
    for problem in inspection.problems { add("file", "problem", text: problem) }
    for field in inspection.architecture?.fields ?? [] { add("architecture", field.name, text: field.value) }
    if let bytes = inspection.keyValueBytesPerToken {
      add("architecture", "keys and values per token, bytes", number: "\(bytes)")
    }
    for field in inspection.tokenizer?.fields ?? [] { add("tokenizer", field.name, text: field.value) }
    for share in inspection.sharesByType {
      add("type \(share.name)", "tensors", number: "\(share.count)")
      add("type \(share.name)", "size_bytes", number: "\(share.byteCount)")
    }
    for share in inspection.sharesByKind {
      add("use", share.name + ", bytes", number: "\(share.byteCount)")
    }
    add("use", "header and padding, bytes", number: "\(inspection.headerAndPaddingBytes)")
    items += Self.ternary(inspection.ternary)
    for size in inspection.packings {
      let section = "packing \(size.packing.name)"
      add(section, "linear_bytes", number: "\(size.linearBytes)", text: size.isBound ? "at most" : "")
      add(section, "bits_per_weight", number: "\(size.bitsPerWeight)", text: size.isBound ? "at most" : "")
      add(section, "total_bytes", number: "\(size.totalBytes)", text: size.isBound ? "at most" : "")
    }
    for (key, type, value) in listing.metadata { add("metadata \(type)", key, text: value) }
    self.init(
      properties: [.init("section"), .init("name"), .init("number", isNumber: true), .init("text")],
      items: items)
  }

  private static func ternary(_ summary: TernarySummary?) -> [[String]] {
    guard let summary else { return [] }
    let spreads = [
      ("zero_share", summary.zeroShare), ("positive_share", summary.positiveShare), ("scale", summary.scale),
    ]
    let figures =
      [
        ("matrices", "\(summary.matrices)"), ("weights", "\(summary.weights)"),
        ("total_zero_share", "\(summary.totalZeroShare)"),
        ("entropy_bits_per_weight", "\(summary.entropyBitsPerWeight)"),
      ]
      + spreads.flatMap { name, spread -> [(String, String)] in
        guard let spread else { return [] }
        return [
          ("\(name)_min", "\(spread.minimum)"), ("\(name)_median", "\(spread.median)"),
          ("\(name)_max", "\(spread.maximum)"), ("\(name)_mean", "\(spread.mean)"),
        ]
      }
    return figures.map { ["ternary weights", $0.0, $0.1, ""] }
  }
}
