/// What was generated, and what it took.
public struct Generation: Sendable, Hashable {
  /// Why no further token came.
  public enum End: String, Sendable {
    /// As many as were wanted.
    case limit
    /// The model ended its text.
    case endToken
    /// The context is full.
    case contextFull
    /// The user ended it.
    case interrupted
  }

  /// Generated tokens, without the one that ended it.
  public internal(set) var tokens: [Int] = []
  /// Why it ended.
  public internal(set) var end = End.limit
  /// Tokens of the prompt.
  public internal(set) var promptTokens = 0
  /// From the first pass to the scores after the prompt.
  public internal(set) var prefillSeconds = 0.0
  /// Each decoded token: from the choice of one token to the scores after it.
  public internal(set) var decodeSeconds: [Double] = []
  /// Of the prompt's passes.
  public internal(set) var prefillTimes = TimeByPart()
  /// Of all decoded tokens together.
  public internal(set) var decodeTimes = TimeByPart()

  /// Tokens of the prompt a second.
  public var prefillTokensPerSecond: Double { Double(promptTokens) / prefillSeconds }
  /// Decoded tokens a second, all together; `nil` before the second token.
  public var decodeTokensPerSecond: Double? {
    decodeSeconds.isEmpty ? nil : Double(decodeSeconds.count) / decodeSeconds.reduce(0, +)
  }
}
