import Accelerator
import Workloads

/// Arithmetic energy of an FP16 model over that of a ternary one of the same shape.
struct EnergyRatioCheck: ClaimCheck {
  let model: String
  /// Another shape that may be meant, whose figure is told as well.
  var alternative: String?

  private static let tokens = 512

  var method: ClaimMethod { .arithmetic }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let energy = try ArithmeticEnergy.shipped()
    let shape = try evidence.models.model(named: model)
    var basis =
      "\(Self.tokens) tokens at once, \(shape.layers) layers of "
      + "\(shape.hiddenSize)x\(shape.intermediateSize), arithmetic alone"
    if let alternative {
      let other = try evidence.models.model(named: alternative)
      let ratio = energy.ratio(of: other, tokens: Self.tokens)
      basis +=
        "; \(other.layers) layers of \(other.hiddenSize)x\(other.intermediateSize) would give "
        + "\(ratio.rounded(toDecimals: 1))x"
    }
    return ClaimFigure(energy.ratio(of: shape, tokens: Self.tokens), basis: basis)
  }
}
