/// A document as Markdown whose tables are aligned as text too.
enum MarkdownDocument {
  /// - Parameters:
  ///   - document: What to write.
  ///   - plotFolder: Where the pictures lie, relative to the file.
  ///   - allRows: What stands for the table of all rows.
  static func render(_ document: Document, plotFolder: String, allRows: String) -> String {
    let blocks = document.blocks.map { block in
      switch block {
      case .heading(let text, let level): String(repeating: "#", count: level) + " " + text
      case .paragraph(let text): text
      case .list(let items): items.map { "- \($0)" }.joined(separator: "\n")
      case .table(let table, let caption):
        caption + "\n\n" + table.markdownLines.joined(separator: "\n")
      case .plot(let plot):
        "![\(plot.title)](\(plotFolder)/\(plot.name).svg)\n\n\(plot.title). \(plot.caption)"
      case .allRows: allRows
      }
    }
    return (["# \(document.title)"] + blocks).joined(separator: "\n\n") + "\n"
  }
}
