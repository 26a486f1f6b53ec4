/// Aligned columns of text under one header.
struct TextTable: Sendable {
  enum Alignment: Sendable {
    case left, right
  }

  struct Heading: Sendable {
    var title: String
    var alignment: Alignment
    /// 0 is always shown; the highest makes way first when space is short.
    var dropOrder: Int
  }

  private(set) var headings: [Heading]
  private(set) var rows: [[String]]
  private var widths: [Int]

  /// A table of `rows`, each with one cell per heading.
  init(headings: [Heading], rows: [[String]]) {
    self.headings = headings
    self.rows = rows
    widths = headings.indices.map { column in
      rows.map { $0[column].count }.reduce(headings[column].title.count, max)
    }
  }

  /// Leaves out columns, the least important first, until lines with an indent fit `width`.
  ///
  /// - Returns: The titles of those left out.
  mutating func fit(width: Int, indent: Int) -> [String] {
    var removed: [String] = []
    while indent + widths.reduce(0, +) + Self.gap.count * (widths.count - 1) > width,
      let least = headings.indices.max(by: { headings[$0].dropOrder < headings[$1].dropOrder }),
      headings[least].dropOrder > 0
    {
      removed.append(headings.remove(at: least).title)
      widths.remove(at: least)
      for row in rows.indices { rows[row].remove(at: least) }
    }
    return removed
  }

  var headerLine: String {
    line(headings.map(\.title), separator: Self.gap)
  }

  func line(_ row: Int) -> String {
    line(rows[row], separator: Self.gap)
  }

  /// Header, ruler and rows as a Markdown pipe table, aligned as text too.
  var markdownLines: [String] {
    let ruler = zip(headings, widths).map { heading, width in
      switch heading.alignment {
      case .left: String(repeating: "-", count: max(width, 3))
      case .right: String(repeating: "-", count: max(width, 3) - 1) + ":"
      }
    }
    let lines = [headings.map(\.title), ruler] + rows
    return lines.map { "| " + cells($0, minimumWidth: 3).joined(separator: " | ") + " |" }
  }

  private static let gap = "  "

  private func line(_ cells: [String], separator: String) -> String {
    var text = self.cells(cells, minimumWidth: 0).joined(separator: separator)
    while text.last == " " { text.removeLast() }
    return text
  }

  private func cells(_ cells: [String], minimumWidth: Int) -> [String] {
    cells.indices.map { column in
      let missing = max(widths[column], minimumWidth) - cells[column].count
      let padding = String(repeating: " ", count: max(missing, 0))
      return headings[column].alignment == .left ? cells[column] + padding : padding + cells[column]
    }
  }
}
