import Bench
import Machine

/// Families with weights in a cache, against the bounds of their own instructions.
enum HotText {
  static let legend =
    "The fastest kernel of each family, one token, one thread, whole operator; target \(QuantityText.percent(HotRow.target)) "
    + "of the bound. bound: the longest time that a class of its instructions needs at the rate this core was "
    + "probed to have for it, or several that were found to share a unit, or reading the weights from the cache. Instructions were counted by "
    + "single-stepping and are given for 1000 multiply-accumulates; vector: those with vectors that are of no other "
    + "class, though the bound of vector is of all of them together; look-up: in two registers at once."

  /// Classes in the order of the columns, with short names, and when they make way.
  private static let classes: [(InstructionClass, title: String, dropOrder: Int)] = [
    (.issued, "all", 2), (.load, "load", 5), (.store, "store", 8), (.vector, "vector", 1),
    (.multiply, "mult.", 3),
    (.shuffle, "shuffle", 4), (.twoTables, "look-up", 6), (.shift, "shift", 7), (.compare, "compare", 9),
    (.mask, "mask", 10),
  ]

  static func table(of rows: [HotRow]) -> TextTable {
    TextTable(
      headings: [
        .init(title: "family", alignment: .left, dropOrder: 11),
        .init(title: "kernel", alignment: .left, dropOrder: 0),
        .init(title: "in", alignment: .left, dropOrder: 0),
        .init(title: "GMAC/s", alignment: .right, dropOrder: 0),
        .init(title: "bound", alignment: .right, dropOrder: 0),
        .init(title: "reached", alignment: .right, dropOrder: 0),
        .init(title: "outcome", alignment: .left, dropOrder: 0),
        .init(title: "binds", alignment: .left, dropOrder: 0),
      ] + classes.map { .init(title: $0.title, alignment: .right, dropOrder: $0.dropOrder) },
      rows: rows.map { row in
        [
          row.family, row.kernel, String(row.memory.title.prefix { $0 != " " }),
          rate(row, seconds: row.latency.median),
          row.bound.map { rate(row, seconds: $0.seconds) } ?? QuantityText.missing,
          row.share.map { TargetText.share($0.median) } ?? QuantityText.missing,
          TargetText.outcome(row.outcome), row.bound.map { binding($0.binding) } ?? "not available",
        ]
          + classes.map { column in
            row.instructionsPer1000.isEmpty
              ? QuantityText.missing : QuantityText.number(row.instructionsPer1000[column.0] ?? 0)
          }
      })
  }

  private static func rate(_ row: HotRow, seconds: Double) -> String {
    seconds > 0 ? QuantityText.number(row.multiplyAccumulates / seconds / 1e9) : QuantityText.missing
  }

  private static func binding(_ binding: HotBound.Binding) -> String {
    switch binding {
    case .instructions(let classes): classes.map(\.rawValue).joined(separator: "+")
    case .read(let kind): kind.title
    }
  }
}
