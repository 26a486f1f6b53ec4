import Workloads

extension ClaimCatalogue {
  private static let pairs = [("13b", "3b", "3B"), ("30b", "7b", "7B"), ("70b", "13b", "13B")]

  /// "More efficient in terms of latency, memory and energy": each is a ratio above one.
  static let equivalence: [Claim] = pairs.flatMap { ternary, float, title in
    EquivalenceQuantity.all.flatMap { quantity in
      let what =
        quantity.figure == .memory
        ? "memory"
        : "\(quantity.figure.rawValue) of \(quantity.phase == .decode ? "a token" : "512 tokens at once")"
      let name =
        "equivalence-\(ternary)-\(quantity.figure.rawValue)"
        + (quantity.figure == .memory ? "" : quantity.phase == .decode ? "-token" : "-prompt")
      let statement = "\(what): FP16 \(title) over ternary \(ternary.uppercased())"
      let model = ternary == "70b" ? "70b-mha" : ternary
      let published = PublishedFigure(
        1, decimals: 0, source: "\(bitNet158), section 3", criterion: .above)
      return [
        Claim(
          "\(name)-cpu", .equivalence, "\(statement), on this CPU", published: published,
          check: ProcessorCheck(quantity: quantity, float: float, ternary: model),
          lower: lower(quantity, .measured)
        ),
        Claim(
          "\(name)-chip", .equivalence, "\(statement), on chips", published: published,
          check: ChipCheck(quantity: quantity, float: float, ternary: model),
          lower: lower(quantity, .modelled)),
      ]
    }
  }

  private static func lower(_ quantity: EquivalenceQuantity, _ method: ClaimMethod) -> String {
    switch (quantity.figure, quantity.phase, method) {
    case (.memory, _, _): "LM head, embedding and cache are FP16 in both, and larger in the larger model"
    case (_, .decode, _):
      "what is FP16 in both, LM head and cache, is larger in the larger model, and so is the number of its layers"
    case (.latency, _, .measured):
      "512 tokens at once are bound by arithmetic, of which the larger model has four to five times as much; int8 "
        + "products are less than that much faster than FP16 here"
    default:
      "512 tokens at once are bound by arithmetic and attention, of which the larger model has four to five times "
        + "as much"
    }
  }
}
