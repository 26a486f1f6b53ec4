extension TensorRole {
  /// The tensor's name in GGUF files (ggml-org/llama.cpp, gguf-py/gguf/constants.py).
  public var ggufName: String {
    switch self {
    case .embedding: "token_embd.weight"
    case .outputNorm: "output_norm.weight"
    case .head: "output.weight"
    case .linear(let role, let layer): "blk.\(layer).\(role.ggufName).weight"
    case .norm(let role, let layer): "blk.\(layer).\(role.ggufName).weight"
    }
  }

  /// The role of the tensor of that name, `nil` if there is none.
  public init?(ggufName name: String) {
    let parts = name.split(separator: ".", omittingEmptySubsequences: false)
    guard parts.last == "weight" else { return nil }
    switch parts.count {
    case 2:
      guard let role = [Self.embedding, .outputNorm, .head].first(where: { $0.ggufName == name }) else {
        return nil
      }
      self = role
    case 4:
      // Written back, so that "01" and "+1" are no layers.
      guard parts[0] == "blk", let layer = Int(parts[1]), layer >= 0, String(layer) == parts[1] else {
        return nil
      }
      if let role = LinearRole.allCases.first(where: { $0.ggufName == parts[2] }) {
        self = .linear(role, layer: layer)
      } else if let role = NormRole.allCases.first(where: { $0.ggufName == parts[2] }) {
        self = .norm(role, layer: layer)
      } else {
        return nil
      }
    default: return nil
    }
  }
}

extension LinearRole {
  /// The part of the name between layer and `weight`.
  var ggufName: String {
    switch self {
    case .query: "attn_q"
    case .key: "attn_k"
    case .value: "attn_v"
    case .output: "attn_output"
    case .gate: "ffn_gate"
    case .up: "ffn_up"
    case .down: "ffn_down"
    }
  }

  /// The name of the number that the weights are to be multiplied by, which llama.cpp writes for `bitnet`.
  func ggufScaleName(layer: Int) -> String { "blk.\(layer).\(ggufName).scale" }
}

extension NormRole {
  /// The part of the name between layer and `weight`.
  var ggufName: String {
    switch self {
    case .attention: "attn_norm"
    case .attentionSub: "attn_sub_norm"
    case .feedForward: "ffn_norm"
    case .feedForwardSub: "ffn_sub_norm"
    }
  }
}
