import Workloads

/// In what one model is said to beat another, and doing what.
struct EquivalenceQuantity: Sendable, Hashable {
  enum Figure: String, Sendable, CaseIterable {
    case latency, memory, energy
  }

  let figure: Figure
  let phase: Phase

  /// Tokens of the sequence, new ones included.
  static let context = 512
  static let prompt = Phase.prefill(tokens: context)

  /// Memory is that of a sequence of ``context`` tokens, whatever is being done with it.
  static let all =
    [EquivalenceQuantity(figure: .memory, phase: .decode)]
    + [Figure.latency, .energy].flatMap { figure in
      [Phase.decode, prompt].map { EquivalenceQuantity(figure: figure, phase: $0) }
    }
}
