/// What the reference cannot compute.
public enum ReferenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// Sizes that no transformer has.
  case architecture(String)
  /// A tensor whose size is not the architecture's.
  case tensor(String, expected: String, found: String)
  /// No token, or one that the vocabulary does not have.
  case token(Int?, vocabulary: Int)
  /// A layer that the model does not have.
  case layer(Int, layers: Int)
  /// A residual stream that is not a whole number of tokens.
  case residual(elements: Int, hiddenSize: Int)

  /// One sentence: what is wrong and what would be right.
  public var description: String {
    switch self {
    case .architecture(let message): "the architecture cannot be computed: \(message)"
    case .tensor(let name, let expected, let found): "\(name) must have \(expected), not \(found)"
    case .token(.none, _): "there must be at least one token"
    case .token(.some(let token), let vocabulary): "token \(token) is not in 0..<\(vocabulary)"
    case .layer(let layer, let layers): "layer \(layer) is not in 0..<\(layers)"
    case .residual(let elements, let hiddenSize):
      "a residual stream of \(elements) elements is not one or more tokens of \(hiddenSize)"
    }
  }
}
