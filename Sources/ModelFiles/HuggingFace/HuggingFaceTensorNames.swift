/// The names of tensors in Hugging Face's decoder-only models.
enum HuggingFaceTensorNames {
  /// How a model calls its sub-norms.
  enum SubNorms: Sendable, CaseIterable {
    /// transformers' BitNetForCausalLM.
    case transformers
    /// 1bitLLM's BitnetForCausalLM.
    case firstModels
  }

  static let embedding = "model.embed_tokens.weight"
  static let head = "lm_head.weight"

  static func name(of role: TensorRole, subNorms: SubNorms) -> String {
    switch role {
    case .embedding: embedding
    case .outputNorm: "model.norm.weight"
    case .head: head
    case .linear(let linear, let layer): "model.layers.\(layer).\(part(of: linear)).weight"
    case .norm(let norm, let layer): "model.layers.\(layer).\(part(of: norm, subNorms: subNorms)).weight"
    }
  }

  /// Beside the packed bytes of a linear layer: what its codes are to be multiplied with or divided by.
  static func scaleName(of linear: LinearRole, layer: Int) -> String {
    "model.layers.\(layer).\(part(of: linear)).weight_scale"
  }

  private static func part(of linear: LinearRole) -> String {
    switch linear {
    case .query: "self_attn.q_proj"
    case .key: "self_attn.k_proj"
    case .value: "self_attn.v_proj"
    case .output: "self_attn.o_proj"
    case .gate: "mlp.gate_proj"
    case .up: "mlp.up_proj"
    case .down: "mlp.down_proj"
    }
  }

  private static func part(of norm: NormRole, subNorms: SubNorms) -> String {
    switch (norm, subNorms) {
    case (.attention, _): "input_layernorm"
    case (.feedForward, _): "post_attention_layernorm"
    case (.attentionSub, .transformers): "self_attn.attn_sub_norm"
    case (.attentionSub, .firstModels): "self_attn.inner_attn_ln"
    case (.feedForwardSub, .transformers): "mlp.ffn_sub_norm"
    case (.feedForwardSub, .firstModels): "mlp.ffn_layernorm"
    }
  }
}
