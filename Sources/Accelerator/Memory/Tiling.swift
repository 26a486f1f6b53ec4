/// The three matrices of Y[M×N] = X[M×K]·Wᵀ.
public enum Operand: String, CaseIterable, Sendable {
  /// W.
  case weights
  /// X.
  case activations
  /// Y and its partial sums.
  case outputs
}

/// The three loops of a matmul.
public enum LoopDimension: String, CaseIterable, Sendable {
  /// M.
  case tokens = "m"
  /// K.
  case inFeatures = "k"
  /// N.
  case outFeatures = "n"

  /// Whether the tile of an operand changes with this loop.
  public func indexes(_ operand: Operand) -> Bool {
    switch (self, operand) {
    case (.tokens, .weights), (.inFeatures, .outputs), (.outFeatures, .activations): false
    default: true
    }
  }
}

/// How a matmul is cut into tiles that fit the buffers, and in which order they are visited.
public struct Tiling: Sendable, Hashable {
  /// Rows of X in a tile.
  public var tokens: Int
  /// In-features of a tile.
  public var inFeatures: Int
  /// Out-features of a tile.
  public var outFeatures: Int
  /// The loops over tiles, outermost first: a permutation of all three.
  public var order: [LoopDimension]

  /// Creates a tiling.
  public init(tokens: Int, inFeatures: Int, outFeatures: Int, order: [LoopDimension]) {
    self.tokens = tokens
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    self.order = order
  }

  /// The size of a whole tile.
  public var size: MatmulSize {
    MatmulSize(tokens: tokens, inFeatures: inFeatures, outFeatures: outFeatures)
  }
}
