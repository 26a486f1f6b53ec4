import Bench

/// The targets of a machine in words and cells, for the table and for Markdown.
struct TargetText: Sendable {
  /// One line per target.
  let targets: TextTable
  /// Decode and prefill of each packing.
  let packings: TextTable?
  /// A paragraph per curve.
  let curves: [String]
  /// A line per family and cache; `nil` without any.
  let hot: TextTable?
  /// The bandwidths and peaks of the run, one sentence each.
  let limits: [String]
  /// How many targets are met.
  let summary: String
  /// Wrong results, a sentence each; empty is good news.
  let alarms: [String]

  /// The shapes, in words.
  let shapes: String

  static let legend =
    "reached: median over the shapes of the share of its limit that the fastest of the kernels reached, whole "
    + "operator, cold weights; interval: medians of the ends of the shapes' 95% intervals. worst: the shape with the "
    + "lowest share; more than 10 points below the target is too much. limit: as probed in the same rounds, the middle "
    + "over the shapes; an arithmetic one is the best that the kernel's own instruction set level does."

  init(_ table: TargetTable) {
    targets = Self.table(of: table.rows, bandwidths: table.bandwidths)
    packings = table.packings.isEmpty ? nil : Self.table(of: table.packings)
    curves = table.curves.map(Self.curve)
    hot = table.hot.isEmpty ? nil : HotText.table(of: table.hot)
    limits = table.bandwidths.map(Self.bandwidth) + table.peaks.map(Self.peaks)
    let outcomes = table.rows.map(\.outcome) + table.hot.map(\.outcome)
    let met = outcomes.count { $0 == .met }
    let missing = outcomes.count { $0 == .notMeasured }
    summary =
      "\(met) of \(MatmulText.count(outcomes.count, "target")) met"
      + (table.hot.isEmpty ? "" : ", those with hot weights below among them")
      + (missing > 0 ? ", \(missing) not measured." : ".")
    let names = table.shapes.map {
      MatmulText.shape(outFeatures: $0.outFeatures, inFeatures: $0.inFeatures)
    }
    shapes = "Shapes, out-features x in-features: \(names.joined(separator: ", "))."
    alarms = table.wrong.map { "WRONG RESULT, not timed: \($0)" }
  }

  // MARK: - Targets

  private static func table(of rows: [TargetRow], bandwidths: [BandwidthModes]) -> TextTable {
    TextTable(
      headings: [
        .init(title: "what", alignment: .left, dropOrder: 0),
        .init(title: "M", alignment: .right, dropOrder: 0),
        .init(title: "threads", alignment: .right, dropOrder: 0),
        .init(title: "target", alignment: .right, dropOrder: 0),
        .init(title: "reached", alignment: .right, dropOrder: 0),
        .init(title: "interval", alignment: .right, dropOrder: 3),
        .init(title: "outcome", alignment: .left, dropOrder: 0),
        .init(title: "worst", alignment: .right, dropOrder: 0),
        .init(title: "on", alignment: .right, dropOrder: 2),
        .init(title: "limit", alignment: .left, dropOrder: 1),
        .init(title: "fastest kernels", alignment: .left, dropOrder: 4),
      ],
      rows: rows.map { row in
        [
          row.target.what, "\(row.target.tokens)", "\(row.target.threads)",
          QuantityText.percent(row.target.share),
          row.reached.map { share($0.median) } ?? QuantityText.missing,
          row.reached.map(interval) ?? QuantityText.missing, outcome(row.outcome),
          row.worst.map { share($0.share.median) } ?? QuantityText.missing,
          row.worst?.shape ?? QuantityText.missing,
          limits(of: row, bandwidths) ?? QuantityText.missing,
          row.kernels.isEmpty ? QuantityText.missing : row.kernels.joined(separator: ", "),
        ]
      })
  }

  static func outcome(_ outcome: TargetRow.Outcome) -> String {
    switch outcome {
    case .met: "met"
    case .medianBelow(let below): "\(points(below)) below"
    case .shapeBelow(let below): "worst \(points(below)) below"
    case .notMeasured: "not measured"
    }
  }

  /// The limit of most shapes, and which mode of the memory it was.
  private static func limits(of row: TargetRow, _ bandwidths: [BandwidthModes]) -> String? {
    guard let most = row.limits.first else { return nil }
    let modes = bandwidths.first { $0.threads == row.target.threads }
    guard most.kind == .dramRead, let fast = modes?.countInFastMode(most.rates) else {
      return limit(most) + (row.limits.count > 1 ? " (most)" : "")
    }
    return "\(limit(most)) (fast mode on \(fast) of \(most.rates.count))"
  }

  /// `int8 dot AVX-512 375 GMAC/s`
  static func limit(_ limit: TargetLimit) -> String {
    let unit = limit.kind.isRead ? "GB/s" : "GMAC/s"
    return "\(name(limit)) \(billions(limit.median)) \(unit)"
  }

  private static func name(_ limit: TargetLimit) -> String {
    Roofline(kind: limit.kind, ratePerSecond: limit.median, boundSeconds: 0, level: limit.level).title
  }

  private static func billions(_ rate: Double) -> String { QuantityText.number(rate / 1e9) }

  /// With a tenth of a point, which a target of so many percent asks for: `91.3%`
  static func share(_ share: Double) -> String { "\(points(share))%" }

  private static func interval(_ estimate: Estimate) -> String {
    "\(points(estimate.low))-\(points(estimate.high))\(QuantityText.lowCoverageMark(estimate))"
  }

  private static func points(_ share: Double) -> String {
    let tenths = (abs(share) * 1000).rounded()
    return "\(tenths / 10)"
  }

  // MARK: - Packings

  private static func table(of rows: [PackingRow]) -> TextTable {
    let phases = rows.first?.phases.map { phase in
      "\(phase.target.what) M=\(phase.target.tokens), \(MatmulText.count(phase.target.threads, "thread"))"
    }
    return TextTable(
      headings: [
        .init(title: "packing", alignment: .left, dropOrder: 0),
        .init(title: "bits/w", alignment: .right, dropOrder: 0),
      ] + (phases ?? []).map { .init(title: $0, alignment: .right, dropOrder: 0) },
      rows: rows.map { row in
        [row.packing, QuantityText.number(row.bitsPerWeight)]
          + row.phases.map { phase in
            phase.reached.map { share($0.median) } ?? QuantityText.missing
          }
      })
  }

  // MARK: - Batches

  private static func curve(_ curve: BatchCurve) -> String {
    let points = curve.points.map { point in
      "\(point.tokens): \(curve.ratioToOneToken(point).map(QuantityText.number) ?? QuantityText.missing)"
    }
    let slower = curve.slowerThanOneToken
    let verdict =
      slower.isEmpty
      ? "never slower per token than M=1"
      : "slower per token than M=1 at M=\(slower.map(String.init).joined(separator: ", "))"
    let step =
      curve.largestStepUp.map { step in
        "largest step up \(QuantityText.ratio(step.factor)) from M=\(step.from) to \(step.to)"
      } ?? "no step up"
    let first = curve.points.first.map { " (\(QuantityText.seconds($0.latency.median)))" } ?? ""
    return
      "\(curve.packing) on \(curve.shape), \(MatmulText.count(curve.threads, "thread")), M=1 is 1\(first): "
      + "\(points.joined(separator: ", ")); \(verdict), \(step)."
  }

  // MARK: - Limits

  private static func bandwidth(_ modes: BandwidthModes) -> String {
    let ranges = modes.ranges.map {
      "\(QuantityText.number($0.lowerBound / 1e9))-\(QuantityText.number($0.upperBound / 1e9))"
    }
    return "Read bandwidth, \(MatmulText.count(modes.threads, "thread")): "
      + (ranges.count > 1
        ? "two modes, \(ranges.joined(separator: " and ")) GB/s"
        : "median \(QuantityText.number(modes.median / 1e9)), \(ranges.joined()) GB/s") + "."
  }

  private static func peaks(_ peaks: ThreadPeaks) -> String {
    let texts = peaks.limits.map { limit in
      "\(name(limit)) \(billions(limit.median)) (\(billions(limit.lowest))-\(billions(limit.highest)))"
    }
    return "Peaks in GMAC/s, \(MatmulText.count(peaks.threads, "thread")): \(texts.joined(separator: ", "))."
  }
}
