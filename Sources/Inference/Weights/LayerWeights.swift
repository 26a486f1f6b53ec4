import KernelZoo
import ModelFiles

/// The weights of one transformer layer, ready for one packing's kernels.
struct LayerWeights: Sendable {
  /// In the order of ``LinearRole/allCases``.
  let linears: [PackedWeights]
  let attentionNorm: [Float]
  let attentionSubNorm: [Float]?
  let feedForwardNorm: [Float]
  let feedForwardSubNorm: [Float]?

  /// - Parameters:
  ///   - linears: One for each role, in their order.
  ///   - hasSubNorms: Whether the layer has norms before its output and narrowing projections.
  ///   - norm: Gives the weights of a norm.
  init(linears: [PackedWeights], hasSubNorms: Bool, norm: (NormRole) throws -> [Float]) rethrows {
    precondition(linears.count == LinearRole.allCases.count, "one matrix for each role")
    self.linears = linears
    attentionNorm = try norm(.attention)
    attentionSubNorm = hasSubNorms ? try norm(.attentionSub) : nil
    feedForwardNorm = try norm(.feedForward)
    feedForwardSubNorm = hasSubNorms ? try norm(.feedForwardSub) : nil
  }

  subscript(role: LinearRole) -> PackedWeights {
    switch role {
    case .query: linears[0]
    case .key: linears[1]
    case .value: linears[2]
    case .output: linears[3]
    case .gate: linears[4]
    case .up: linears[5]
    case .down: linears[6]
    }
  }
}
