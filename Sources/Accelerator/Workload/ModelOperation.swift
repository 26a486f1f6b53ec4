import Workloads

/// A step of a pass, and how often it comes up.
struct ModelOperation: Sendable, Hashable {
  /// What has to be done.
  enum Work: Sendable, Hashable {
    /// A product with a weight matrix, on the array.
    case matmul(MatmulSize)
    /// Anything else, on the vector unit.
    case vector(VectorWork)
  }

  /// What it does.
  var role: OperationRole
  /// Whether each layer does it, or the pass once.
  var scope: OperationScope
  /// What has to be done, once.
  var work: Work
}

/// Work of the vector unit.
struct VectorWork: Sendable, Hashable {
  /// Operations of lanes: one multiply-add, exponential, division or comparison each.
  var laneOperations: Double
  /// Multiply-accumulates among them that belong to matrix products: scores, values and the LM head.
  var multiplyAccumulates: Double = 0
  /// Bytes that it reads from DRAM.
  var dram = DRAMTraffic()
  /// Bytes that it reads from the weight buffer.
  var weightBufferBytes = 0.0
}

/// What a step of a pass does.
public enum OperationRole: Sendable, Hashable, CustomStringConvertible {
  /// A product with a weight matrix.
  case matrix(MatmulRole)
  /// Anything else that a chip computes.
  case vector(VectorRole)
  /// Traffic between chips.
  case exchange(ExchangeRole)

  /// The name in reports: `gate-up`, `softmax`, `all-reduce`.
  public var description: String {
    switch self {
    case .matrix(let role): role.rawValue
    case .vector(let role): role.rawValue
    case .exchange(let role): role.rawValue
    }
  }
}

/// What the vector unit does in a pass.
public enum VectorRole: String, CaseIterable, Sendable {
  /// Looking up the rows of the embedding.
  case embedding
  /// The norms before attention and feed-forward network.
  case norms
  /// To integers, for datapaths that need them.
  case quantisation
  /// From integer or unscaled sums to numbers.
  case rescaling
  /// Rotating queries and keys by their position.
  case rotation
  /// Queries times keys.
  case scores = "attention-scores"
  /// Exponentials and their sums.
  case softmax
  /// Probabilities times values.
  case values = "attention-values"
  /// SiLU of the gate times up; squared ReLU where there is no gate.
  case feedForwardActivation = "ffn-activation"
  /// The two additions to the residual stream.
  case residuals
  /// The norm after the last layer.
  case finalNorm = "final-norm"
}

/// What chips tell each other.
public enum ExchangeRole: String, CaseIterable, Sendable {
  /// Sums of partial results, after the two matrices of a layer that are cut along their in-features.
  case allReduce = "all-reduce"
  /// Hidden states, from a chip to the one with the next layers.
  case handOver = "hand-over"
}

/// How often a step of a pass comes up.
public enum OperationScope: String, CaseIterable, Sendable {
  /// In every layer.
  case layer
  /// Once.
  case pass
}
