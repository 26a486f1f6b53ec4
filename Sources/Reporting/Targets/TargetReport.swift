import Bench

extension ReportFormat {
  /// Writes targets; the text ends in a line break. CSV and JSON hold the targets alone, one record each.
  ///
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(_ table: TargetTable, options: ReportOptions = ReportOptions()) throws -> String {
    switch self {
    case .table: TargetTerminalReport.render(table, options: options)
    case .md: TargetMarkdownReport.render(table)
    case .csv, .json: try Listing(table.rows).render(self)
    }
  }
}

/// Aligned text for a terminal.
private enum TargetTerminalReport {
  static func render(_ table: TargetTable, options: ReportOptions) -> String {
    let text = TargetText(table)
    var page = Page(options: options)
    for line in ContextText.lines(table.context) { page.paragraph(line, style: .dim) }
    text.alarms.forEach { page.paragraph($0, style: .alarm) }

    page.blank()
    page.paragraph("Targets: shares of this machine's limits", style: .bold)
    var targets = text.targets
    let leftOut = options.width.map { targets.fit(width: $0, indent: Page.indent.count) } ?? []
    page.line(targets.headerLine, style: .dim)
    for (row, target) in table.rows.enumerated() {
      page.line(targets.line(row), style: target.outcome == .met ? .good : .plain)
    }
    page.item(text.summary, style: .good)
    page.item(TargetText.legend, style: .dim)
    page.item(text.shapes, style: .dim)
    if !leftOut.isEmpty {
      page.item("Left out for the width: \(leftOut.joined(separator: ", ")).", style: .dim)
    }

    if var packings = text.packings {
      page.blank()
      page.paragraph("One packing, both phases", style: .bold)
      if let width = options.width { _ = packings.fit(width: width, indent: Page.indent.count) }
      page.line(packings.headerLine, style: .dim)
      for row in packings.rows.indices { page.line(packings.line(row)) }
    }
    if !text.curves.isEmpty {
      page.blank()
      page.paragraph("Time per token over the batch M, fastest kernel at every M", style: .bold)
      text.curves.forEach { page.item($0) }
    }
    if var hot = text.hot {
      page.blank()
      page.paragraph("Decode with weights in L2 or L3: shares of what the instructions allow", style: .bold)
      if let width = options.width { _ = hot.fit(width: width, indent: Page.indent.count) }
      page.line(hot.headerLine, style: .dim)
      for (row, family) in table.hot.enumerated() {
        page.line(hot.line(row), style: family.outcome == .met ? .good : .plain)
      }
      page.item(HotText.legend, style: .dim)
    }
    page.blank()
    text.limits.forEach { page.paragraph($0, style: .dim) }
    table.warnings.forEach { page.paragraph("Warning: \($0)", style: .caution) }
    return page.text
  }
}

/// Markdown that pastes into an issue or a README.
private enum TargetMarkdownReport {
  static func render(_ table: TargetTable) -> String {
    let text = TargetText(table)
    var blocks = text.alarms.map { "**\($0)**" }
    blocks.append(text.targets.markdownLines.joined(separator: "\n"))
    blocks.append("\(text.summary) \(TargetText.legend) \(text.shapes)")
    if let packings = text.packings {
      blocks += ["**One packing, both phases**", packings.markdownLines.joined(separator: "\n")]
    }
    if !text.curves.isEmpty {
      blocks += ["**Time per token over the batch M, fastest kernel at every M**", list(text.curves)]
    }
    if let hot = text.hot {
      blocks += [
        "**Decode with weights in L2 or L3: shares of what the instructions allow**",
        hot.markdownLines.joined(separator: "\n"), HotText.legend,
      ]
    }
    blocks.append(
      list(
        text.limits + table.warnings.map { "Warning: \($0)" } + ContextText.lines(table.context)
          + ["`\(table.context.commandLine)`"]))
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private static func list(_ items: [String]) -> String { items.map { "- \($0)" }.joined(separator: "\n") }
}

extension Listing {
  /// Targets in full precision.
  fileprivate init(_ rows: [TargetRow]) {
    self.init(
      properties: [
        .init("what"), .init("tokens", isNumber: true), .init("threads", isNumber: true),
        .init("target_share", isNumber: true), .init("reached_share_median", isNumber: true),
        .init("reached_share_low", isNumber: true), .init("reached_share_high", isNumber: true),
        .init("shapes", isNumber: true), .init("outcome"), .init("worst_share_median", isNumber: true),
        .init("worst_shape"), .init("limit"), .init("kernels"),
      ],
      items: rows.map { row in
        func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
        return [
          row.target.what, "\(row.target.tokens)", "\(row.target.threads)", number(row.target.share),
          number(row.reached?.median), number(row.reached?.low), number(row.reached?.high),
          "\(row.points.count)", TargetText.outcome(row.outcome), number(row.worst?.share.median),
          row.worst?.shape ?? "", row.limits.map(TargetText.limit).joined(separator: "; "),
          row.kernels.joined(separator: " "),
        ]
      })
  }
}
