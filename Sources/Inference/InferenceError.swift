/// Why a model cannot be run as asked.
public enum InferenceError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The kernel multiplies by weights that the model does not have.
  case unfitKernel(kernel: String, takes: String, model: String)
  /// A token that the vocabulary lacks.
  case noSuchToken(token: Int, vocabulary: Int)
  /// Nothing to begin with.
  case noTokens
  /// The cache is full.
  case contextFull(tokens: Int, capacity: Int)
  /// The model computes infinities or what is no number.
  case scoresAreNotFinite
  /// The user ended it.
  case interrupted

  /// One sentence.
  public var description: String {
    switch self {
    case .unfitKernel(let kernel, let takes, let model):
      "kernel '\(kernel)' multiplies by \(takes) weights, but those of the model are \(model): choose another one"
    case .noSuchToken(let token, let vocabulary):
      "token \(token) is not in the vocabulary of \(vocabulary)"
    case .noTokens:
      "there is no token to begin with: give a prompt that is not empty"
    case .contextFull(let tokens, let capacity):
      "\(tokens) tokens do not fit into a context of \(capacity)"
    case .scoresAreNotFinite:
      "the scores of the model are not finite: its embedding, norms or scales hold values that are not, or too large"
    case .interrupted:
      "interrupted"
    }
  }
}
