import KernelZoo
import Workloads

/// An FP16 model over a ternary one on this machine, each added up from its matrices.
struct ProcessorCheck: ClaimCheck {
  let quantity: EquivalenceQuantity
  let float: String
  let ternary: String
  var threads = ClaimThreads.all

  /// Of the time of a pass; with more, its figure has to decide with an interval that is wider by ``margin``.
  private static let mostDisturbedShare = 0.1
  /// As a share of the figure, on both sides: other work takes time from both models of a pair, not equally.
  private static let margin = 0.1

  var method: ClaimMethod { .measured }

  func passes(_ models: ModelCatalogue) throws -> [MeasuredPass] {
    try [(float, WeightPrecision.fp16), (ternary, .ternary)].map { name, weights in
      MeasuredPass(
        pass: ModelPass(
          try models.model(named: name), tokens: quantity.phase.tokens, context: EquivalenceQuantity.context),
        weights: weights, threads: threads)
    }
  }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let sides = try passes(evidence.models).map { try evidence.time(of: $0) }
    let count = threads.count(available: evidence.threads) ?? evidence.threads
    let place =
      "\(sides[1].time.kernel) against \(sides[0].time.kernel), \(count) thread\(count == 1 ? "" : "s")"
    var figure = try figure(float: sides[0], ternary: sides[1], place)
    // Packed bytes are what they are, whoever else is at work.
    if quantity.figure != .memory, sides.contains(where: { $0.time.disturbedShare > Self.mostDisturbedShare })
    {
      figure.widen(by: Self.margin)
      figure.basis += "; other work took CPU time meanwhile, so the interval is a tenth wider on both sides"
    }
    return figure
  }

  private func figure(float: TimedPass, ternary: TimedPass, _ place: String) throws -> ClaimFigure {
    switch quantity.figure {
    case .latency:
      guard let ratio = float.total.divided(by: ternary.total) else {
        throw ClaimUntestable(description: "the measured times are too uncertain for a ratio")
      }
      return ClaimFigure(
        ratio,
        basis: "\(place), sum of layers, FP16 LM head and attention over \(EquivalenceQuantity.context): "
          + "\(milliseconds(float.total.median)) against \(milliseconds(ternary.total.median))")
    case .memory:
      let bytes = [float, ternary].map { $0.time.packedBytes + $0.pass.bytesBesidesLinears }
      return ClaimFigure(
        bytes[0] / bytes[1],
        basis: "weights as packed for \(ternary.time.kernel), FP16 embedding and cache of "
          + "\(EquivalenceQuantity.context) tokens: \(gigabytes(bytes[0])) against \(gigabytes(bytes[1]))")
    case .energy:
      guard let floatJoules = float.time.joules, let ternaryJoules = ternary.time.joules else {
        throw ClaimUntestable(
          description: "this machine shows no RAPL energy counters, and energy is not guessed from time")
      }
      return ClaimFigure(
        floatJoules / ternaryJoules,
        basis: "\(place), RAPL, linear layers: \(floatJoules.rounded(toDecimals: 2)) J against "
          + "\(ternaryJoules.rounded(toDecimals: 2)) J")
    }
  }
}
