import Bench

extension ReportFormat {
  /// Writes claims with their verdicts; the text ends in a line break. CSV and JSON hold the claims alone, one
  /// record each.
  ///
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(_ table: ClaimTable, options: ReportOptions = ReportOptions()) throws -> String {
    switch self {
    case .table: ClaimTerminalReport.render(table, options: options)
    case .md: ClaimMarkdownReport.render(table)
    case .csv, .json: try Listing(table.results).render(self)
    }
  }
}

/// Aligned text for a terminal: what differs is explained, what agrees is not.
private enum ClaimTerminalReport {
  static func render(_ table: ClaimTable, options: ReportOptions) -> String {
    var page = Page(options: options)
    for line in ContextText.lines(table.context) { page.paragraph(line, style: .dim) }
    table.wrong.forEach { page.paragraph("WRONG RESULT \($0)", style: .alarm) }
    for (group, results) in table.groups {
      page.blank()
      page.paragraph(group.rawValue, style: .bold)
      var text = TextTable(
        headings: ClaimText.headings, rows: results.map { [$0.id] + ClaimText($0).cells })
      if let width = options.width { _ = text.fit(width: width, indent: Page.indent.count) }
      page.line(text.headerLine, style: .dim)
      for (row, result) in results.enumerated() {
        page.line(text.line(row), style: style(of: result.verdict))
      }
      for (reason, ids) in ClaimText.reasons(results) {
        page.item("\(ids.joined(separator: ", ")): \(reason)", style: .dim)
      }
    }
    page.blank()
    page.paragraph(ClaimText.summary(table.results), style: .bold)
    page.paragraph(ClaimText.legend, style: .dim)
    table.warnings.forEach { page.paragraph("Warning: \($0)", style: .caution) }
    return page.text
  }

  private static func style(of verdict: ClaimVerdict) -> TerminalStyle {
    switch verdict {
    case .reproduced: .good
    case .differs: .caution
    case .untestable: .dim
    }
  }
}

/// Markdown with everything, to be committed.
private enum ClaimMarkdownReport {
  static func render(_ table: ClaimTable) -> String {
    var blocks = ["# Published claims"] + table.wrong.map { "**WRONG RESULT** \($0)" }
    blocks.append("\(ClaimText.summary(table.results)) \(ClaimText.legend)")
    for (group, results) in table.groups {
      let text = TextTable(
        headings: ClaimText.headings, rows: results.map { ["`\($0.id)`"] + ClaimText($0).cells })
      blocks += [
        "## \(group.rawValue)", text.markdownLines.joined(separator: "\n"),
        "What was compared:",
        list(results.compactMap { result in result.ours.map { "`\(result.id)`: \($0.basis)" } }),
        ClaimText.reasons(results).isEmpty ? "" : "Why not reproduced:",
        list(
          ClaimText.reasons(results).map { reason, ids in
            ids.map { "`\($0)`" }.joined(separator: ", ") + ": \(reason)"
          }),
      ]
    }
    blocks += [
      "## Circumstances",
      list(
        table.warnings.map { "Warning: \($0)" } + ContextText.lines(table.context)
          + ["`\(table.context.commandLine)`"]),
    ]
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }
}

extension Listing {
  /// Claims in full precision.
  fileprivate init(_ results: [ClaimResult]) {
    self.init(
      properties: [
        .init("id"), .init("group"), .init("claim"), .init("published", isNumber: true), .init("unit"),
        .init("criterion"), .init("source"), .init("standing"), .init("ours", isNumber: true),
        .init("ours_low", isNumber: true), .init("ours_high", isNumber: true), .init("obtained"),
        .init("verdict"), .init("difference_share", isNumber: true), .init("reason"), .init("basis"),
      ],
      items: results.map { result in
        let (claim, published) = (result.claim, result.claim.published)
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        let (difference, reason): (Double?, String) =
          switch result.verdict {
          case .reproduced: (nil, "")
          case .differs(let difference, let reason): (difference, reason ?? "")
          case .untestable(let reason): (nil, reason)
          }
        return [
          claim.id, claim.group.rawValue, claim.statement, "\(published.value)", published.unit.rawValue,
          ClaimText.criterion(published), published.source, published.standing.rawValue,
          number(result.ours?.value), number(result.ours?.interval?.lowerBound),
          number(result.ours?.interval?.upperBound), claim.method.rawValue, result.verdict.word,
          number(difference), reason, result.ours?.basis ?? "",
        ]
      })
  }
}
