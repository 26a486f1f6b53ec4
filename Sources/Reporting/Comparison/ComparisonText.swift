import Bench

/// A comparison in words and cells, for the table and for Markdown.
struct ComparisonText: Sendable {
  /// The points of one matmul.
  struct Group: Sendable {
    let title: String
    /// One row per point of ``compared``.
    let table: TextTable
    let compared: [PointComparison]
    /// What could not be compared, by reason: `only in A: lut-t5-avx512vbmi, ...`.
    let obstacles: [String]
  }

  /// Which run is which.
  let sides: [String]
  /// Circumstances in which they differ; `nil` without any.
  let circumstances: TextTable?
  /// In the order of the runs.
  let groups: [Group]
  /// The overall ratio, and how many points went which way.
  let summary: [String]
  /// What to keep in mind.
  let notes: [String]
  /// How to read the columns.
  let legend: String

  init(_ comparison: RunComparison) {
    sides = [("A", comparison.a), ("B", comparison.b)].map { letter, side in
      let context = side.results.context
      return "\(letter): \(side.label), \(context.date), \(context.commandLine)"
    }
    circumstances =
      comparison.contextDifferences.isEmpty ? nil : Self.table(of: comparison.contextDifferences)
    groups = Self.groups(of: comparison)
    summary = Self.summary(of: comparison)
    notes = Self.notes(on: comparison)
    let quantity =
      switch comparison.quantity {
      case .latency: "median time of one whole operator call"
      case .multiply: "median time of the multiply alone"
      case .fp16: "median speed-up over FP16 in the same rounds, in which drift between the runs cancels"
      }
    let threshold = QuantityText.percent(comparison.threshold)
    legend =
      "A, B: \(quantity). B/A: the time that B takes for A's 1, with its 95% interval. "
      + "faster, slower: the whole interval is more than \(threshold) off and p (Mann-Whitney) below 0.05; "
      + "same: the whole interval is within \(threshold); unsure: neither."
  }

  private static func table(of differences: [ContextDifference]) -> TextTable {
    func text(_ value: ColumnValue) -> String { value == .missing ? QuantityText.missing : value.plainText }
    return TextTable(
      headings: ["differs", "A", "B"].map { .init(title: $0, alignment: .left, dropOrder: 0) },
      rows: differences.map { [$0.column, text($0.a), text($0.b)] })
  }

  // MARK: - Points

  private static func groups(of comparison: RunComparison) -> [Group] {
    var order: [String] = []
    var members: [String: [PointComparison]] = [:]
    for point in comparison.points {
      let title = MatmulText.matmul(
        model: point.point.model, roles: point.point.layerRoles, outFeatures: point.point.outFeatures,
        inFeatures: point.point.inFeatures, Scenario(point.point))
      if members[title] == nil { order.append(title) }
      members[title, default: []].append(point)
    }
    return order.map { title in
      let points = members[title] ?? []
      let compared = points.filter { $0.obstacle == nil }
      return Group(
        title: title, table: table(of: compared, by: comparison.quantity), compared: compared,
        obstacles: obstacles(of: points))
    }
  }

  private static func table(of points: [PointComparison], by quantity: ComparedQuantity) -> TextTable {
    func text(_ estimate: Estimate?) -> String {
      let format = quantity.isSpeed ? QuantityText.ratio : QuantityText.seconds
      return (estimate?.median).map(format) ?? QuantityText.missing
    }
    return TextTable(
      headings: [
        .init(title: "kernel", alignment: .left, dropOrder: 0),
        .init(title: "A", alignment: .right, dropOrder: 2),
        .init(title: "B", alignment: .right, dropOrder: 1),
        .init(title: "B/A", alignment: .right, dropOrder: 0),
        .init(title: "interval", alignment: .right, dropOrder: 3),
        .init(title: "p", alignment: .right, dropOrder: 4),
        .init(title: "verdict", alignment: .left, dropOrder: 0),
      ],
      rows: points.map { point in
        [
          point.point.kernel, text(point.a), text(point.b),
          (point.timeRatio?.median).map(QuantityText.timeRatio) ?? QuantityText.missing,
          point.timeRatio.map(QuantityText.timeRatioInterval) ?? QuantityText.missing,
          point.pValue.map(QuantityText.probability) ?? QuantityText.missing,
          point.verdict?.rawValue ?? QuantityText.missing,
        ]
      })
  }

  private static func obstacles(of points: [PointComparison]) -> [String] {
    var order: [String] = []
    var kernels: [String: [String]] = [:]
    for point in points {
      let reason: String
      switch point.obstacle {
      case nil: continue
      case .onlyInA: reason = "only in A"
      case .onlyInB: reason = "only in B"
      case .unmeasured(let why): reason = why
      }
      if kernels[reason] == nil { order.append(reason) }
      kernels[reason, default: []].append(point.point.kernel)
    }
    return order.map { "\($0): \((kernels[$0] ?? []).joined(separator: ", "))" }
  }

  // MARK: - Sentences

  private static func summary(of comparison: RunComparison) -> [String] {
    guard let overall = comparison.overall else { return ["No point was measured in both runs."] }
    let points = comparison.points.count { $0.timeRatio != nil }
    let counts = PointComparison.Verdict.allCases.map { "\(comparison.count($0)) \($0.rawValue)" }
    return [
      "Overall: B takes \(QuantityText.timeRatio(overall.median)) of A's time "
        + "[\(QuantityText.timeRatioInterval(overall))], geometric mean of \(MatmulText.count(points, "point")).",
      "B against A: \(counts.joined(separator: ", ")).",
    ]
  }

  private static func notes(on comparison: RunComparison) -> [String] {
    var notes: [String] = []
    let without = [("A", comparison.a), ("B", comparison.b)].filter { $0.1.lacksSamples }.map(\.0)
    if !without.isEmpty {
      notes.append(
        "\(without.joined(separator: " and ")) \(without.count == 1 ? "has" : "have") no samples: "
          + "ratios have their intervals from those of the medians, and nothing was tested by Mann-Whitney.")
    }
    if comparison.points.contains(where: { ($0.timeRatio?.coverage ?? 1) < Estimate.standardCoverage }) {
      notes.append("? marks an interval that covers less than 95%, there being too few samples.")
    }
    let disturbed = comparison.points.count { $0.isDisturbed && $0.obstacle == nil }
    if disturbed > 0 {
      notes.append(
        "\(MatmulText.count(disturbed, "point")) unsure for other programs that took CPU time in over a third of the "
          + "samples: end them and measure again.")
    }
    if comparison.quantity == .latency {
      notes.append(
        "Times of two runs hold what changed in the machine between them; --by fp16 compares speed-ups instead."
      )
    }
    return notes
  }
}
