import Bench
import Workloads

/// What was measured on this CPU, in tables and plots.
struct MeasuredSection {
  let report: ScalingReport

  var blocks: [Document.Block] {
    guard !report.measurements.isEmpty else { return [] }
    let plots = MeasuredPlots(report: report).plots
    func shown(_ names: [String]) -> [Document.Block] {
      names.compactMap { name in plots.first { $0.name == name }.map(Document.Block.plot) }
    }
    return [.heading("Measured on this CPU", level: 2), .heading("Which family wins", level: 3)]
      + winners + shown(["roofline"])
      + [.heading("Whole models", level: 3)] + report.scenarios.map(wholeModels)
      + shown(["latency-decode", "speedup-decode", "speedup-prefill"]) + sumInFull
      + shown(["layer-time-measured"])
      + [.heading("Memory", level: 3), memory] + shown(["memory"])
  }

  /// The fastest family on every matrix, a table for each scenario.
  private var winners: [Document.Block] {
    guard let context = report.runs.first?.context else { return [] }
    let verdict = Verdict(BenchResults(context: context, measurements: report.measurements))
    return verdict.scenarios.map { scenario in
      // By weights, as the models are.
      let shapes = scenario.shapes.sorted {
        ($0.outFeatures * $0.inFeatures, $0.outFeatures) < ($1.outFeatures * $1.inFeatures, $1.outFeatures)
      }
      let rows = shapes.compactMap { shape -> [String]? in
        guard let best = shape.families.first else { return nil }
        let next = shape.families.dropFirst().first
        return [
          MatmulText.shape(outFeatures: shape.outFeatures, inFeatures: shape.inFeatures),
          users(of: shape), best.kernels.joined(separator: ", "),
          (best.speedupOverFP16?.median).map(QuantityText.ratio) ?? QuantityText.missing,
          best.speedupOverFP16.map(QuantityText.interval) ?? QuantityText.missing,
          (best.rooflineShare?.median).map(QuantityText.percent) ?? QuantityText.missing,
          next.map(\.entrant.family) ?? QuantityText.missing,
          next.map { next in
            let lead = QuantityText.percent(next.latency.median / best.latency.median - 1)
            return best.isClearlyFaster(than: next) ? lead : "\(lead), in the noise"
          } ?? QuantityText.missing,
        ]
      }
      return .table(
        TextTable(
          [
            ("shape", .right), ("layers of", .left), ("fastest", .left), ("x FP16", .right),
            ("interval", .right), ("of limit", .right), ("next family", .left), ("lead", .right),
          ], rows: rows),
        caption:
          "\(Self.phase(scenario)): \(MatmulText.conditions(scenario.scenario)). Shapes are out-features x "
          + "in-features. ? marks an interval that covers less than 95 %, there being too few samples.")
    }
  }

  private static func phase(_ verdict: ScenarioVerdict) -> String {
    verdict.scenario.isDecode ? "Decode" : "Prefill"
  }

  /// The models that have a matrix: all of them measured it, whichever it was measured for.
  private func users(of shape: ShapeVerdict) -> String {
    let users = report.models.filter { model in
      model.matmulShapes(includingHead: false).contains {
        $0.outFeatures == shape.outFeatures && $0.inFeatures == shape.inFeatures
      }
    }
    return users.isEmpty ? (shape.model ?? QuantityText.missing) : users.map(\.id).joined(separator: ", ")
  }

  /// Time of the linear layers of every model, by family.
  private func wholeModels(_ scenario: Scenario) -> Document.Block {
    var families: [String] = []
    for model in report.models {
      for entrant in report.fastestOfFamilies(model, scenario)
      where !families.contains(entrant.point.family) {
        families.append(entrant.point.family)
      }
    }
    let rows = report.models.compactMap { model -> [String]? in
      let standings = report.fastestOfFamilies(model, scenario)
      guard let best = standings.first else { return nil }
      let cells = families.map { family in
        guard let standing = standings.first(where: { $0.point.family == family }) else {
          return QuantityText.missing
        }
        return QuantityText.seconds(standing.linears.median)
          + (standing.speedup.map { " (\(QuantityText.ratio($0.median)))" } ?? "")
      }
      let fp16 = report.fp16(model, scenario).map { QuantityText.seconds($0.linears.median) }
      let head =
        scenario.isDecode
        ? [
          best.headModelledSeconds.map(QuantityText.seconds) ?? QuantityText.missing,
          report.speedupWithHead(best, scenario).map(QuantityText.ratio) ?? QuantityText.missing,
        ] : []
      return [model.id, fp16 ?? QuantityText.missing] + cells + head
    }
    let headings =
      [("model", TextTable.Alignment.left), ("FP16", .right)] + families.map { ($0, .right) }
      + (scenario.isDecode ? [("LM head, modelled", .right), ("best with head", .right)] : [])
    return .table(
      TextTable(headings, rows: rows),
      caption:
        "\(scenario.isDecode ? "Decode" : "Prefill") (\(MatmulText.conditions(scenario))): time of all linear "
        + "layers of \(scenario.isDecode ? "one token" : "one prompt") (times FP16), the fastest kernel of each family."
        + (scenario.isDecode ? " Best with head: times FP16 once the FP16 head is added to both." : ""))
  }

  /// How the time of one model adds up.
  private var sumInFull: [Document.Block] {
    guard let model = report.middleMeasuredModel, let scenario = report.scenarios.last(where: \.isDecode),
      let best = report.fastestOfFamilies(model, scenario).first
    else { return [] }
    let rows = best.layers.map { layer in
      let seconds = Double(layer.shape.countPerToken) * layer.latency.median
      return [
        layer.shape.roles.map(\.rawValue).joined(separator: ", "),
        MatmulText.shape(outFeatures: layer.shape.outFeatures, inFeatures: layer.shape.inFeatures),
        "\(layer.shape.countPerToken)", QuantityText.seconds(layer.latency.median),
        QuantityText.uncertainty(layer.latency), QuantityText.seconds(seconds),
        QuantityText.percent(seconds / best.linears.median),
      ]
    }
    let sum = [
      "all", "", "", "", QuantityText.uncertainty(best.linears), QuantityText.seconds(best.linears.median),
      "100%",
    ]
    return [
      .table(
        TextTable(
          [
            ("layers", .left), ("shape", .right), ("count", .right), ("latency", .right), ("+-", .right),
            ("count x latency", .right), ("share", .right),
          ], rows: rows + [sum]),
        caption: "The sum in full: decode of \(model.id) with `\(best.point.kernel)`, "
          + "\(MatmulText.count(scenario.threads, "thread")). The other models add up likewise.")
    ]
  }

  private var memory: Document.Block {
    let formats: [(title: String, bits: Double)] = [
      ("FP16", 16), ("int8", 8), ("2 bit", 2), ("1.67 bit", 5.0 / 3), ("1.6 bit", 1.6),
    ]
    return .table(
      TextTable(
        [("model", .left)] + formats.map { ($0.title, .right) } + [
          ("FP16 / 1.6 bit", .right), ("embedding, head", .right), ("KV cache", .right),
        ],
        rows: report.models.map { model in
          let besides = ModelBytes(model)
          func bytes(_ bits: Double) -> Double {
            model.linearBytes(bitsPerWeight: bits) + besides.besides
          }
          return [model.id] + formats.map { QuantityText.bytes(bytes($0.bits)) } + [
            QuantityText.ratio(bytes(16) / bytes(1.6)), QuantityText.bytes(besides.embedding),
            QuantityText.bytes(besides.keyValues),
          ]
        }),
      caption:
        "Memory by bits of a linear weight, arithmetic. Embedding and LM head (16 bits, one matrix if tied) and "
        + "a key-value cache of \(ModelBytes.context) tokens (16 bits) are included.")
  }
}
