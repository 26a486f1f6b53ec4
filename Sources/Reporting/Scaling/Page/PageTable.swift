import Bench
import Foundation
import Workloads

/// Tables of the page. Each lies in a box of its own that scrolls, with the keyboard too, where it is wider than the
/// screen.
enum PageTable {
  /// A table as it is.
  static func html(_ table: TextTable, caption: String) -> String {
    let head = table.headings.map { heading in
      "<th scope=\"col\"\(numberClass(heading.alignment == .right))>\(HTMLText.escaped(heading.title))</th>"
    }.joined()
    let body = table.rows.map { row in
      "<tr>"
        + zip(row, table.headings).map { cell, heading in
          "<td\(numberClass(heading.alignment == .right))>\(HTMLText.inline(cell))</td>"
        }.joined() + "</tr>"
    }
    return box(
      caption: caption,
      "<table>\n<caption><span>\(HTMLText.inline(caption))</span></caption>\n<thead><tr>\(head)</tr></thead>\n<tbody>\n"
        + body.joined(separator: "\n") + "\n</tbody>\n</table>")
  }

  /// All rows of the report, to be sorted and filtered by the page's script.
  static func sortable(_ report: ScalingReport) -> String {
    let caption = "All models, kernels and designs"
    let head = columns.map { column in
      "<th scope=\"col\"\(numberClass(column.isNumber)) title=\"\(HTMLText.escaped(column.explanation))\">"
        + "<button type=\"button\">\(HTMLText.escaped(column.title))</button></th>"
    }.joined()
    let body = report.rows.map { row in
      let cells = columns.map { column in
        let value = column.value(row)
        // Words sort as they are.
        let key = column.isNumber ? " data-value=\"\(column.sortingKey(value))\"" : ""
        return "<td\(key)>\(HTMLText.escaped(column.text(value)))</td>"
      }
      return "<tr>\(cells.joined())</tr>"
    }
    return """
      <form id="filters" role="search" aria-label="Filter the table">
      <label>Text <input type="search" id="filter-text" autocomplete="off"></label>
      \(choice("model", report.models.map(\.id)))
      \(choice("phase", ["decode", "prefill"]))
      \(choice("kind", ["measured", "modelled"]))
      <button type="reset">Show all</button>
      </form>
      <p id="count" role="status"></p>
      \(box(caption: caption, """
        <table id="rows">
        <caption><span>\(caption). Every heading sorts.</span></caption>
        <thead><tr>\(head)</tr></thead>
        <tbody>
        \(body.joined(separator: "\n"))
        </tbody>
        </table>
        """))
      """
  }

  private static func choice(_ name: String, _ values: [String]) -> String {
    let options = values.map { "<option>\(HTMLText.escaped($0))</option>" }.joined()
    return
      "<label>\(name.capitalized) <select id=\"filter-\(name)\"><option value=\"\">all</option>\(options)</select></label>"
  }

  private static func box(caption: String, _ table: String) -> String {
    "<div class=\"scroll\" role=\"region\" tabindex=\"0\" aria-label=\"\(HTMLText.escaped(caption))\">\n\(table)\n</div>"
  }

  private static func numberClass(_ isNumber: Bool) -> String { isNumber ? " class=\"number\"" : "" }

  /// A column of the sortable table: the first of some columns of `scaling.csv` that has a value, as people read it.
  private struct Column: Sendable {
    let title: String
    let names: [String]
    let format: @Sendable (Double) -> String

    var isNumber = true
    private var sources: [ScalingColumn] {
      names.compactMap { name in ScalingColumn.all.first { $0.name == name } }
    }

    var explanation: String { sources.map(\.description).joined(separator: "; or ") }

    func value(_ row: ScalingRow) -> ColumnValue {
      sources.lazy.map { $0.value(row) }.first { $0 != .missing } ?? .missing
    }

    /// Six digits: as many as rows differ in.
    func sortingKey(_ value: ColumnValue) -> String {
      if case .number(let number) = value { PlotNumber.text(number) } else { value.plainText }
    }

    func text(_ value: ColumnValue) -> String {
      switch value {
      case .missing: QuantityText.missing
      case .number(let number): format(number)
      case .integer(let integer): isNumber ? format(Double(integer)) : String(integer)
      case .text, .flag: value.plainText
      }
    }

    static func word(_ title: String, _ name: String) -> Column {
      Column(title: title, names: [name], format: { _ in "" }, isNumber: false)
    }
  }

  /// The script takes the first three for the filters, and the style aligns those from the sixth on to the right.
  private static let columns: [Column] = [
    .word("model", "model"), .word("phase", "phase"), .word("kind", "kind"),
    .word("kernel or design", "kernel_or_design"), .word("family", "family"),
    Column(title: "bits/w", names: ["bits_per_weight"], format: QuantityText.number),
    Column(title: "threads", names: ["threads"], format: { "\(Int($0))" }),
    Column(
      title: "pass", names: ["linears_latency_s", "latency_modelled_s"], format: QuantityText.seconds),
    Column(title: "x FP16", names: ["speedup_over_fp16", "speedup_modelled"], format: QuantityText.ratio),
    Column(title: "memory", names: ["memory_bytes"], format: QuantityText.bytes),
    Column(
      title: "energy/token", names: ["energy_per_token_modelled_j"], format: QuantityText.joules),
    Column(title: "x FP16, energy", names: ["energy_saving_modelled"], format: QuantityText.ratio),
    Column(title: "DRAM/token", names: ["dram_per_token_modelled_bytes"], format: QuantityText.bytes),
  ]
}
