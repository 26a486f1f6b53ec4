import Bench

/// The verdict of one scenario in sentences and, with several shapes, a table.
struct VerdictText: Sendable {
  /// `Decode (1 token, 2 threads, cold weights), 12 shapes`
  let title: String
  /// Who is fastest, by how much, how far from the limit.
  let answer: String
  /// Further sentences: the other families, the baseline, what is not ranked.
  let details: [String]
  /// The fastest kernel per shape; `nil` with one shape.
  let shapes: TextTable?

  init(_ verdict: ScenarioVerdict) {
    let phase = verdict.scenario.isDecode ? "Decode" : "Prefill"
    let shapeCount = verdict.shapes.count
    title =
      "\(phase) (\(MatmulText.conditions(verdict.scenario))), \(MatmulText.count(shapeCount, "shape"))"
      + (shapeCount > 1 ? ", geometric means" : "")
    answer = Self.answer(verdict)
    details = [
      Self.otherFamilies(verdict), Self.baseline(verdict), Self.different(verdict),
    ].compactMap { $0 }
    shapes = shapeCount > 1 ? Self.table(verdict.shapes) : nil
  }

  private static func answer(_ verdict: ScenarioVerdict) -> String {
    guard let best = verdict.families.first else {
      return "No exact ternary kernel with int8 activations was measured."
    }
    var sentence = "Fastest: \(best.entrant.family)"
    if best.kernels.count == 1 { sentence += " (\(best.kernels[0]))" }
    if let speedup = best.speedupOverFP16 {
      let words = speedup.median < 1 ? ", slower than FP16: " : ", "
      sentence += "\(words)\(QuantityText.ratio(speedup.median)) FP16 [\(QuantityText.interval(speedup))]"
    } else {
      sentence += ", \(QuantityText.seconds(best.latency.median)) (FP16 was not measured)"
    }
    if let share = best.rooflineShare {
      sentence += "; \(QuantityText.percent(share.median)) of the machine's limit\(kinds(best))"
    }
    return sentence + "." + lead(verdict)
  }

  private static func lead(_ verdict: ScenarioVerdict) -> String {
    guard verdict.families.count > 1, verdict.families[1].shapeCount == verdict.families[0].shapeCount else {
      return ""
    }
    let (best, next) = (verdict.families[0], verdict.families[1])
    let ahead = QuantityText.percent(next.latency.median / best.latency.median - 1)
    return best.isClearlyFaster(than: next)
      ? " It leads \(next.entrant.family) by \(ahead)."
      : " Its lead over \(next.entrant.family), \(ahead), is within the noise."
  }

  private static func kinds(_ standing: Standing) -> String {
    guard !standing.rooflineKinds.isEmpty else { return "" }
    return " (\(standing.rooflineKinds.map(\.title).joined(separator: ", ")))"
  }

  private static func otherFamilies(_ verdict: ScenarioVerdict) -> String? {
    guard verdict.families.count > 1 else { return nil }
    let others = verdict.families.dropFirst().map { standing in
      let missing = verdict.shapes.count - standing.shapeCount
      return standing.entrant.family + " " + speed(standing)
        + (missing > 0 ? " (lacks \(MatmulText.count(missing, "shape")))" : "")
    }
    return "Then: \(others.joined(separator: ", "))."
  }

  private static func baseline(_ verdict: ScenarioVerdict) -> String? {
    guard let baseline = verdict.baseline, let share = baseline.rooflineShare else { return nil }
    return "FP16 is \(baseline.kernels.joined(separator: ", ")), itself at "
      + "\(QuantityText.percent(share.median)) of its limit\(kinds(baseline))."
  }

  private static func different(_ verdict: ScenarioVerdict) -> String? {
    guard !verdict.different.isEmpty else { return nil }
    let standings = verdict.different.map {
      "\($0.entrant.family) (\(DifferenceText.text($0.entrant))) \(speed($0))"
    }
    return "Not ranked, since they compute something else: \(standings.joined(separator: "; "))."
  }

  private static func speed(_ standing: Standing) -> String {
    (standing.speedupOverFP16?.median).map(QuantityText.ratio)
      ?? QuantityText.seconds(standing.latency.median)
  }

  private static func table(_ shapes: [ShapeVerdict]) -> TextTable {
    let headings = [
      TextTable.Heading(title: "layers", alignment: .left, dropOrder: 2),
      TextTable.Heading(title: "shape", alignment: .right, dropOrder: 0),
      TextTable.Heading(title: "fastest", alignment: .left, dropOrder: 0),
      TextTable.Heading(title: "x FP16", alignment: .right, dropOrder: 0),
      TextTable.Heading(title: "interval", alignment: .right, dropOrder: 1),
      TextTable.Heading(title: "of limit", alignment: .right, dropOrder: 0),
    ]
    let rows = shapes.map { shape in
      let best = shape.families.first
      return [
        MatmulText.layers(model: shape.model, roles: shape.layerRoles),
        MatmulText.shape(outFeatures: shape.outFeatures, inFeatures: shape.inFeatures),
        best?.kernels.first ?? QuantityText.missing,
        (best?.speedupOverFP16?.median).map(QuantityText.ratio) ?? QuantityText.missing,
        (best?.speedupOverFP16).map(QuantityText.interval) ?? QuantityText.missing,
        (best?.rooflineShare?.median).map(QuantityText.percent) ?? QuantityText.missing,
      ]
    }
    return TextTable(headings: headings, rows: rows)
  }
}
