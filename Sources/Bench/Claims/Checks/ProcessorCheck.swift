import KernelZoo
import Workloads

/// An FP16 model over a ternary one on this machine, each added up from its matrices.
struct ProcessorCheck: ClaimCheck {
  let quantity: EquivalenceQuantity
  let float: String
  let ternary: String
  var threads = ClaimThreads.all

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
    let passes = try passes(evidence.models)
    let (float, floatTotal) = try evidence.time(of: passes[0])
    let (ternary, ternaryTotal) = try evidence.time(of: passes[1])
    let count = threads.count(available: evidence.threads) ?? evidence.threads
    let place = "\(ternary.kernel) against \(float.kernel), \(count) thread\(count == 1 ? "" : "s")"
    switch quantity.figure {
    case .latency:
      guard let ratio = floatTotal.divided(by: ternaryTotal) else {
        throw ClaimUntestable(description: "the measured times are too uncertain for a ratio")
      }
      return ClaimFigure(
        ratio,
        basis: "\(place), sum of layers, FP16 LM head and attention over \(EquivalenceQuantity.context): "
          + "\(milliseconds(floatTotal.median)) against \(milliseconds(ternaryTotal.median))")
    case .memory:
      let bytes = zip(passes, [float, ternary]).map { $1.packedBytes + $0.pass.bytesBesidesLinears }
      return ClaimFigure(
        bytes[0] / bytes[1],
        basis: "weights as packed for \(ternary.kernel), FP16 embedding and cache of "
          + "\(EquivalenceQuantity.context) tokens: \(gigabytes(bytes[0])) against \(gigabytes(bytes[1]))")
    case .energy:
      guard let floatJoules = float.joules, let ternaryJoules = ternary.joules else {
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
