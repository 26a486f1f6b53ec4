import Workloads

extension ArithmeticEnergy {
  /// How many times the arithmetic energy of a pass through a ternary model the same shape takes in FP16.
  ///
  /// A ternary matrix of N × K takes M·N·K additions, M·N multiplications to scale results and M·K to quantise
  /// activations (arXiv 2310.11453: E_mul = (m·p + m·n)·e_mul for m×n by n×p). Attention is FP16 in both, every
  /// token over every token.
  ///
  /// - Parameters:
  ///   - model: The shape.
  ///   - tokens: Of the prompt.
  public func ratio(of model: LanguageModel, tokens: Int) -> Double {
    let m = Double(tokens)
    let attention =
      2 * m * m * Double(model.heads * model.headDimension) * Double(model.layers) * floatPicojoules
    let products = m * Double(model.linearParameters)
    let scalings = model.matmulShapes(includingHead: false).reduce(0) {
      $0 + m * Double(($1.outFeatures + $1.inFeatures) * $1.countPerToken)
    }
    return (products * floatPicojoules + attention)
      / (products * ternaryPicojoules + scalings * multiplyPicojoules + attention)
  }
}
