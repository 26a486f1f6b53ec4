/// How the next token is chosen from the scores of the vocabulary.
public struct SamplingOptions: Sendable, Hashable {
  /// Scores are divided by this before they become probabilities; 0 takes the highest score.
  public var temperature: Float
  /// Only so many of the highest scores take part; 0 for all.
  public var topK: Int
  /// Only the most likely tokens whose probabilities together reach this take part; 1 for all.
  public var topP: Float
  /// Of the random choices.
  public var seed: UInt64

  /// The highest score.
  public static let greedy = SamplingOptions(temperature: 0)

  /// Options with every part given.
  public init(temperature: Float, topK: Int = 0, topP: Float = 1, seed: UInt64 = 1) {
    self.temperature = temperature
    self.topK = topK
    self.topP = topP
    self.seed = seed
  }
}
