/// A weight matrix of a transformer layer, in the order of the computation.
public enum LinearRole: String, CaseIterable, Sendable {
  /// Query projection.
  case query = "q"
  /// Key projection.
  case key = "k"
  /// Value projection.
  case value = "v"
  /// Output projection of the attention.
  case output = "o"
  /// Gate of the feed-forward network.
  case gate
  /// Widening matrix of the feed-forward network.
  case up
  /// Narrowing matrix of the feed-forward network.
  case down
}

/// The weights of an RMSNorm of a transformer layer.
public enum NormRole: String, CaseIterable, Sendable {
  /// Before the attention.
  case attention
  /// Before the output projection: BitNet b1.58 only.
  case attentionSub
  /// Before the feed-forward network.
  case feedForward
  /// Before the narrowing matrix: BitNet b1.58 only.
  case feedForwardSub
}

/// What a tensor of a model is for.
public enum TensorRole: Hashable, Sendable {
  /// Vocabulary × hidden size; also the LM head when the model has none of its own.
  case embedding
  /// The norm before the LM head.
  case outputNorm
  /// The LM head, vocabulary × hidden size.
  case head
  /// A matrix of one layer.
  case linear(LinearRole, layer: Int)
  /// A norm of one layer.
  case norm(NormRole, layer: Int)
}
