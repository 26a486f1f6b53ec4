import Reporting

@testable import Bench

/// Claims as a run would decide them: reproduced, different with and without a known reason, undecided, without a
/// figure, second hand.
enum ClaimFixture {
  private struct Given: ClaimCheck {
    let method: ClaimMethod
    func figure(from evidence: ClaimEvidence) throws -> ClaimFigure { ClaimFigure(0, basis: "") }
  }

  private static func claim(
    _ id: String, _ group: ClaimGroup, _ published: PublishedFigure, _ method: ClaimMethod,
    lower: String? = nil
  ) -> Claim {
    Claim(
      id, group, "what \(id) says", published: published, check: Given(method: method), lower: lower)
  }

  static let table = ClaimTable(
    results: [
      ClaimResult(
        claim(
          "saving", .arithmetic,
          PublishedFigure(71.4, decimals: 1, source: "arXiv 1, section 3", criterion: .printed), .arithmetic),
        ours: ClaimFigure(71.428, basis: "an addition of 8 bits")),
      ClaimResult(
        claim(
          "energy", .arithmetic,
          PublishedFigure(
            0.258, .joules, decimals: 3, source: "arXiv 2, table 1", standing: .secondHand,
            criterion: .printed), .arithmetic, lower: "less is counted"),
        ours: ClaimFigure(0.2, basis: "512 tokens | all at once")),
      ClaimResult(
        claim("latency-3b-cpu", .latency, PublishedFigure(2.71, source: "arXiv 1, table 1"), .measured),
        ours: ClaimFigure(6.14, interval: 6.02...6.3, basis: "a kernel against another")),
      ClaimResult(
        claim("latency-3b-a100", .latency, PublishedFigure(2.71, source: "arXiv 1, table 1"), .modelled),
        ours: ClaimFigure(2.6, basis: "roofline")),
      ClaimResult(
        claim("latency-7b-cpu", .latency, PublishedFigure(2.9, source: "arXiv 1, \"figure 2\""), .measured),
        untestable: "--quick leaves it out"),
      ClaimResult(
        claim("latency-9b-cpu", .latency, PublishedFigure(3, source: "arXiv 1, figure 2"), .measured),
        untestable: "--quick leaves it out"),
      ClaimResult(
        claim(
          "equivalence", .equivalence,
          PublishedFigure(1, decimals: 0, source: "arXiv 1, section 3", criterion: .above), .measured,
          lower: "arithmetic binds"), ours: ClaimFigure(0.62, interval: 0.6...0.64, basis: "prompt")),
      ClaimResult(
        claim(
          "equivalence-noisy", .equivalence,
          PublishedFigure(1, decimals: 0, source: "arXiv 1, section 3", criterion: .above), .measured),
        ours: ClaimFigure(1.1, interval: 0.9...1.3, basis: "a token")),
    ], context: ReportFixture.context, warnings: ["the governor is unknown"],
    measurements: ReportFixture.results.measurements)
}

/// A whole model that was streamed, one that was interrupted, a kernel that is wrong.
enum WholeModelFixture {
  static let results = WholeModelResults(
    measurements: [
      measured, measurement("mad-t5-avx512vbmi", .skipped("interrupted before its first token")),
      measurement("lut-tl2-avx2", .wrong("token 0, row 17: 231 instead of 229")),
    ],
    context: ReportFixture.context, warnings: ["the governor is unknown"])

  private static func estimate(_ seconds: Double) -> Estimate {
    Estimate(median: seconds, low: seconds * 0.99, high: seconds * 1.02, coverage: 0.984, count: 7)
  }

  private static func measurement(
    _ kernel: String, _ status: Measurement.Status
  ) -> WholeModelMeasurement {
    WholeModelMeasurement(
      model: "bitnet-70b-gqa", kernel: kernel, packing: "t5", threads: 2, layers: 80, matrices: 560,
      packedBytes: 13_690_208_256, bitsPerWeight: 1.6, status: status)
  }

  private static let measured: WholeModelMeasurement = {
    var measured = measurement("lut-t5-avx512vbmi", .measured)
    measured.secondsPerToken = estimate(0.321)
    measured.readBandwidthProbeBytesPerSecond = 45e9
    measured.shareOfReadBandwidth = estimate(0.948)
    measured.layerSum = PassTime(
      kernel: "lut-t5-avx512vbmi", linears: estimate(0.33), head: estimate(0.0119),
      attention: estimate(0.004), packedBytes: 13_690_208_256, joules: nil,
      disturbedShare: 0)
    return measured
  }()
}
