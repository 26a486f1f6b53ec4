import Bench

extension ReportFormat {
  /// Writes a comparison; the text ends in a line break. CSV holds the points alone, one record each.
  ///
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(_ comparison: RunComparison, options: ReportOptions = ReportOptions()) throws -> String {
    switch self {
    case .table: ComparisonTerminalReport.render(ComparisonText(comparison), options: options)
    case .md: ComparisonMarkdownReport.render(ComparisonText(comparison))
    case .csv: csv(comparison)
    case .json: try JSONReport.text(of: ComparisonJSON(comparison))
    }
  }

  private func csv(_ comparison: RunComparison) -> String {
    let columns = ComparisonColumns.all(by: comparison.quantity)
    let records = comparison.points.map { point in columns.map { $0.value(point).plainText } }
    return ([columns.map(\.name)] + records).map(CSVField.record).joined()
  }
}

/// Aligned text for a terminal: what differs first, the answer last, where a terminal stops scrolling.
private enum ComparisonTerminalReport {
  static func render(_ text: ComparisonText, options: ReportOptions) -> String {
    var page = Page(options: options)
    text.sides.forEach { page.paragraph($0, style: .dim) }
    if let circumstances = text.circumstances {
      page.blank()
      page.paragraph("The circumstances differ", style: .caution)
      page.line(circumstances.headerLine, style: .dim)
      for row in circumstances.rows.indices { page.line(circumstances.line(row)) }
    }
    for group in text.groups {
      page.blank()
      page.paragraph(group.title, style: .bold)
      var table = group.table
      if let width = options.width { _ = table.fit(width: width, indent: Page.indent.count) }
      if !group.compared.isEmpty { page.line(table.headerLine, style: .dim) }
      for (row, point) in group.compared.enumerated() { page.line(table.line(row), style: style(point)) }
      group.obstacles.forEach { page.item($0, style: .dim) }
    }
    page.blank()
    page.paragraph(text.legend, style: .dim)
    text.notes.forEach { page.paragraph($0, style: .caution) }
    page.blank()
    text.summary.forEach { page.paragraph($0, style: .bold) }
    return page.text
  }

  private static func style(_ point: PointComparison) -> TerminalStyle {
    switch point.verdict {
    case .faster: .good
    case .slower: .alarm
    case .unsure: .caution
    case .same, nil: .plain
    }
  }
}

/// Markdown that pastes into an issue. The answer comes first, after what differs.
private enum ComparisonMarkdownReport {
  static func render(_ text: ComparisonText) -> String {
    var blocks = [list(text.sides)]
    if let circumstances = text.circumstances {
      blocks += ["**The circumstances differ**", circumstances.markdownLines.joined(separator: "\n")]
    }
    blocks += text.summary.map { "**\($0)**" }
    for group in text.groups {
      blocks += [
        "**\(group.title)**",
        group.compared.isEmpty ? "" : group.table.markdownLines.joined(separator: "\n"),
        list(group.obstacles),
      ]
    }
    blocks += [text.legend, list(text.notes)]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }
}

/// One JSON object; the points are flat objects with the column names as keys and null for what is missing.
private struct ComparisonJSON: Encodable {
  struct Side: Encodable {
    let label: String
    let context: [String: ColumnValue]
    let hasSamples: Bool

    init(_ side: RunComparison.Side) {
      label = side.label
      context = Dictionary(
        uniqueKeysWithValues: ContextColumns.all.map { ($0.name, $0.value(side.results.context)) })
      hasSamples = !side.lacksSamples
    }

    enum CodingKeys: String, CodingKey {
      case label, context
      case hasSamples = "has_samples"
    }
  }

  let schema = BenchResults.currentSchema
  let a: Side
  let b: Side
  let threshold: Double
  let contextDifferences: [String]
  let overall: [String: ColumnValue]
  let points: [[String: ColumnValue]]

  init(_ comparison: RunComparison) {
    a = Side(comparison.a)
    b = Side(comparison.b)
    threshold = comparison.threshold
    contextDifferences = comparison.contextDifferences.map(\.column)
    let ratio = comparison.overall
    func number(_ value: Double?) -> ColumnValue { value.map(ColumnValue.number) ?? .missing }
    overall = [
      "time_ratio_median": number(ratio?.median), "time_ratio_low": number(ratio?.low),
      "time_ratio_high": number(ratio?.high), "time_ratio_coverage": number(ratio?.coverage),
      "points": .integer(UInt64(comparison.points.count { $0.timeRatio != nil })),
    ].merging(
      PointComparison.Verdict.allCases.map { ($0.rawValue, .integer(UInt64(comparison.count($0)))) }
    ) { $1 }
    let columns = ComparisonColumns.all(by: comparison.quantity)
    points = comparison.points.map { point in
      Dictionary(uniqueKeysWithValues: columns.map { ($0.name, $0.value(point)) })
    }
  }

  enum CodingKeys: String, CodingKey {
    case schema, a, b, threshold, overall, points
    case contextDifferences = "context_differences"
  }
}
