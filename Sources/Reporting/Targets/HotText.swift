import Bench
import Machine

/// Families with weights in a cache, against the bounds of their own instructions.
enum HotText {
  static let legend =
    "The fastest kernel of each family, one token, one thread, whole operator; target \(QuantityText.percent(HotRow.target)) "
    + "of the bound. bound: the longest time that a class of its instructions needs at the rate this core was "
    + "probed to have for it, or that reading the weights from the cache needs. Instructions were counted by "
    + "single-stepping and are given for 1000 multiply-accumulates; vector: those with vectors that are of no other "
    + "class, though the bound of vector is of all of them together."

  /// Classes in the order of the columns, with short names.
  private static let classes: [(InstructionClass, String)] = [
    (.issued, "all"), (.load, "load"), (.store, "store"), (.vector, "vector"), (.multiply, "mult."),
    (.shuffle, "shuffle"), (.twoTables, "2-table"), (.shift, "shift"), (.compare, "compare"), (.mask, "mask"),
  ]

  static func table(of rows: [HotRow]) -> TextTable {
    TextTable(
      headings: [
        .init(title: "family", alignment: .left, dropOrder: 2),
        .init(title: "kernel", alignment: .left, dropOrder: 0),
        .init(title: "in", alignment: .left, dropOrder: 0),
        .init(title: "GMAC/s", alignment: .right, dropOrder: 0),
        .init(title: "bound", alignment: .right, dropOrder: 0),
        .init(title: "reached", alignment: .right, dropOrder: 0),
        .init(title: "outcome", alignment: .left, dropOrder: 0),
        .init(title: "binds", alignment: .left, dropOrder: 0),
      ] + classes.map { .init(title: $1, alignment: .right, dropOrder: 1) },
      rows: rows.map { row in
        [
          row.family, row.kernel, String(row.memory.title.prefix { $0 != " " }),
          rate(row, seconds: row.latency.median),
          row.bound.map { rate(row, seconds: $0.seconds) } ?? QuantityText.missing,
          row.share.map { TargetText.share($0.median) } ?? QuantityText.missing,
          TargetText.outcome(row.outcome), row.bound.map { binding($0.binding) } ?? "not available",
        ]
          + classes.map { instructionClass, _ in
            row.instructionsPer1000.isEmpty
              ? QuantityText.missing : QuantityText.number(row.instructionsPer1000[instructionClass] ?? 0)
          }
      })
  }

  private static func rate(_ row: HotRow, seconds: Double) -> String {
    seconds > 0 ? QuantityText.number(row.multiplyAccumulates / seconds / 1e9) : QuantityText.missing
  }

  private static func binding(_ binding: HotBound.Binding) -> String {
    switch binding {
    case .instructions(let instructionClass): instructionClass.rawValue
    case .read(let kind): kind.title
    }
  }
}
