import Bench

/// Aligned text for a terminal: the circumstances, one block per matmul with the fastest kernel first,
/// what to keep in mind, and last, where a terminal stops scrolling, the verdict.
struct TableReport: ReportRenderer {
  func render(_ results: BenchResults, options: ReportOptions) -> String {
    var page = Page(options: options)
    for line in ContextText.lines(results.context) { page.paragraph(line, style: .dim) }
    guard !results.measurements.isEmpty else {
      page.paragraph("Nothing was measured.")
      return page.text
    }
    let footnotes = Footnotes(results)
    footnotes.alarms.forEach { page.paragraph($0, style: .alarm) }

    let leftOut = append(ResultGroup.groups(of: results), of: results, to: &page)
    page.blank()
    page.paragraph(footnotes.legend, style: .dim)
    if !leftOut.isEmpty {
      page.paragraph(
        "Left out for the width, but in csv and json: \(leftOut.joined(separator: ", ")).", style: .dim)
    }
    footnotes.notes.forEach { page.paragraph($0, style: .caution) }
    results.warnings.forEach { page.paragraph("Warning: \($0)", style: .caution) }

    for verdict in Verdict(results).scenarios { append(VerdictText(verdict), to: &page) }
    // Again at the end, where the eye is after a long table.
    if !footnotes.alarms.isEmpty { page.blank() }
    footnotes.alarms.forEach { page.paragraph($0, style: .alarm) }
    return page.text
  }

  /// Writes all groups with the same columns at the same places.
  ///
  /// - Returns: The titles of the columns that had no room.
  private func append(_ groups: [ResultGroup], of results: BenchResults, to page: inout Page) -> [String] {
    let columns = FigureColumn.all(for: results)
    let shown = groups.flatMap { $0.comparable + $0.different }
    var table = TextTable(
      headings: columns.map(\.heading),
      rows: shown.map { measurement in columns.map { $0.text(measurement) ?? QuantityText.missing } })
    let leftOut = page.options.width.map { table.fit(width: $0, indent: Page.indent.count) } ?? []

    var row = 0
    for group in groups {
      page.blank()
      page.paragraph(group.title, style: .bold)
      if !(group.comparable + group.different).isEmpty {
        page.line(table.headerLine, style: .dim)
      }
      let winner = group.comparable.first { $0.point.contest == .headline }
      for measurement in group.comparable {
        page.line(table.line(row), style: style(of: measurement, winner: winner))
        row += 1
      }
      if !group.different.isEmpty {
        page.item("- compute something else (fewer activation bits, binary weights, or lossy):", style: .dim)
      }
      for _ in group.different {
        page.line(table.line(row))
        row += 1
      }
      for measurement in group.wrong {
        page.item(
          "WRONG RESULT \(measurement.point.kernel): \(measurement.status.message ?? "")", style: .alarm)
      }
      for skipped in group.skippedByReason { page.item("skipped, \(skipped)", style: .dim) }
    }
    return leftOut
  }

  private func style(of measurement: Measurement, winner: Measurement?) -> TerminalStyle {
    if measurement.beatsTheLimit { return .caution }
    if measurement == winner { return .good }
    return measurement.point.contest == .baseline ? .dim : .plain
  }

  private func append(_ verdict: VerdictText, to page: inout Page) {
    page.blank()
    page.paragraph(verdict.title, style: .bold)
    page.item(verdict.answer, style: .good)
    if var shapes = verdict.shapes {
      if let width = page.options.width { _ = shapes.fit(width: width, indent: Page.indent.count) }
      page.line(shapes.headerLine, style: .dim)
      for row in shapes.rows.indices { page.line(shapes.line(row)) }
    }
    verdict.details.forEach { page.item($0) }
  }
}
