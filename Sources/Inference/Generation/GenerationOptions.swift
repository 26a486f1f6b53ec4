/// When generation ends, and how tokens are chosen.
public struct GenerationOptions: Sendable, Hashable {
  /// Tokens that are generated at most.
  public var maximumTokens: Int
  /// Generation stops at any of these, which is not given out.
  public var endTokens: Set<Int>
  /// How the next token is chosen.
  public var sampling: SamplingOptions

  /// Options with every part given.
  public init(maximumTokens: Int, endTokens: Set<Int> = [], sampling: SamplingOptions = .greedy) {
    self.maximumTokens = maximumTokens
    self.endTokens = endTokens
    self.sampling = sampling
  }
}
