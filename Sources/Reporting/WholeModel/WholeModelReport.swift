import Bench

/// Whole models streamed through memory, with the circumstances of the run.
public struct WholeModelResults: Sendable {
  /// One for each kernel.
  public var measurements: [WholeModelMeasurement]
  /// The circumstances.
  public var context: RunContext
  /// What may have disturbed the run, each with its remedy in one sentence.
  public var warnings: [String]

  /// Results with every part given.
  public init(measurements: [WholeModelMeasurement], context: RunContext, warnings: [String] = []) {
    self.measurements = measurements
    self.context = context
    self.warnings = warnings
  }
}

extension ReportFormat {
  /// Writes whole-model measurements; the text ends in a line break. CSV and JSON hold one record for each kernel.
  ///
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(
    _ results: WholeModelResults, options: ReportOptions = ReportOptions()
  ) throws -> String {
    let text = WholeModelText(results)
    switch self {
    case .table:
      var page = Page(options: options)
      for line in ContextText.lines(results.context) { page.paragraph(line, style: .dim) }
      text.alarms.forEach { page.paragraph($0, style: .alarm) }
      page.blank()
      page.paragraph(WholeModelText.title, style: .bold)
      var table = text.table
      if let width = options.width { _ = table.fit(width: width, indent: Page.indent.count) }
      page.line(table.headerLine, style: .dim)
      for row in table.rows.indices { page.line(table.line(row), style: .good) }
      text.notes.forEach { page.item($0) }
      page.item(WholeModelText.legend, style: .dim)
      results.warnings.forEach { page.paragraph("Warning: \($0)", style: .caution) }
      return page.text
    case .md:
      let circumstances = results.warnings.map { "Warning: \($0)" } + ContextText.lines(results.context)
      return
        (text.alarms.map { "**\($0)**" } + [
          "**\(WholeModelText.title)**", text.table.markdownLines.joined(separator: "\n"),
          text.notes.map { "- \($0)" }.joined(separator: "\n"), WholeModelText.legend,
          (circumstances + ["`\(results.context.commandLine)`"]).map { "- \($0)" }.joined(separator: "\n"),
        ]).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    case .csv, .json: return try Listing(results.measurements).render(self)
    }
  }
}

/// Whole models in words and cells.
private struct WholeModelText {
  static let title = "Whole models: every layer's weights streamed from memory once per token"
  static let legend =
    "per token: median over tokens of all linear layers, each matrix with memory of its own, the first token left "
    + "out. of read: median share of the read bandwidth probed just before the token. sum of layers: each shape measured by "
    + "itself with cold weights, times how often the model has it. Not measured: norms, rotary embedding, softmax, "
    + "activation function, residual sums."

  let alarms: [String]
  let table: TextTable
  let notes: [String]

  init(_ results: WholeModelResults) {
    let measurements = results.measurements
    alarms = measurements.compactMap { measurement in
      guard case .wrong(let message) = measurement.status else { return nil }
      return "WRONG RESULT \(measurement.kernel), which was not timed: \(message)"
    }
    table = TextTable(
      headings: [
        .init(title: "model", alignment: .left, dropOrder: 0),
        .init(title: "kernel", alignment: .left, dropOrder: 0),
        .init(title: "threads", alignment: .right, dropOrder: 4),
        .init(title: "weights", alignment: .right, dropOrder: 0),
        .init(title: "bits/w", alignment: .right, dropOrder: 5),
        .init(title: "per token", alignment: .right, dropOrder: 0),
        .init(title: "+-", alignment: .right, dropOrder: 3),
        .init(title: "GB/s", alignment: .right, dropOrder: 0),
        .init(title: "of read", alignment: .right, dropOrder: 0),
        .init(title: "sum of layers", alignment: .right, dropOrder: 1),
        .init(title: "off by", alignment: .right, dropOrder: 2),
      ], rows: measurements.map(Self.cells))
    notes = measurements.compactMap { measurement in
      if case .skipped(let message) = measurement.status { return "\(measurement.kernel): \(message)" }
      guard let sum = measurement.layerSum, let head = sum.head, let attention = sum.attention,
        let total = Estimate.sum(of: [
          (measurement.secondsPerToken ?? sum.linears, 1), (head, 1), (attention, 1),
        ])
      else { return nil }
      return
        "\(measurement.kernel): with the FP16 LM head (\(QuantityText.seconds(head.median))) and attention "
        + "over an FP16 cache of \(WholeModelRunner.context) tokens (\(QuantityText.seconds(attention.median))), "
        + "measured apart: \(QuantityText.seconds(total.median)) a token, "
        + "\(QuantityText.number(1 / total.median)) tokens/s."
    }
  }

  private static func cells(_ measurement: WholeModelMeasurement) -> [String] {
    func text(_ value: Double?, _ format: (Double) -> String) -> String {
      value.map(format) ?? QuantityText.missing
    }
    return [
      measurement.model, measurement.kernel, "\(measurement.threads)",
      QuantityText.bytes(Double(measurement.packedBytes)), QuantityText.number(measurement.bitsPerWeight),
      text(measurement.secondsPerToken?.median, QuantityText.seconds),
      measurement.secondsPerToken.map(QuantityText.uncertainty) ?? QuantityText.missing,
      text(measurement.weightBandwidthBytesPerSecond) { QuantityText.number($0 * 1e-9) },
      text(measurement.shareOfReadBandwidth?.median, QuantityText.percent),
      text(measurement.layerSum?.linears.median, QuantityText.seconds),
      text(measurement.differenceOfLayerSum) { ($0 < 0 ? "-" : "+") + QuantityText.percent(abs($0)) },
    ]
  }
}

extension Listing {
  /// Whole models in full precision.
  fileprivate init(_ measurements: [WholeModelMeasurement]) {
    self.init(
      properties: [
        .init("model"), .init("kernel"), .init("packing"), .init("status"), .init("message"),
        .init("threads", isNumber: true), .init("layers", isNumber: true), .init("matrices", isNumber: true),
        .init("packed_bytes", isNumber: true), .init("bits_per_weight", isNumber: true),
        .init("token_median_s", isNumber: true), .init("token_low_s", isNumber: true),
        .init("token_high_s", isNumber: true), .init("tokens_measured", isNumber: true),
        .init("weight_bandwidth_gb_per_s", isNumber: true), .init("read_bandwidth_share", isNumber: true),
        .init("layer_sum_s", isNumber: true), .init("layer_sum_difference_share", isNumber: true),
        .init("lm_head_s", isNumber: true), .init("attention_s", isNumber: true),
      ],
      items: measurements.map { measurement in
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let token = measurement.secondsPerToken
        return [
          measurement.model, measurement.kernel, measurement.packing, measurement.status.name,
          measurement.status.message ?? "", "\(measurement.threads)", "\(measurement.layers)",
          "\(measurement.matrices)", "\(measurement.packedBytes)", "\(measurement.bitsPerWeight)",
          number(token?.median), number(token?.low), number(token?.high), token.map { "\($0.count)" } ?? "",
          number(measurement.weightBandwidthBytesPerSecond.map { $0 * 1e-9 }),
          number(measurement.shareOfReadBandwidth?.median), number(measurement.layerSum?.linears.median),
          number(measurement.differenceOfLayerSum), number(measurement.layerSum?.head?.median),
          number(measurement.layerSum?.attention?.median),
        ]
      })
  }
}
