import Accelerator
import Workloads

/// What was modelled for chips, in tables and plots.
struct ModelledSection {
  let report: ScalingReport

  var blocks: [Document.Block] {
    guard !report.modelled.isEmpty else { return [] }
    return [
      .heading("Modelled chips", level: 2),
      .paragraph(
        "No figure of this section was measured: designs are simulated in closed form. Each stands beside the FP16 "
          + "design with the same memory."
          + (report.designs.contains { $0.activationFormat.isNarrow }
            ? " " + SimulationText.narrowActivationsNote : "")), designs,
    ]
      + groups.flatMap { baseline, members in
        report.modelledPhases.map { comparison($0, baseline: baseline, members: members) }
      } + [energy].compactMap { $0 }
      + ModelledPlots(report: report).plots.map(Document.Block.plot)
  }

  /// For each memory, who decodes fastest and with the least energy.
  var summaries: [String] {
    groups.compactMap { baseline, members in
      guard let model = report.models.last else { return nil }
      let passes = members.compactMap { report.modelled(model, .decode, on: $0) }
      guard let best = passes.max(by: { ($0.entry.energySaving ?? 0) < ($1.entry.energySaving ?? 0) }) else {
        return nil
      }
      let ofBest = report.modelled.filter { $0.entry.design == best.entry.design && $0.phase == .decode }
      let faster = RangeText.ratios(ofBest.compactMap(\.entry.speedup))
      let saved = RangeText.ratios(ofBest.compactMap(\.entry.energySaving))
      guard let faster, let saved else { return nil }
      return
        "Decode on chips with \(baseline.dram.type), modelled: `\(best.design)` saves the most energy of "
        + "\(model.title); over all models it is \(faster) as fast as `\(baseline.name)` and takes \(saved) less "
        + "energy a token."
    }
  }

  /// Baselines, each with the designs that are compared with it.
  private var groups: [(baseline: Design, members: [Design])] {
    var groups: [(baseline: Design, members: [Design])] = []
    for design in report.designs {
      guard
        let baseline = report.modelled.first(where: { $0.entry.design == design })?.entry.baseline?.design,
        baseline != design
      else { continue }
      if let index = groups.firstIndex(where: { $0.baseline == baseline }) {
        groups[index].members.append(design)
      } else {
        groups.append((baseline, [design]))
      }
    }
    return groups
  }

  private var designs: Document.Block {
    .table(
      TextTable(
        [
          ("design", .left), ("datapath", .left), ("array", .left), ("weights", .left), ("DRAM", .left),
          ("node", .right), ("area", .right), ("what it is", .left),
        ],
        rows: report.designs.map { design in
          let area = report.modelled.first { $0.entry.design == design }?.simulation.areaSquareMillimetres
          return [
            design.name, design.array.datapath,
            "\(design.array.rows)x\(design.array.columns)x\(design.array.dotWidth)",
            design.weightFormat.rawValue,
            "\(design.dram.type) \(QuantityText.number(design.dram.bytesPerSecond / 1e9)) GB/s",
            "\(design.technology.nodeNanometres) nm",
            area.map { QuantityText.number($0) + " mm2" } ?? QuantityText.missing, design.summary,
          ]
        }), caption: "The designs. Array: rows x columns x products that an element sums in a step.")
  }

  private func comparison(_ phase: Phase, baseline: Design, members: [Design]) -> Document.Block {
    let rows = report.models.compactMap { model -> [String]? in
      guard let reference = report.modelled(model, phase, on: baseline)?.simulation else { return nil }
      let cells = members.map { design in
        guard let modelled = report.modelled(model, phase, on: design) else { return QuantityText.missing }
        return [modelled.entry.speedup, modelled.entry.energySaving, modelled.trafficSaving]
          .map { $0.map(QuantityText.number) ?? QuantityText.missing }.joined(separator: " / ")
      }
      return [
        model.id, QuantityText.seconds(reference.secondsPerPass),
        QuantityText.joules(reference.joulesPerToken), QuantityText.bytes(reference.dramBytesPerToken),
      ] + cells
    }
    let headings: [(String, TextTable.Alignment)] =
      [("model", .left), ("FP16 pass", .right), ("FP16 energy", .right), ("FP16 DRAM", .right)]
      + members.map { ($0.name, .right) }
    return .table(
      TextTable(headings, rows: rows),
      caption:
        "\(phase == .decode ? "Decode" : "Prefill") (\(MatmulText.count(phase.tokens, "token")), context "
        + "\(phase == .decode ? ScalingStudy.decodeContext : phase.tokens)) on \(baseline.dram.type), modelled: times "
        + "as many tokens a second / times less energy a token / times less DRAM traffic a token than "
        + "`\(baseline.name)`, whose own figures stand first.")
  }

  /// Where the energy of a token goes.
  private var energy: Document.Block? {
    guard let model = report.middleModel else { return nil }
    let rows = report.designs.compactMap { design -> [String]? in
      guard let simulation = report.modelled(model, .decode, on: design)?.simulation else { return nil }
      return [design.name, QuantityText.joules(simulation.joulesPerToken)]
        + EnergyShare.allCases.map {
          QuantityText.percent($0.joulesPerToken(simulation) / simulation.joulesPerToken)
        }
    }
    return .table(
      TextTable(
        [("design", .left), ("energy/token", .right)] + EnergyShare.allCases.map { ($0.rawValue, .right) },
        rows: rows),
      caption:
        "Where the energy goes, modelled: decode of \(model.id), context \(ScalingStudy.decodeContext).")
  }
}
