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

/// One number for each of the three loops.
protocol LoopIndexed {
  var tokens: Int { get set }
  var inFeatures: Int { get set }
  var outFeatures: Int { get set }
}

extension LoopIndexed {
  /// The number of one loop.
  subscript(dimension: LoopDimension) -> Int {
    get {
      switch dimension {
      case .tokens: tokens
      case .inFeatures: inFeatures
      case .outFeatures: outFeatures
      }
    }
    set {
      switch dimension {
      case .tokens: tokens = newValue
      case .inFeatures: inFeatures = newValue
      case .outFeatures: outFeatures = newValue
      }
    }
  }
}

extension MatmulSize: LoopIndexed {}

/// In which order the loops over tiles run, outermost first.
public enum LoopOrder: String, CaseIterable, Sendable {
  case mkn, mnk, kmn, knm, nmk, nkm

  /// The loops, outermost first.
  public var loops: (outer: LoopDimension, middle: LoopDimension, inner: LoopDimension) {
    switch self {
    case .mkn: (.tokens, .inFeatures, .outFeatures)
    case .mnk: (.tokens, .outFeatures, .inFeatures)
    case .kmn: (.inFeatures, .tokens, .outFeatures)
    case .knm: (.inFeatures, .outFeatures, .tokens)
    case .nmk: (.outFeatures, .tokens, .inFeatures)
    case .nkm: (.outFeatures, .inFeatures, .tokens)
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
  /// The order of the loops over tiles.
  public var order: LoopOrder

  /// Creates a tiling.
  public init(tokens: Int, inFeatures: Int, outFeatures: Int, order: LoopOrder) {
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
