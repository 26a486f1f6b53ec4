import Bench
import Inference

extension Listing {
  /// End-to-end measurements in full precision.
  init(_ measurements: [EndToEndMeasurement]) {
    let phases = ["prefill", "decode"]
    var properties: [Property] = [
      .init("model"), .init("kernel"), .init("packing"), .init("status"), .init("message"),
      .init("threads", isNumber: true), .init("prompt_tokens", isNumber: true),
      .init("generated_tokens", isNumber: true), .init("exact"), .init("agreeing_tokens", isNumber: true),
      .init("load_s", isNumber: true), .init("linear_bytes", isNumber: true),
      .init("linear_weights", isNumber: true), .init("head_bytes", isNumber: true), .init("head_elements"),
      .init("matrices_as_in_file", isNumber: true),
    ]
    for phase in phases {
      properties += ["median_s", "low_s", "high_s", "samples", "limit_share", "energy_j"].map {
        .init("\(phase)_\($0)", isNumber: true)
      }
      properties += [.init("\(phase)_limit"), .init("\(phase)_limit_probe_per_s", isNumber: true)]
      properties += ModelPart.allCases.map { .init("\(phase)_\($0.name)_s", isNumber: true) }
    }
    properties.append(.init("decode_touched_bytes", isNumber: true))
    self.init(properties: properties, items: measurements.map(Self.item))
  }

  private static func item(_ measurement: EndToEndMeasurement) -> [String] {
    func number(_ value: Double?) -> String { value.map { "\($0)" } ?? "" }
    func integer(_ value: Int?) -> String { value.map { "\($0)" } ?? "" }
    func phase(_ phase: PhaseMeasurement?) -> [String] {
      let seconds = phase?.seconds
      return [
        number(seconds?.median), number(seconds?.low), number(seconds?.high), integer(seconds?.count),
        number(phase?.shareOfLimit?.median), number(phase?.joules), phase?.limit.rawValue ?? "",
        number(phase?.probePerSecond),
      ]
        + ModelPart.allCases.map { part in number(phase?.parts.first { $0.part == part }?.seconds) }
    }
    let footprint = measurement.footprint
    return [
      measurement.model, measurement.kernel, measurement.packing, measurement.status.name,
      measurement.status.message ?? "", "\(measurement.threads)", "\(measurement.promptTokens)",
      "\(measurement.tokens.count)", measurement.isExact ? "yes" : "no", integer(measurement.agreeingTokens),
      number(footprint?.loadSeconds), integer(footprint?.linearBytes), integer(footprint?.linearWeights),
      integer(footprint?.headBytes), footprint?.headElementName ?? "", integer(footprint?.matricesAsInFile),
    ] + phase(measurement.prefill) + phase(measurement.decode)
      + [number(measurement.decode?.bytesTouched)]
  }
}
