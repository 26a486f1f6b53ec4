import Bench
import Inference

/// End-to-end measurements in words and cells.
struct EndToEndText {
  /// A table with what stands above and below it.
  struct Section {
    let title: String
    let table: TextTable
    let legend: String
  }

  let alarms: [String]
  let sections: [Section]
  let notes: [String]

  init(_ measurements: [EndToEndMeasurement]) {
    alarms = measurements.compactMap { measurement in
      guard case .wrong(let message) = measurement.status else { return nil }
      return "WRONG RESULT \(measurement.kernel), which was not timed: \(message)"
    }
    let measured = measurements.filter { $0.decode != nil }.sorted {
      ($0.decode?.seconds.median ?? .infinity) < ($1.decode?.seconds.median ?? .infinity)
    }
    let baseline = measured.first { $0.kernel.hasPrefix("float-fp16-") }
    var sections = [Self.speed(measured, baseline: baseline), Self.footprint(measured)]
    for (title, phase) in [
      ("One decoded token by part, ms", \EndToEndMeasurement.decode), ("The prompt by part, ms", \.prefill),
    ] {
      sections.append(Self.parts(measured, title: title, phase))
    }
    self.sections = measured.isEmpty ? [] : sections
    notes =
      Self.agreement(measurements) + Self.unequalMemory(measured) + measurements.compactMap(Self.skipped)
  }

  private static func speed(_ measured: [EndToEndMeasurement], baseline: EndToEndMeasurement?) -> Section {
    let first = measured.first
    let hasEnergy = measured.contains { $0.decode?.joules != nil }
    func column(_ title: String, dropOrder: Int = 0) -> TextTable.Heading {
      .init(title: title, alignment: .right, dropOrder: dropOrder)
    }
    let ratio = baseline == nil ? [] : [column("x FP16", dropOrder: 2)]
    let decode = [column("decode tok/s"), column("+-", dropOrder: 3)] + ratio
    let prefill = [column("prefill tok/s"), column("+-", dropOrder: 4)] + ratio
    let table = TextTable(
      headings: [.init(title: "kernel", alignment: .left, dropOrder: 0)] + decode
        + [column("GB/s", dropOrder: 1), column("probed", dropOrder: 3), column("of read")] + prefill + [
          column("of peak")
        ]
        + (hasEnergy ? [column("J/token", dropOrder: 5)] : []),
      rows: measured.map { measurement in
        let prompt = Double(measurement.promptTokens)
        let energy = text(measurement.decode?.joules, QuantityText.number)
        return [measurement.kernel]
          + phase(measurement.decode, tokens: 1, baseline: baseline.map(\.decode)) + [
            text(measurement.bandwidthBytesPerSecond) { QuantityText.number($0 * 1e-9) },
            text(measurement.decode?.probePerSecond) { QuantityText.number($0 * 1e-9) },
            text(measurement.decode?.shareOfLimit?.median, QuantityText.percent),
          ]
          + phase(measurement.prefill, tokens: prompt, baseline: baseline.map(\.prefill)) + [
            text(measurement.prefill?.shareOfLimit?.median, QuantityText.percent)
          ] + (hasEnergy ? [energy] : [])
      })
    return Section(
      title: "\(first?.model ?? "model"): \(first?.promptTokens ?? 0) tokens of prompt, then "
        + "\(first?.tokens.count ?? 0) greedy tokens, \(first?.threads ?? 0) threads",
      table: table,
      legend:
        "GB/s: bytes that a token touches (linear layers, LM head, norms, cache) a second. probed: read bandwidth just "
        + "before each token. of read: the one as a share of the other, token by token. of peak: multiply-accumulates of the linear layers alone over the "
        + "peak probed just before, int8 dot for integer kernels and FP32 multiply-add for float ones.")
  }

  /// Tokens a second with spread, and the ratio to the baseline if there is one.
  private static func phase(
    _ phase: PhaseMeasurement?, tokens: Double, baseline: PhaseMeasurement??
  ) -> [String] {
    var cells = [
      text(phase.map { tokens / $0.seconds.median }, QuantityText.number),
      phase.map { QuantityText.uncertainty($0.seconds) } ?? QuantityText.missing,
    ]
    if let baseline {
      let ratio = phase.flatMap { phase in baseline.map { $0.seconds.median / phase.seconds.median } }
      cells.append(text(ratio, QuantityText.ratio))
    }
    return cells
  }

  private static func footprint(_ measured: [EndToEndMeasurement]) -> Section {
    let table = TextTable(
      headings: [
        .init(title: "kernel", alignment: .left, dropOrder: 0),
        .init(title: "linear layers", alignment: .right, dropOrder: 0),
        .init(title: "bits/w", alignment: .right, dropOrder: 1),
        .init(title: "LM head", alignment: .right, dropOrder: 0),
        .init(title: "touched/token", alignment: .right, dropOrder: 0),
        .init(title: "load", alignment: .right, dropOrder: 0),
        .init(title: "first token after", alignment: .right, dropOrder: 0),
        .init(title: "layers", alignment: .left, dropOrder: 2),
      ],
      rows: measured.map { measurement in
        guard let footprint = measurement.footprint else {
          return [measurement.kernel] + [String](repeating: QuantityText.missing, count: 7)
        }
        return [
          measurement.kernel, QuantityText.bytes(Double(footprint.linearBytes)),
          QuantityText.number(Double(footprint.linearBytes) * 8 / Double(footprint.linearWeights)),
          "\(QuantityText.bytes(Double(footprint.headBytes))) \(footprint.headElementName)",
          text(measurement.decode?.bytesTouched, QuantityText.bytes),
          QuantityText.seconds(footprint.loadSeconds),
          text(measurement.prefill.map { $0.seconds.median + footprint.loadSeconds }, QuantityText.seconds),
          footprint.matricesAsInFile > 0 ? "copied" : "packed",
        ]
      })
    return Section(
      title: "What is loaded and read", table: table,
      legend:
        "first token after: loading and the prompt together. layers: packed for the kernel, or copied as they lie in the "
        + "file; 'bitlab run' uses such where they are.")
  }

  private static func parts(
    _ measured: [EndToEndMeasurement], title: String,
    _ phase: KeyPath<EndToEndMeasurement, PhaseMeasurement?>
  ) -> Section {
    let table = TextTable(
      headings: [.init(title: "kernel", alignment: .left, dropOrder: 0)]
        + ModelPart.allCases.map { .init(title: $0.name, alignment: .right, dropOrder: 0) },
      rows: measured.map { measurement in
        let parts = measurement[keyPath: phase]?.parts ?? []
        return [measurement.kernel]
          + ModelPart.allCases.map { part in
            text(parts.first { $0.part == part }?.seconds) { QuantityText.number($0 * 1e3) }
          }
      })
    return Section(
      title: title, table: table,
      legend: "As the first worker saw it; waiting for others counts to the part waited for.")
  }

  private static func agreement(_ measurements: [EndToEndMeasurement]) -> [String] {
    let exact = measurements.filter { $0.isExact && !$0.status.isWrong && !$0.tokens.isEmpty }
    var notes: [String] = []
    if exact.count > 1 {
      notes.append("All \(exact.count) exact kernels chose the same \(exact[0].tokens.count) tokens.")
    }
    let others = measurements.filter { !$0.isExact }.compactMap { measurement in
      measurement.agreeingTokens.map { "\(measurement.kernel) \($0) of \(measurement.tokens.count)" }
    }
    if !others.isEmpty {
      notes.append(
        "Compute something else (other activations, or rounding), so that their tokens may part from those of the "
          + "exact kernels; equal at first: " + others.joined(separator: ", ") + ".")
    }
    return notes
  }

  /// Above this ratio of probed bandwidths, tokens a second of two kernels say more of the memory than of them.
  private static let mostBandwidthRatio = 1.1

  private static func unequalMemory(_ measured: [EndToEndMeasurement]) -> [String] {
    let probes = measured.compactMap { $0.decode?.probePerSecond }
    guard let least = probes.min(), let most = probes.max(), most > least * mostBandwidthRatio else {
      return []
    }
    return [
      "The memory gave from \(QuantityText.number(least * 1e-9)) to \(QuantityText.number(most * 1e-9)) GB/s while one "
        + "kernel after the other was measured: compare their shares of it, rather than tokens a second."
    ]
  }

  private static func skipped(_ measurement: EndToEndMeasurement) -> String? {
    guard case .skipped(let message) = measurement.status else { return nil }
    return "\(measurement.kernel): \(message)"
  }

  private static func text(_ value: Double?, _ format: (Double) -> String) -> String {
    value.map(format) ?? QuantityText.missing
  }
}

extension EndToEndMeasurement {
  /// Bytes touched a second in decode, at the median.
  var bandwidthBytesPerSecond: Double? {
    guard let decode, let bytes = decode.bytesTouched else { return nil }
    return bytes / decode.seconds.median
  }
}
