extension ModelArchitecture {
  /// The members of `config.json` of a model of this architecture, with the keys and in the order of the official
  /// file of BitNet b1.58 2B4T.
  ///
  /// - Parameters:
  ///   - isPacked: Whether ternary matrices lie as packed bytes.
  ///   - floatType: The type of most floats.
  ///   - tokenizer: For the numbers of the tokens that begin and end a text.
  func huggingFaceConfiguration(
    isPacked: Bool, floatType: TensorElementType, tokenizer: TokenizerDescription?
  ) -> [(key: String, value: String)] {
    let isLLaMA = name == "llama"
    var members: [(key: String, value: String)] = [
      ("_name_or_path", JSONText.string(title)),
      (
        "architectures", JSONText.array([JSONText.string(isLLaMA ? "LlamaForCausalLM" : "BitNetForCausalLM")])
      ),
    ]
    if isLLaMA { members += [("attention_bias", "false")] }
    if let begin = tokenizer?.beginOfText { members.append(("bos_token_id", "\(begin)")) }
    if let end = tokenizer?.endOfText { members.append(("eos_token_id", "\(end)")) }
    // What readers take where it is missing.
    if heads.multipliedReportingOverflow(by: headDimension) != (hiddenSize, false) {
      members.append(("head_dim", "\(headDimension)"))
    }
    members += [
      ("hidden_act", JSONText.string(activation.rawValue)),
      ("hidden_size", "\(hiddenSize)"),
      ("initializer_range", "0.02"),
      ("intermediate_size", "\(intermediateSize)"),
      ("max_position_embeddings", "\(contextLength)"),
    ]
    if isLLaMA { members.append(("mlp_bias", "false")) }
    members += [
      ("model_type", JSONText.string(isLLaMA ? "llama" : "bitnet")),
      ("num_attention_heads", "\(heads)"),
      ("num_hidden_layers", "\(layers)"),
      ("num_key_value_heads", "\(keyValueHeads)"),
      ("rms_norm_eps", "\(normEpsilon)"),
      ("rope_theta", "\(rotaryBase)"),
      ("tie_word_embeddings", "\(tiedEmbeddings)"),
      ("torch_dtype", JSONText.string(floatType.torchName)),
      ("use_cache", "true"),
      ("vocab_size", "\(vocabulary)"),
    ]
    if isTernary {
      // "online" layers quantise floats whenever they compute, "offline" ones have packed bytes.
      members.append(
        (
          "quantization_config",
          JSONText.object([
            ("quant_method", JSONText.string("bitnet")),
            ("linear_class", JSONText.string("autobitlinear")),
            ("quantization_mode", JSONText.string(isPacked ? "offline" : "online")),
          ])
        ))
    }
    return members
  }
}

extension TensorElementType {
  /// The name in PyTorch of a type of floats.
  fileprivate var torchName: String {
    switch self {
    case .float32: "float32"
    case .bfloat16: "bfloat16"
    default: "float16"
    }
  }
}
