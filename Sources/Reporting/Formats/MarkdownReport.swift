import Bench

/// Markdown with aligned pipe tables, readable as text and ready to paste into an issue. The verdict comes first.
struct MarkdownReport: ReportRenderer {
  func render(_ results: BenchResults, options: ReportOptions) -> String {
    let footnotes = Footnotes(results)
    var blocks = footnotes.alarms.map { "**\(escaped($0))**" }
    if results.measurements.isEmpty { blocks.append("Nothing was measured.") }
    blocks += Verdict(results).scenarios.flatMap { blocksOfVerdict(VerdictText($0)) }
    blocks += blocksOfGroups(results)
    if !results.measurements.isEmpty { blocks.append(escaped(footnotes.legend)) }
    blocks.append(
      list(
        footnotes.notes + results.warnings.map { "Warning: \($0)" } + ContextText.lines(results.context)
          + ["`\(results.context.commandLine)`"]))
    return blocks.filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
  }

  private func blocksOfVerdict(_ verdict: VerdictText) -> [String] {
    [
      "**\(verdict.title)**", "\(escaped(verdict.answer))",
      verdict.shapes?.markdownLines.joined(separator: "\n") ?? "", list(verdict.details),
    ]
  }

  private func blocksOfGroups(_ results: BenchResults) -> [String] {
    let columns = FigureColumn.all(for: results)
    return ResultGroup.groups(of: results).flatMap { group in
      let rows = (group.comparable + group.different).map { measurement in
        columns.map { escaped($0.text(measurement) ?? QuantityText.missing) }
      }
      let table = TextTable(headings: columns.map(\.heading), rows: rows)
      let wrong = group.wrong.map {
        "**WRONG RESULT** \($0.point.kernel): \($0.status.message ?? "")"
      }
      return [
        "**\(escaped(group.title))**", rows.isEmpty ? "" : table.markdownLines.joined(separator: "\n"),
        list(wrong + group.skippedByReason.map { "skipped, \($0)" }),
      ]
    }
  }

  private func list(_ items: [String]) -> String {
    items.map { "- \(escaped($0))" }.joined(separator: "\n")
  }

  /// Text that stays in its cell and line.
  private func escaped(_ text: String) -> String {
    text.replacing("|", with: "\\|").replacing("\n", with: " ")
  }
}
