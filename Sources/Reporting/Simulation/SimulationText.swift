import Accelerator
import Workloads

/// Simulated passes in words and cells, for the table and for Markdown.
struct SimulationText: Sendable {
  /// The designs on one pass.
  struct Group: Sendable {
    /// `bitnet-3b decode: 1 token, context 512`
    let title: String
    /// A row for each design.
    let rows: [[String]]
    /// Designs that could not be simulated, a sentence each.
    let failures: [String]
    /// The row with the most tokens a second.
    let fastest: Int?
  }

  /// The columns of every group.
  let headings: [TextTable.Heading]
  /// In the order of the passes.
  let groups: [Group]
  /// The same passes on devices, `nil` without any.
  let devices: TextTable?
  /// What the columns mean and what was assumed.
  let notes: [String]
  /// What stepping through every cycle showed.
  let checks: [String]
  /// Wrong results, a sentence each; empty is good news.
  let alarms: [String]

  static let narrowActivationsNote =
    "Designs with activations of fewer than 8 bits suit only models that were trained so."

  static let devicesTitle = "Devices at their peaks, for orientation"

  init(_ results: SimulationResults) {
    let (entries, baseline) = (results.entries, results.baseline)
    let columns = SimulationColumn.all(comparing: baseline)
    headings = columns.map(\.heading)
    var workloads: [InferenceWorkload] = []
    for entry in entries where workloads.last != entry.workload { workloads.append(entry.workload) }
    groups = workloads.map { workload in
      let designs = entries.filter { $0.workload == workload }
      let simulated = designs.compactMap { entry in entry.simulation.map { (entry, $0) } }
      let fastest = simulated.indices.max {
        simulated[$0].1.tokensPerSecond < simulated[$1].1.tokensPerSecond
      }
      return Group(
        title: Self.title(of: workload),
        rows: simulated.map { entry, simulation in
          columns.map { $0.text(entry, simulation) ?? QuantityText.missing }
        },
        failures: designs.compactMap {
          if case .failed(let reason) = $0.outcome { reason } else { nil }
        }, fastest: fastest)
    }
    devices = results.devices.isEmpty ? nil : Self.table(of: results.devices)
    notes = Self.notes(results)
    checks = Self.checks(results.checks)
    alarms = entries.compactMap {
      if case .wrong(let reason) = $0.outcome { "WRONG RESULT \(reason)" } else { nil }
    }
  }

  static func title(of workload: InferenceWorkload) -> String {
    let tokens = MatmulText.count(workload.phase.tokens, "token")
    let sequences = workload.batch > 1 ? " in each of \(workload.batch) sequences" : ""
    let context = workload.context == workload.phase.tokens ? "" : ", context \(workload.context)"
    return "\(workload.model.id) \(workload.phase): \(tokens)\(sequences)\(context)"
  }

  private static func notes(_ results: SimulationResults) -> [String] {
    let simulations = results.entries.compactMap(\.simulation)
    guard let first = simulations.first else { return [] }
    var notes = [
      "All figures are modelled. latency: one pass, from the first token in to the last result out. DRAM: bytes "
        + "between DRAM and all chips, per token; refetched: what better tiles or larger buffers would save. TOPS/W: "
        + "two operations a multiply-accumulate, zero weights included. binds: what most of the time was spent on."
    ]
    if let baseline = results.baseline {
      notes.append("x: against \(baseline) on the same pass; above 1 is better.")
    }
    if simulations.contains(where: { $0.zeroShare > 0 }) {
      let share = simulations.map(\.zeroShare).max() ?? first.zeroShare
      notes.append("\(QuantityText.percent(share)) of the ternary weights were taken to be zero.")
    }
    if simulations.contains(where: { $0.headRunsOn == .vectorUnit }) {
      notes.append(
        "The LM head has 16-bit weights and runs on the vector unit where the array cannot multiply them.")
    }
    if simulations.contains(where: { $0.design.activationFormat.isNarrow }) {
      notes.append(narrowActivationsNote)
    }
    if !results.devices.isEmpty {
      notes.append(
        "Devices: the least time that peak arithmetic and memory bandwidth allow, without launches, element-wise work "
          + "and whatever else keeps a device from its peaks.")
    }
    return notes
  }

  private static func checks(_ checks: [SteppedMatmuls.Check]) -> [String] {
    guard !checks.isEmpty else { return [] }
    let furthest = checks.map(\.deviation).max { abs($0) < abs($1) } ?? 0
    return [
      "Every cycle of \(MatmulText.count(checks.count, "matrix product")) was stepped through on random operands: all "
        + "results equal the reference; the closed form is "
        + (furthest == 0
          ? "right to the cycle." : "off by \(QuantityText.percent(abs(furthest))) of the cycles at most.")
    ]
  }

  private static func table(of estimates: [DeviceEstimate]) -> TextTable {
    TextTable(
      headings: [
        .init(title: "pass", alignment: .left, dropOrder: 0),
        .init(title: "device", alignment: .left, dropOrder: 0),
        .init(title: "bits/w", alignment: .right, dropOrder: 1),
        .init(title: "latency", alignment: .right, dropOrder: 0),
        .init(title: "tokens/s", alignment: .right, dropOrder: 0),
        .init(title: "memory-bound", alignment: .right, dropOrder: 2),
        .init(title: "fits", alignment: .left, dropOrder: 3),
      ],
      rows: estimates.map {
        [
          title(of: $0.workload), $0.device.title, QuantityText.number($0.weightBits),
          QuantityText.seconds($0.secondsPerPass), QuantityText.count($0.tokensPerSecond),
          QuantityText.percent($0.memoryBoundShare),
          $0.fits.map { $0 ? "yes" : "no" } ?? QuantityText.missing,
        ]
      })
  }
}

extension NumberFormat {
  /// Whether it has fewer than the 8 bits that ternary models are trained with.
  var isNarrow: Bool { !isFloat && bits < 8 }
}

/// A column of the table of designs.
struct SimulationColumn: Sendable {
  let heading: TextTable.Heading
  let text: @Sendable (StudyEntry, ModelSimulation) -> String?

  private init(
    _ title: String, _ alignment: TextTable.Alignment = .right, dropOrder: Int,
    text: @escaping @Sendable (StudyEntry, ModelSimulation) -> String?
  ) {
    heading = TextTable.Heading(title: title, alignment: alignment, dropOrder: dropOrder)
    self.text = text
  }

  /// The columns, with two ratios where there is a baseline.
  static func all(comparing baseline: String?) -> [SimulationColumn] {
    let speedup = SimulationColumn("x", dropOrder: 0) { entry, _ in entry.speedup.map(QuantityText.ratio) }
    let saving = SimulationColumn("x", dropOrder: 0) { entry, _ in entry.energySaving.map(QuantityText.ratio)
    }
    return [
      SimulationColumn("design", .left, dropOrder: 0) { entry, _ in entry.design.name },
      SimulationColumn("array", .left, dropOrder: 6) { entry, _ in
        "\(entry.design.array.rows)x\(entry.design.array.columns)x\(entry.design.array.dotWidth)"
      },
      SimulationColumn("latency", dropOrder: 1) { QuantityText.seconds($1.secondsPerPass) },
      SimulationColumn("tokens/s", dropOrder: 0) { QuantityText.count($1.tokensPerSecond) },
    ] + (baseline == nil ? [] : [speedup]) + [
      SimulationColumn("energy/token", dropOrder: 0) { QuantityText.joules($1.joulesPerToken) }
    ] + (baseline == nil ? [] : [saving]) + [
      SimulationColumn("DRAM/token", dropOrder: 3) { QuantityText.bytes($1.dramBytesPerToken) },
      SimulationColumn("refetched", dropOrder: 8) {
        QuantityText.percent($1.dram.total.bytes > 0 ? $1.dram.total.capacity / $1.dram.total.bytes : 0)
      },
      SimulationColumn("power", dropOrder: 5) { QuantityText.number($1.watts) + " W" },
      SimulationColumn("area", dropOrder: 2) { QuantityText.number($1.areaSquareMillimetres) + " mm2" },
      SimulationColumn("TOPS", dropOrder: 7) { QuantityText.number($1.teraoperationsPerSecond) },
      SimulationColumn("TOPS/W", dropOrder: 4) { QuantityText.number($1.teraoperationsPerJoule) },
      SimulationColumn("binds", .left, dropOrder: 0) { $1.binding.rawValue },
    ]
  }
}
