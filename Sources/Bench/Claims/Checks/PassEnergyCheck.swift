import Accelerator

/// Arithmetic energy of a pass over a prompt, by the formula of the publication.
struct PassEnergyCheck: ClaimCheck {
  /// As ``ArithmeticEnergy`` names it.
  let model: String

  var method: ClaimMethod { .arithmetic }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let passes = try ArithmeticEnergy.shipped().passes(dramPicojoulesPerBit: 0, ternaryFormat: .i2s)
    guard let pass = passes.first(where: { $0.model == model }) else {
      throw ClaimUntestable(description: "there is no shape of \(model)")
    }
    return ClaimFigure(
      pass.joules,
      basis: "\(pass.tokens) tokens at once, arithmetic alone, "
        + "\((pass.attentionShare * 100).rounded(toDecimals: 0))% of it FP16 attention; no memory")
  }
}
