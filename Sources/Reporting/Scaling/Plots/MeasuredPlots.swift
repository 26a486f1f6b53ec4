import Bench
import Workloads

/// The plots of what was measured on this CPU.
struct MeasuredPlots {
  let report: ScalingReport

  /// Of the scenarios, those with most threads are drawn; the tables have all.
  private var decode: Scenario? { report.scenarios.last { $0.isDecode } }
  private var prefill: Scenario? { report.scenarios.last { !$0.isDecode } }

  var plots: [ScalingPlot] {
    [
      decode.flatMap(latency), decode.flatMap { speedup($0, phase: "decode") },
      prefill.flatMap { speedup($0, phase: "prefill") }, memory, roofline, decode.flatMap(layerTime),
    ].compactMap { $0 }
  }

  private func billions(_ model: LanguageModel) -> Double { Double(model.totalParameters) / 1e9 }

  static let sizeAxis = CurvePlot.Axis(label: "parameters (10⁹)")

  /// The families, by how fast they are on the middle model.
  private func families(_ scenario: Scenario) -> [String] {
    var families: [String] = []
    for model in [report.middleMeasuredModel].compactMap({ $0 }) + report.models {
      for standing in report.fastestOfFamilies(model, scenario)
      where !families.contains(standing.point.family) {
        families.append(standing.point.family)
      }
    }
    return families
  }

  private func series(
    _ scenario: Scenario, family: String, value: (MeasuredModel) -> Double?
  ) -> CurvePlot.Series {
    CurvePlot.Series(
      label: family, style: "with linespoints " + FamilyStyle(family).line(),
      points: report.models.compactMap { model in
        report.fastestOfFamilies(model, scenario).first { $0.point.family == family }
          .flatMap(value).map { (billions(model), $0) }
      })
  }

  private func latency(_ scenario: Scenario) -> ScalingPlot? {
    let fp16 = CurvePlot.Series(
      label: "FP16", style: "with linespoints " + FamilyStyle("float").line(),
      points: report.models.compactMap { model in
        report.fp16(model, scenario).map { (billions(model), $0.linears.median * 1e3) }
      })
    return CurvePlot(
      name: "latency-decode", title: "CPU, measured: time of a token's linear layers",
      caption: "Sum over all linear layers, each measured with cold weights, "
        + "\(MatmulText.count(scenario.threads, "thread")); the fastest kernel of each family. Lower is better.",
      x: Self.sizeAxis, y: CurvePlot.Axis(label: "time per token (ms)"),
      series: [fp16] + families(scenario).map { series(scenario, family: $0) { $0.linears.median * 1e3 } }
    ).plot
  }

  private func speedup(_ scenario: Scenario, phase: String) -> ScalingPlot? {
    CurvePlot(
      name: "speedup-\(phase)", title: "CPU, measured: \(phase), times faster than FP16",
      caption: "\(MatmulText.count(scenario.tokens, "token")) at once, "
        + "\(MatmulText.count(scenario.threads, "thread")), linear layers; ratios to FP16 in the same rounds. "
        + "The dashed line is FP16.",
      x: Self.sizeAxis, y: CurvePlot.Axis(label: "speed-up over FP16", isLogarithmic: false),
      series: families(scenario).map { series(scenario, family: $0) { $0.speedup?.median } },
      functions: ["1 with lines linecolor \"#000000\" dashtype 2 title \"FP16\""]
    ).plot
  }

  private var memory: ScalingPlot? {
    let formats: [(label: String, bits: Double, family: String)] = [
      ("FP16", 16, "float"), ("int8", 8, "int8"), ("2 bit (i2s)", 2, "mad"), ("1.6 bit (t5)", 1.6, "lut"),
    ]
    let machine = report.runs.compactMap(\.context.memoryBytes).max()
    return CurvePlot(
      name: "memory", title: "Memory of a model by weight format",
      caption:
        "Arithmetic: linear layers in the format named, embedding and LM head in 16 bits, key-value cache of "
        + "\(ModelBytes.context) tokens."
        + (machine.map { " The dashed line is this machine's memory, \(QuantityText.bytes(Double($0)))." }
          ?? ""),
      x: Self.sizeAxis, y: CurvePlot.Axis(label: "memory (GB)"),
      series: formats.map { format in
        CurvePlot.Series(
          label: format.label, style: "with linespoints " + FamilyStyle(format.family).line(),
          points: report.models.map {
            (
              billions($0),
              ($0.linearBytes(bitsPerWeight: format.bits) + ModelBytes($0).besides) / 1e9
            )
          })
      },
      functions: machine.map {
        [
          "\(PlotNumber.text(Double($0) / 1e9)) with lines linecolor \"#777777\" dashtype 2 title \"this machine\""
        ]
      } ?? []
    ).plot
  }

  private var roofline: ScalingPlot? {
    RooflinePoints(report.measurements).flatMap { points in
      let families = Set(points.members.map(\.point.family)).sorted()
      let series = families.map { family in
        CurvePlot.Series(
          label: family, style: "with points " + FamilyStyle(family).points(),
          points: points.members.filter { $0.point.family == family }.compactMap { member in
            guard let bytes = member.packedBytes, let rate = member.multiplyAccumulatesPerSecond else {
              return nil
            }
            return (member.point.multiplyAccumulates / Double(bytes), rate / 1e9)
          }.sorted { ($0.0, $0.1) < ($1.0, $1.1) })
      }
      let shape = MatmulText.shape(
        outFeatures: points.size.outFeatures, inFeatures: points.size.inFeatures)
      return CurvePlot(
        name: "roofline", title: "CPU, measured: roofline of \(shape)",
        caption:
          "Every kernel measured on one layer, \(MatmulText.count(points.threads, "thread")), cold weights: "
          + "decode at the left, prefill at the right. Lines are the limits that were probed between the rounds. "
          + "Kernels with fewer activation bits may pass the int8 limit, which is not theirs.",
        x: CurvePlot.Axis(label: "multiply-accumulates per byte of weights"),
        y: CurvePlot.Axis(label: "GMAC/s (10⁹ a second)"),
        series: series, functions: points.roofs, levels: points.peaks.map { $0.rate / 1e9 }
      ).plot
    }
  }

  private func layerTime(_ scenario: Scenario) -> ScalingPlot? {
    guard let model = report.middleMeasuredModel else { return nil }
    let kernels =
      [report.fp16(model, scenario)].compactMap { $0 } + report.fastestOfFamilies(model, scenario)
    return StackPlot(
      name: "layer-time-measured", title: "CPU, measured: one layer of \(model.id)",
      caption:
        "Decode, \(MatmulText.count(scenario.threads, "thread")): time of one layer's matrices, each with cold "
        + "weights; the fastest kernel of each family. Attention and norms are not measured.",
      label: "time (ms)", parts: ["q, k, v, o", "gate, up", "down"],
      bars: kernels.map { kernel in
        var times = [0.0, 0.0, 0.0]
        for layer in kernel.layers {
          // Matrices of one size have one latency, whatever their roles.
          for role in layer.shape.roles {
            let part = [.gate, .up, .fusedGateUp].contains(role) ? 1 : role == .down ? 2 : 0
            times[part] += layer.latency.median * 1e3
          }
        }
        return StackPlot.Bar(
          label: "\(kernel.point.kernel), \(QuantityText.seconds(times.reduce(0, +) * 1e-3))", values: times)
      }
    ).plot
  }
}
