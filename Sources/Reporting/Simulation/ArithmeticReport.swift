import Accelerator

extension ReportFormat {
  /// Writes the published accounting of arithmetic alone, and what it leaves out; the text ends in a line break.
  ///
  /// - Parameters:
  ///   - energy: The savings, with where the passes are published.
  ///   - passes: The published passes.
  ///   - memory: What the DRAM is whose energy is added, in words: `lpddr5x at 4 pJ/bit`.
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(
    _ energy: ArithmeticEnergy, passes: [ArithmeticEnergy.Pass], memory: String,
    options: ReportOptions = ReportOptions()
  ) throws -> String {
    let text = ArithmeticText(energy, passes: passes, memory: memory)
    switch self {
    case .table:
      var page = Page(options: options)
      for section in text.sections {
        if !page.text.isEmpty { page.blank() }
        page.paragraph(section.title, style: .bold)
        var table = section.table
        if let width = options.width { _ = table.fit(width: width, indent: Page.indent.count) }
        page.line(table.headerLine, style: .dim)
        for row in table.rows.indices { page.line(table.line(row)) }
        page.item(section.note, style: .dim)
      }
      return page.text
    case .md:
      return text.sections.map {
        "**\($0.title)**\n\n" + $0.table.markdownLines.joined(separator: "\n") + "\n\n\($0.note)"
      }.joined(separator: "\n\n") + "\n"
    case .csv, .json: return try Listing(energy.savings, passes: passes).render(self)
    }
  }
}

/// The accounting in words and cells.
private struct ArithmeticText {
  struct Section {
    let title: String
    let table: TextTable
    let note: String
  }

  let sections: [Section]

  init(_ energy: ArithmeticEnergy, passes: [ArithmeticEnergy.Pass], memory: String) {
    sections = [Self.savings(energy), Self.passes(passes, memory: memory, source: energy.source)]
  }

  private static func savings(_ energy: ArithmeticEnergy) -> Section {
    Section(
      title: "FP16 multiply-add against one integer addition",
      table: TextTable(
        headings: [
          .init(title: "node", alignment: .right, dropOrder: 0),
          .init(title: "sum", alignment: .right, dropOrder: 0),
          .init(title: "FP16", alignment: .right, dropOrder: 0),
          .init(title: "addition", alignment: .right, dropOrder: 0),
          .init(title: "saving", alignment: .right, dropOrder: 0),
        ],
        rows: energy.savings.map {
          [
            "\($0.nodeNanometres) nm", "int\($0.accumulatorBits)",
            QuantityText.number($0.floatPicojoules) + " pJ",
            QuantityText.number($0.ternaryPicojoules) + " pJ", QuantityText.ratio($0.ratio),
          ]
        }),
      note:
        "Published: 71.4x at 7 nm (arXiv 2402.17764), which charges an 8-bit addition. A sum of int8 activations "
        + "is wider than 8 bits from the second on: K in-features need 8 + log2 K bits.")
  }

  private static func passes(
    _ passes: [ArithmeticEnergy.Pass], memory: String, source: String
  ) -> Section {
    Section(
      title: "One pass over \(passes.first?.tokens ?? 0) tokens at 7 nm",
      table: TextTable(
        headings: [
          .init(title: "model", alignment: .left, dropOrder: 0),
          .init(title: "published", alignment: .right, dropOrder: 0),
          .init(title: "arithmetic", alignment: .right, dropOrder: 0),
          .init(title: "attention's", alignment: .right, dropOrder: 2),
          .init(title: "weights", alignment: .right, dropOrder: 3),
          .init(title: "with weights", alignment: .right, dropOrder: 0),
          .init(title: "decode, arithmetic", alignment: .right, dropOrder: 1),
          .init(title: "decode, with weights", alignment: .right, dropOrder: 0),
        ],
        rows: passes.map {
          [
            $0.model, $0.published + " J", $0.printed + " J", QuantityText.percent($0.attentionShare),
            QuantityText.bytes($0.weightBytes), QuantityText.joules($0.joulesWithWeights),
            QuantityText.joules($0.linearJoulesPerToken), QuantityText.joules($0.decodedTokenJoules),
          ]
        }),
      note:
        "published: \(source). arithmetic: multiplications and additions of linear layers and of FP16 attention "
        + "over all pairs of tokens. with weights: and reading all weights once from \(memory). decode: one token, "
        + "linear layers only. Left out everywhere: buffers, registers, LM head, activations, key-value cache."
    )
  }
}

extension Listing {
  /// Savings and passes in full precision, one below the other.
  fileprivate init(_ savings: [ArithmeticEnergy.Saving], passes: [ArithmeticEnergy.Pass]) {
    self.init(
      properties: [
        .init("what"), .init("node_nm", isNumber: true), .init("accumulator_bits", isNumber: true),
        .init("saving_ratio", isNumber: true), .init("published_j", isNumber: true),
        .init("arithmetic_modelled_j", isNumber: true), .init("attention_share", isNumber: true),
        .init("weight_bytes", isNumber: true), .init("with_weights_modelled_j", isNumber: true),
        .init("decode_arithmetic_modelled_j", isNumber: true),
        .init("decode_with_weights_modelled_j", isNumber: true),
      ],
      items: savings.map {
        [
          "saving", "\($0.nodeNanometres)", "\($0.accumulatorBits)", "\($0.ratio)", "", "", "", "", "", "",
          "",
        ]
      }
        + passes.map {
          [
            $0.model, "7", "", "", $0.published, "\($0.joules)", "\($0.attentionShare)", "\($0.weightBytes)",
            "\($0.joulesWithWeights)", "\($0.linearJoulesPerToken)", "\($0.decodedTokenJoules)",
          ]
        })
  }
}
