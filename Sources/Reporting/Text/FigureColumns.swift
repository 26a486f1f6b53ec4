import Bench
import KernelZoo

/// A column of the tables for people, who want fewer and rounder figures than CSV and JSON hold.
struct FigureColumn: Sendable {
  let heading: TextTable.Heading
  /// The figure, `nil` if missing.
  let text: @Sendable (Measurement) -> String?

  private init(
    _ title: String, _ alignment: TextTable.Alignment = .right, dropOrder: Int,
    text: @escaping @Sendable (Measurement) -> String?
  ) {
    heading = TextTable.Heading(title: title, alignment: alignment, dropOrder: dropOrder)
    self.text = text
  }

  /// The columns for `results`, those of its counters last.
  static func all(for results: BenchResults) -> [FigureColumn] {
    let events = results.context.counterEvents
    let hasChips = results.measurements.contains { $0.modelled != nil }
    return figures + (hasChips ? chips : [])
      + events.enumerated().map { index, event in
        FigureColumn(event, dropOrder: figures.count + chips.count + index) {
          $0.counters[event].map(QuantityText.count)
        }
      }
  }

  /// What stands beside kernels when chips were asked for.
  private static let chips: [FigureColumn] = [
    FigureColumn("modelled chip", .left, dropOrder: 0) { $0.modelled?.design },
    FigureColumn("modelled", dropOrder: 0) { ($0.modelled?.seconds).map(QuantityText.seconds) },
    FigureColumn("modelled DRAM", dropOrder: 3) { ($0.modelled?.dramBytes).map(QuantityText.bytes) },
    FigureColumn("modelled energy", dropOrder: 0) { ($0.modelled?.energyJoules).map(QuantityText.joules) },
  ]

  private static let figures: [FigureColumn] = [
    FigureColumn("kernel", .left, dropOrder: 0) { $0.point.kernel },
    FigureColumn("latency", dropOrder: 0) { ($0.operatorLatency?.median).map(QuantityText.seconds) },
    FigureColumn("+-", dropOrder: 3) { $0.operatorLatency.map(QuantityText.uncertainty) },
    FigureColumn("x FP16", dropOrder: 0) { ($0.speedupOverFP16?.median).map(QuantityText.ratio) },
    FigureColumn("interval", dropOrder: 2) { $0.speedupOverFP16.map(QuantityText.interval) },
    FigureColumn("of limit", dropOrder: 1) { ($0.rooflineShare?.median).map(QuantityText.percent) },
    FigureColumn("limit", .left, dropOrder: 6) { $0.roofline?.title },
    FigureColumn("GB/s", dropOrder: 4) {
      $0.weightBandwidthBytesPerSecond.map { QuantityText.number($0 / 1e9) }
    },
    FigureColumn("GMAC/s", dropOrder: 5) {
      $0.multiplyAccumulatesPerSecond.map { QuantityText.number($0 / 1e9) }
    },
    FigureColumn("multiply", dropOrder: 8) { ($0.multiplyLatency?.median).map(QuantityText.seconds) },
    FigureColumn("bits/w", dropOrder: 7) { $0.bitsPerWeight.map(QuantityText.number) },
    FigureColumn("packed", dropOrder: 9) { $0.packedBytes.map { QuantityText.bytes(Double($0)) } },
    FigureColumn("samples", dropOrder: 10) { ($0.operatorLatency?.count).map { "\($0)" } },
    FigureColumn("energy", dropOrder: 11) { $0.energyJoules.map(QuantityText.joules) },
    FigureColumn("computes", .left, dropOrder: 12) {
      DifferenceText.text(
        weights: $0.point.weights, activations: $0.point.activations, exact: $0.point.exact)
    },
  ]
}

extension Roofline {
  /// The limit in words, with the instruction set level of an arithmetic one.
  var title: String {
    let level = level.map { InstructionSetLevel(rawValue: $0)?.title ?? $0 }
    return [kind.title, level].compactMap(\.self).joined(separator: " ")
  }
}

extension Roofline.Kind {
  /// The limit in words.
  var title: String {
    switch self {
    case .dramRead: "DRAM read"
    case .l3Read: "L3 read"
    case .l2Read: "L2 read"
    case .l1Read: "L1 read"
    case .int8Dot: "int8 dot"
    case .fp32FMA: "FP32 FMA"
    case .bf16Dot: "BF16 dot"
    }
  }
}
