/// The size of Y[M×N] = X[M×K]·Wᵀ.
public struct MatmulSize: Sendable, Hashable {
  /// Rows of X and Y (M).
  public var tokens: Int
  /// Columns of X and W (K).
  public var inFeatures: Int
  /// Rows of W, columns of Y (N).
  public var outFeatures: Int

  /// Creates a size; all three must be positive.
  public init(tokens: Int, inFeatures: Int, outFeatures: Int) {
    self.tokens = tokens
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
  }

  /// Products to be summed, zero weights included.
  public var multiplyAccumulates: Double {
    Double(tokens) * Double(inFeatures) * Double(outFeatures)
  }
}
