import Testing

@testable import ModelFiles

@Suite struct HuggingFaceConfigurationTests {
  func read(_ json: String) throws -> HuggingFaceConfiguration {
    var text = json
    let value = try text.withUTF8 { try JSONValue.parse(UnsafeRawBufferPointer($0), file: "config.json") }
    return try HuggingFaceConfiguration(try JSONObject(value, file: "config.json"), title: "folder")
  }

  /// As of microsoft/bitnet-b1.58-2B-4T.
  static let bitNet2B4T = """
    {"architectures": ["BitNetForCausalLM"], "auto_map": {"AutoConfig": "configuration_bitnet.BitNetConfig"},
     "bos_token_id": 128000, "eos_token_id": 128001, "hidden_act": "relu2", "hidden_size": 2560,
     "initializer_range": 0.02, "intermediate_size": 6912, "max_position_embeddings": 4096,
     "model_type": "bitnet", "rms_norm_eps": 1e-05, "num_attention_heads": 20, "num_hidden_layers": 30,
     "num_key_value_heads": 5, "rope_theta": 500000.0, "tie_word_embeddings": true,
     "torch_dtype": "bfloat16", "use_cache": true, "vocab_size": 128256,
     "quantization_config": {"quant_method": "bitnet", "linear_class": "autobitlinear",
                             "quantization_mode": "offline"}}
    """

  @Test func bitNet2B4TIsRead() throws {
    let configuration = try read(Self.bitNet2B4T)
    #expect(
      configuration.architecture
        == ModelArchitecture(
          name: "bitnet-b1.58", title: "folder", vocabulary: 128256, contextLength: 4096, hiddenSize: 2560,
          intermediateSize: 6912, layers: 30, heads: 20, keyValueHeads: 5, headDimension: 128,
          normEpsilon: 1e-5, rotaryBase: 500_000, rotaryPairs: .halves, activation: .squaredReLU,
          hasSubNorms: false, tiedEmbeddings: true, isTernary: true))
    #expect(configuration.mayHaveSubNorms)
    #expect(configuration.scaleConvention == .factor)
  }

  @Test func theFirstBitNetModelsAreRead() throws {
    let configuration = try read(
      """
      {"_name_or_path": "1bitLLM/bitnet_b1_58-large", "architectures": ["BitnetForCausalLM"],
       "attention_bias": false, "hidden_act": "silu", "hidden_size": 1536, "input_bits": 8, "weight_bits": 1,
       "intermediate_size": 4096, "max_position_embeddings": 2048, "model_type": "llama", "num_attention_heads": 16,
       "num_hidden_layers": 24, "num_key_value_heads": 16, "rms_norm_eps": 1e-05, "rope_scaling": null,
       "rope_theta": 10000.0, "tie_word_embeddings": true, "vocab_size": 32002}
      """)
    let architecture = configuration.architecture
    #expect((architecture.name, architecture.title) == ("bitnet", "1bitLLM/bitnet_b1_58-large"))
    #expect((architecture.headDimension, architecture.activation) == (96, .silu))
    #expect(architecture.isTernary && configuration.mayHaveSubNorms && configuration.scaleConvention == nil)
  }

  @Test(arguments: [
    ("", false, nil as HuggingFaceConfiguration.ScaleConvention?),
    (#", "quantization_config": {"quant_method": "bitnet"}"#, true, .divisor),
    (
      #", "quantization_config": {"quant_method": "bitnet", "linear_class": "bitlinear", "modules_to_not_convert": null}"#,
      true, .divisor
    ),
    (
      #", "quantization_config": {"quant_method": "bitnet", "linear_class": "autobitlinear", "quantization_mode": "online"}"#,
      true, .factor
    ),
  ])
  func llamaIsTernaryWhenQuantised(
    quantization: String, isTernary: Bool, convention: HuggingFaceConfiguration.ScaleConvention?
  ) throws {
    let configuration = try read(
      """
      {"model_type": "llama", "hidden_size": 64, "intermediate_size": 128, "max_position_embeddings": 2048,
       "num_attention_heads": 4, "num_hidden_layers": 2, "vocab_size": 100,
       "rope_parameters": {"rope_type": "default", "rope_theta": 5e5} \(quantization)}
      """)
    let architecture = configuration.architecture
    #expect(architecture.isTernary == isTernary && configuration.scaleConvention == convention)
    #expect(architecture.name == "llama" && !configuration.mayHaveSubNorms && !architecture.tiedEmbeddings)
    #expect((architecture.keyValueHeads, architecture.normEpsilon, architecture.rotaryBase) == (4, 1e-6, 5e5))
  }

  /// Each change of one member, and what is said about it.
  @Test(
    arguments: [
      (
        "architectures", #"["GPT2LMHeadModel"]"#,
        "is of a model of architecture \"GPT2LMHeadModel\", expected one"
      ),
      ("architectures", #"["LlamaForCausalLM", "BitNetForCausalLM"]"#, "is of a model of architecture"),
      ("architectures", #"[7]"#, "is of a model of architecture 7, expected one of BitNetForCausalLM"),
      ("architectures", #""LlamaForCausalLM""#, "has 'architectures' \"LlamaForCausalLM\", expected a list"),
      ("architectures", nil, "has 'model_type' missing, expected \"bitnet\" or \"llama\""),
      ("hidden_size", nil, "has no 'hidden_size'"),
      ("hidden_size", "null", "has no 'hidden_size'"),
      ("hidden_size", "\"24\"", "has 'hidden_size' \"24\", expected a whole number from 1 to 16777216"),
      ("hidden_size", "24.5", "has 'hidden_size' 24.5, expected a whole number"),
      ("hidden_size", "0", "has 'hidden_size' 0, expected a whole number"),
      ("hidden_size", "-24", "has 'hidden_size' -24, expected a whole number"),
      ("hidden_size", "true", "has 'hidden_size' true, expected a whole number"),
      ("hidden_size", "1e300", "has 'hidden_size' 1e+300, expected a whole number"),
      (
        "hidden_size", "9223372036854775808",
        "has 'hidden_size' 9.223372036854776e+18, expected a whole number"
      ),
      ("intermediate_size", "[]", "has 'intermediate_size' a list, expected a whole number"),
      (
        "num_hidden_layers", "10001", "has 'num_hidden_layers' 10001, expected a whole number from 1 to 10000"
      ),
      ("num_attention_heads", "16777217", "has 'num_attention_heads' 16777217, expected"),
      (
        "num_key_value_heads", "3", "has 'num_key_value_heads' 3, expected a divisor of the 4 attention heads"
      ),
      ("num_key_value_heads", "0", "has 'num_key_value_heads' 0, expected a whole number from 1"),
      ("head_dim", "5", "has heads of 5 elements, expected an even number"),
      ("vocab_size", "16777217", "has 'vocab_size' 16777217"),
      ("max_position_embeddings", "0", "has 'max_position_embeddings' 0"),
      ("rms_norm_eps", "0", "has 'rms_norm_eps' 0, expected a number from 1e-12 to 0.1"),
      ("rms_norm_eps", "\"tiny\"", "has 'rms_norm_eps' \"tiny\", expected a number"),
      ("rope_theta", "0.5", "has 'rope_theta' 0.5, expected a number from 1.0 to"),
      (
        "rope_scaling", #"{"type": "linear", "factor": 2}"#,
        "has 'rope_scaling.type' \"linear\", expected \"default\": scaled"
      ),
      (
        "rope_scaling", #"{"rope_type": "llama3"}"#,
        "has 'rope_scaling.rope_type' \"llama3\", expected \"default\": scaled"
      ),
      ("rope_parameters", #"{"rope_type": "yarn"}"#, "has 'rope_parameters.rope_type' \"yarn\""),
      ("attention_bias", "true", "has 'attention_bias' true, expected false: linear layers"),
      ("mlp_bias", "true", "has 'mlp_bias' true, expected false: linear layers"),
      ("sliding_window", "4096", "has 'sliding_window' 4096, expected none"),
      ("partial_rotary_factor", "0.5", "has 'partial_rotary_factor' 0.5, expected 1"),
      ("input_bits", "4", "has 'input_bits' 4, expected 8"),
      ("hidden_act", #""gelu""#, "has 'hidden_act' \"gelu\", expected relu2 or silu"),
      ("tie_word_embeddings", "1", "has 'tie_word_embeddings' 1, expected true or false"),
      ("quantization_config", "[]", "has 'quantization_config' a list, expected an object"),
      (
        "quantization_config", #"{"quant_method": "gptq"}"#,
        "has 'quantization_config.quant_method' \"gptq\", expected \"bitnet\""
      ),
      ("quantization_config", "{}", "has 'quantization_config.quant_method' missing, expected \"bitnet\""),
      (
        "quantization_config", #"{"quant_method": "bitnet", "linear_class": "x"}"#,
        "has 'quantization_config.linear_class' \"x\", expected \"bitlinear\" or"
      ),
      (
        "quantization_config", #"{"quant_method": "bitnet", "quantization_mode": "x"}"#,
        "has 'quantization_config.quantization_mode' \"x\""
      ),
      (
        "quantization_config", #"{"quant_method": "bitnet", "use_rms_norm": true}"#,
        "has 'quantization_config.use_rms_norm' true, expected false"
      ),
    ] as [(String, String?, String)])
  func whatIsNotComputedIsRefused(key: String, value: String?, expected: String) throws {
    do {
      _ = try read(SyntheticModel(changes: [key: value]).configuration)
      Issue.record("\(key) \(value ?? "missing") was accepted")
    } catch let error as ModelFileError {
      #expect(error.description.contains("config.json: " + expected), "\(error)")
    }
  }

  @Test func withoutHeadDimensionTheWidthMustDivide() throws {
    #expect(throws: ModelFileError.self) {
      try read(SyntheticModel(hidden: 25, changes: ["head_dim": nil]).configuration)
    }
    let configuration = try read(SyntheticModel(changes: ["head_dim": nil]).configuration)
    #expect(configuration.architecture.headDimension == 6)
  }

  @Test func llamaHasNoSquaredReLU() throws {
    #expect(throws: ModelFileError.self) {
      try read(
        SyntheticModel(classes: "LlamaForCausalLM", changes: ["hidden_act": "\"relu2\""]).configuration)
    }
  }
}
