import Accelerator
import Workloads

/// The plots of modelled chips.
struct ModelledPlots {
  let report: ScalingReport

  var plots: [ScalingPlot] {
    [
      latency, speedup, energy, energyComponents, layerTime,
      traffic(.decode), report.modelledPhases.first { $0 != .decode }.flatMap(traffic), pareto,
    ].compactMap { $0 }
  }

  private func curves(
    name: String, title: String, caption: String, y: CurvePlot.Axis,
    value: (ModelledModel) -> Double?
  ) -> ScalingPlot? {
    CurvePlot(
      name: name, title: title, caption: caption, x: MeasuredPlots.sizeAxis, y: y,
      series: report.designs.map { design in
        CurvePlot.Series(
          label: design.name,
          style: "with linespoints "
            + FamilyStyle(design.array.datapath).line(open: isOfLaterMemory(design)),
          points: report.models.compactMap { model in
            report.modelled(model, .decode, on: design).flatMap(value)
              .map { (Double(model.totalParameters) / 1e9, $0) }
          })
      }
    ).plot
  }

  /// Designs with another memory than the first have open markers.
  private func isOfLaterMemory(_ design: Design) -> Bool { design.dram != report.designs.first?.dram }

  private static let decodeCaption =
    "Modelled: decode of one token with \(ScalingStudy.decodeContext) tokens of context."

  private var latency: ScalingPlot? {
    curves(
      name: "latency-modelled", title: "Chips, modelled: time of a token",
      caption: Self.decodeCaption + " Filled and open markers tell memories apart. Lower is better.",
      y: CurvePlot.Axis(label: "time per token (ms)")
    ) { $0.simulation.secondsPerPass * 1e3 }
  }

  private var speedup: ScalingPlot? {
    curves(
      name: "speedup-modelled", title: "Chips, modelled: decode, times faster than FP16",
      caption: Self.decodeCaption + " Each design against FP16 with the same memory. Models with a large "
        + "vocabulary gain less: their LM head has 16 bits everywhere.",
      y: CurvePlot.Axis(label: "speed-up over FP16", isLogarithmic: false)
    ) { $0.entry.speedup }
  }

  private var energy: ScalingPlot? {
    curves(
      name: "energy-modelled", title: "Chips, modelled: energy of a token",
      caption: Self.decodeCaption + " DRAM and leakage included. Lower is better.",
      y: CurvePlot.Axis(label: "energy per token (mJ)")
    ) { $0.simulation.joulesPerToken * 1e3 }
  }

  /// FP16, and the design that saves most energy against it on the middle model.
  private var contrast: [Design] {
    guard let model = report.middleModel, let baseline = report.designs.first(where: { isBaseline($0) })
    else {
      return []
    }
    let rivals = report.modelled.filter {
      $0.model == model && $0.phase == .decode && $0.entry.baseline?.design == baseline
        && $0.entry.design != baseline
    }
    let best = rivals.max { ($0.entry.energySaving ?? 0) < ($1.entry.energySaving ?? 0) }
    return [baseline] + (best.map { [$0.entry.design] } ?? [])
  }

  private func isBaseline(_ design: Design) -> Bool {
    report.modelled.contains { $0.entry.design == design && $0.entry.baseline?.design == design }
  }

  private var energyComponents: ScalingPlot? {
    let designs = contrast
    let bars = report.models.flatMap { model in
      designs.compactMap { design in
        report.modelled(model, .decode, on: design).map { modelled in
          StackPlot.Bar(
            label: "\(model.id), \(design.name), \(QuantityText.joules(modelled.simulation.joulesPerToken))",
            values: EnergyShare.allCases.map {
              $0.joulesPerToken(modelled.simulation) * 1e12 / Double(model.totalParameters)
            })
        }
      }
    }
    return StackPlot(
      name: "energy-components", title: "Chips, modelled: where the energy goes",
      caption: Self.decodeCaption + " Energy per token and parameter, so that all sizes fit one scale: "
        + designs.map(\.name).joined(separator: " above ") + ".",
      label: "energy per token and parameter (pJ)", parts: EnergyShare.allCases.map(\.rawValue), bars: bars,
      groupSize: max(designs.count, 1)
    ).plot
  }

  private var layerTime: ScalingPlot? {
    guard let model = report.middleModel else { return nil }
    let bars = report.designs.compactMap { design -> StackPlot.Bar? in
      guard let simulation = report.modelled(model, .decode, on: design)?.simulation else { return nil }
      var seconds: [LayerWork: Double] = [:]
      for operation in simulation.layer {
        seconds[LayerWork(operation.role), default: 0] += operation.seconds * Double(operation.count)
      }
      let total = seconds.values.reduce(0, +)
      return StackPlot.Bar(
        label: "\(design.name), \(QuantityText.seconds(simulation.secondsPerLayer))",
        values: LayerWork.allCases.map { (seconds[$0] ?? 0) / total * 100 })
    }
    return StackPlot(
      name: "layer-time-modelled", title: "Chips, modelled: one layer of \(model.id)",
      caption: Self.decodeCaption + " Share of a layer's time by operation, and the whole behind each name.",
      label: "share of the layer's time (%)", parts: LayerWork.allCases.map(\.rawValue), bars: bars,
      maximum: 100
    ).plot
  }

  private func traffic(_ phase: Phase) -> ScalingPlot? {
    guard let model = report.middleModel else { return nil }
    let bars = report.designs.compactMap { design in
      report.modelled(model, phase, on: design).map { modelled in
        StackPlot.Bar(
          label: "\(design.name), \(QuantityText.bytes(modelled.simulation.dramBytesPerToken))",
          values: TrafficOperand.allCases.map { $0.bytesPerToken(modelled.simulation) / 1e6 })
      }
    }
    return StackPlot(
      name: "traffic-\(phase)", title: "Chips, modelled: DRAM traffic, \(phase)",
      caption: "Modelled: bytes between DRAM and chip per token of \(model.id), "
        + (phase == .decode
          ? "with \(ScalingStudy.decodeContext) tokens of context."
          : "\(phase.tokens) tokens at once, so that all share the weights once fetched."),
      label: "DRAM traffic per token (MB)", parts: TrafficOperand.allCases.map(\.rawValue), bars: bars
    ).plot
  }

  private var pareto: ScalingPlot? {
    guard let model = report.middleModel else { return nil }
    let modelled = report.designs.compactMap { report.modelled(model, .decode, on: $0) }
    func point(_ modelled: ModelledModel) -> (x: Double, y: Double) {
      (modelled.simulation.secondsPerPass * 1e3, modelled.simulation.joulesPerToken * 1e3)
    }
    let points = modelled.map(point)
    guard !points.isEmpty else { return nil }
    let front = points.filter { point in
      !points.contains { ($0.x < point.x && $0.y <= point.y) || ($0.x <= point.x && $0.y < point.y) }
    }.sorted { $0.x < $1.x }
    return CurvePlot(
      name: "pareto", title: "Chips, modelled: time and energy of a token",
      caption:
        "Decode of \(model.id) with \(ScalingStudy.decodeContext) tokens of context. Nearer to the lower left is "
        + "better; no design is better in both than "
        + (front.count > 1
          ? "those on the line."
          : "\(modelled.first { point($0) == front[0] }?.design ?? "the best")."),
      x: CurvePlot.Axis(label: "time per token (ms)"), y: CurvePlot.Axis(label: "energy per token (mJ)"),
      series: [
        CurvePlot.Series(
          label: "best", style: "with steps linecolor \"#777777\" linewidth 1.5",
          points: front.count > 1 ? front : [])
      ]
        + modelled.map {
          CurvePlot.Series(
            label: $0.design,
            style: "with points "
              + FamilyStyle($0.entry.design.array.datapath).points(open: isOfLaterMemory($0.entry.design)),
            points: [point($0)])
        }
    ).plot
  }
}
