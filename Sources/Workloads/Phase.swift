/// What a model is doing: reading a prompt, many tokens at once, or writing, one token at a time.
public enum Phase: Sendable, Hashable, CustomStringConvertible {
  /// One new token (M = 1): bound by reading the weights.
  case decode
  /// A prompt of `tokens` tokens at once (M > 1): bound by arithmetic.
  case prefill(tokens: Int)

  /// The phase that multiplies this many tokens at once, `nil` below one.
  public init?(tokens: Int) {
    guard tokens > 0 else { return nil }
    self = tokens == 1 ? .decode : .prefill(tokens: tokens)
  }

  /// Rows of the activation matrix (M).
  public var tokens: Int {
    switch self {
    case .decode: 1
    case .prefill(let tokens): tokens
    }
  }

  /// `decode` or `prefill`.
  public var description: String {
    switch self {
    case .decode: "decode"
    case .prefill: "prefill"
    }
  }
}
