import Inference
import Reporting

@testable import Bench

/// A ternary kernel, FP16, a kernel that computes something else, a wrong one and one that did not fit.
enum EndToEndFixture {
  static let results = EndToEndResults(
    measurements: [
      measured("mad-i2s-avx512vnni", bits: 2, prefill: 1.21, decode: 0.0246, share: 0.91, inPlace: true),
      measured("float-fp16-avx512", bits: 16, prefill: 9.8, decode: 0.104, share: 0.95, agreeing: 3),
      measured(
        "bitserial-planes-a4-avx512vpopcntdq", bits: 2, prefill: 7.2, decode: 0.031, share: nil, agreeing: 0),
      failed("lut-tl2-avx2", .wrong("token 3 after the prompt is 17, but other exact kernels chose 4")),
      failed("float-fp32-avx512", .skipped("its weights would not fit into the memory that is free")),
    ],
    context: ReportFixture.context, warnings: ["the governor is unknown"])

  private static func blank(
    _ kernel: String, _ status: Measurement.Status, isExact: Bool
  ) -> EndToEndMeasurement {
    EndToEndMeasurement(
      model: "BitNet b1.58 2B4T", kernel: kernel, packing: "i2s", isExact: isExact, threads: 2,
      promptTokens: 512, status: status)
  }

  private static func failed(_ kernel: String, _ status: Measurement.Status) -> EndToEndMeasurement {
    blank(kernel, status, isExact: true)
  }

  private static func measured(
    _ kernel: String, bits: Double, prefill: Double, decode: Double, share: Double?, agreeing: Int? = nil,
    inPlace: Bool = false
  ) -> EndToEndMeasurement {
    var result = blank(kernel, .measured, isExact: agreeing == nil)
    let weights = 2_084_044_800
    result.footprint = ModelFootprint(
      loadSeconds: inPlace ? 0.09 : 3.4, linearBytes: Int(Double(weights) * bits / 8), linearWeights: weights,
      headBytes: 656_670_720, headElementName: "F16", matricesAsInFile: inPlace ? 210 : 0)
    result.prefill = phase(prefill, limit: .int8Dot, share: share, bytes: nil)
    result.decode = phase(decode, limit: .dramRead, share: share, bytes: 1.19e9, joules: inPlace ? 0.4 : nil)
    result.tokens = [5, 9, 2, 7]
    result.agreeingTokens = agreeing
    return result
  }

  private static func phase(
    _ seconds: Double, limit: Roofline.Kind, share: Double?, bytes: Double?, joules: Double? = nil
  ) -> PhaseMeasurement {
    func estimate(_ value: Double) -> Estimate {
      Estimate(median: value, low: value * 0.99, high: value * 1.02, coverage: 0.95, count: 9)
    }
    let parts = ModelPart.allCases
    return PhaseMeasurement(
      seconds: estimate(seconds), limit: limit, probePerSecond: share.map { _ in 40e9 },
      shareOfLimit: share.map(estimate), bytesTouched: bytes,
      parts: parts.enumerated().map { ($1, seconds * Double($0 + 1) / Double(parts.count * 6)) },
      joules: joules)
  }
}
