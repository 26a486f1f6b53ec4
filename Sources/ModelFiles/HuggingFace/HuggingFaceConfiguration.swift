/// What `config.json` of a Hugging Face model says, as far as computing it needs to know.
struct HuggingFaceConfiguration: Sendable, Equatable {
  /// What `weight_scale` of a packed matrix is.
  enum ScaleConvention: Sendable, Equatable {
    /// The codes are multiplied with it: linear class `autobitlinear`.
    case factor
    /// The codes are divided by it: linear class `bitlinear`.
    case divisor
  }

  /// The longest file read: real ones have a few thousand bytes.
  static let maximumBytes = 1_000_000

  /// Without sub-norms, which only the tensors tell.
  var architecture: ModelArchitecture
  /// Whether the model may have sub-norms.
  let mayHaveSubNorms: Bool
  /// `nil` if the file says nothing of BitNet's quantisation, so that packed bytes would mean nothing.
  let scaleConvention: ScaleConvention?

  /// - Parameters:
  ///   - title: What to call a model whose file does not say.
  /// - Throws: ``ModelFileError`` if a value is missing, out of range, or asks for what this project does not compute.
  init(_ json: JSONObject, title: String) throws(ModelFileError) {
    let family = try Family(json)
    try Self.refuseUnknownParts(of: json)
    scaleConvention = try Self.scaleConvention(json)
    let activation = try Self.activation(json, family: family)
    let hidden = try Self.count("hidden_size", in: json)
    let heads = try Self.count("num_attention_heads", in: json)
    let keyValueHeads = try json.integer("num_key_value_heads", in: 1...Self.largest) ?? heads
    guard heads % keyValueHeads == 0 else {
      throw json.wrong("num_key_value_heads", "a divisor of the \(heads) attention heads")
    }
    let headDimension = try Self.headDimension(json, hidden: hidden, heads: heads)
    mayHaveSubNorms = family != .llama
    architecture = ModelArchitecture(
      name: family == .llama ? "llama" : activation == .squaredReLU ? "bitnet-b1.58" : "bitnet",
      title: try json.string("_name_or_path").flatMap { $0.isEmpty ? nil : $0 } ?? title,
      vocabulary: try Self.count("vocab_size", in: json),
      contextLength: try json.required(
        try json.integer("max_position_embeddings", in: 1...1 << 30), "max_position_embeddings"),
      hiddenSize: hidden,
      intermediateSize: try Self.count("intermediate_size", in: json),
      layers: try json.required(try json.integer("num_hidden_layers", in: 1...10_000), "num_hidden_layers"),
      heads: heads, keyValueHeads: keyValueHeads, headDimension: headDimension,
      normEpsilon: Float(try json.number("rms_norm_eps", in: 1e-12...0.1) ?? family.defaultNormEpsilon),
      rotaryBase: try Self.rotaryBase(json) ?? family.defaultRotaryBase,
      rotaryPairs: .halves, activation: activation, hasSubNorms: false,
      tiedEmbeddings: try json.boolean("tie_word_embeddings") ?? false,
      isTernary: family != .llama || scaleConvention != nil)
  }

  /// The most of anything that is counted: twice what the largest models have, and small enough that products of
  /// two fit 64 bits.
  private static let largest = 1 << 24

  private static func count(_ key: String, in json: JSONObject) throws(ModelFileError) -> Int {
    try json.required(try json.integer(key, in: 1...largest), key)
  }

  private static func headDimension(_ json: JSONObject, hidden: Int, heads: Int) throws(ModelFileError) -> Int
  {
    let given = try json.integer("head_dim", in: 2...1 << 16)
    if given == nil, hidden % heads != 0 {
      throw json.wrong("hidden_size", "a multiple of the \(heads) attention heads, as there is no head_dim")
    }
    let dimension = given ?? hidden / heads
    guard dimension % 2 == 0, dimension > 0 else {
      throw json.failure(
        "has heads of \(dimension) elements, expected an even number for the rotary embedding")
    }
    return dimension
  }

  private static func activation(
    _ json: JSONObject, family: Family
  ) throws(ModelFileError) -> ModelArchitecture.Activation {
    let name = try json.string("hidden_act") ?? family.defaultActivation.rawValue
    guard let activation = ModelArchitecture.Activation(rawValue: name),
      activation == .silu || family == .transformersBitNet
    else {
      throw json.wrong("hidden_act", family == .transformersBitNet ? "relu2 or silu" : "silu")
    }
    return activation
  }

  /// transformers 5 moves the base into `rope_parameters`.
  private static func rotaryBase(_ json: JSONObject) throws(ModelFileError) -> Double? {
    let range = 1...1e12
    if let base = try json.number("rope_theta", in: range) { return base }
    return try json.object("rope_parameters")?.number("rope_theta", in: range)
  }

  private static func scaleConvention(_ json: JSONObject) throws(ModelFileError) -> ScaleConvention? {
    guard let quantization = try json.object("quantization_config") else { return nil }
    guard try quantization.string("quant_method") == "bitnet" else {
      throw quantization.wrong("quant_method", "\"bitnet\", the only quantisation that is read")
    }
    guard try quantization.boolean("use_rms_norm") != true else {
      throw quantization.wrong("use_rms_norm", "false: norms inside of linear layers are not computed")
    }
    let mode = try quantization.string("quantization_mode")
    guard mode == nil || mode == "online" || mode == "offline" else {
      throw quantization.wrong("quantization_mode", "\"online\" or \"offline\"")
    }
    switch try quantization.string("linear_class") ?? "bitlinear" {
    case "bitlinear": return .divisor
    case "autobitlinear": return .factor
    default: throw quantization.wrong("linear_class", "\"bitlinear\" or \"autobitlinear\"")
    }
  }

  /// Parts of other models under the same names: computing them without would give nonsense.
  private static func refuseUnknownParts(of json: JSONObject) throws(ModelFileError) {
    for key in ["rope_scaling", "rope_parameters"] {
      guard let scaling = try json.object(key) else { continue }
      for typeKey in ["rope_type", "type"] {
        guard let type = try scaling.string(typeKey), type != "default" else { continue }
        throw scaling.wrong(typeKey, "\"default\": scaled rotary embeddings are not computed")
      }
    }
    for key in ["attention_bias", "mlp_bias", "use_bias"] where try json.boolean(key) == true {
      throw json.wrong(key, "false: linear layers are computed without bias")
    }
    for key in ["sliding_window", "num_local_experts", "num_experts"] where json[key] != nil {
      throw json.wrong(key, "none: such a model is not computed")
    }
    if let share = try json.number("partial_rotary_factor", in: 0...1), share != 1 {
      throw json.wrong("partial_rotary_factor", "1: heads are turned as a whole")
    }
    for (key, bits) in [("input_bits", 8), ("weight_bits", 1)] {
      if let found = try json.integer(key, in: 1...64), found != bits {
        throw json.wrong(key, "\(bits): the models computed have ternary weights and 8-bit activations")
      }
    }
  }
}
