/// Reads the architecture from the metadata of a GGUF file.
struct GGUFArchitecture {
  /// What can be computed.
  static let names = ["bitnet-b1.58", "bitnet-25", "bitnet", "llama"]
  /// The most layers of a model that is read.
  static let maximumLayers = 1_000
  /// The largest of other counts: widths, tokens.
  static let maximumCount = 1 << 24

  /// The activation of an architecture whose file does not name one.
  static func defaultActivation(of name: String) -> ModelArchitecture.Activation {
    name == "bitnet-b1.58" || name == "bitnet-25" ? .squaredReLU : .silu
  }

  private let file: GGUFFile
  private let name: String

  /// - Throws: ``ModelFileError`` if the file does not say, or cannot be computed.
  init(of file: GGUFFile) throws(ModelFileError) {
    self.file = file
    name = try file.requiredValue(of: "general.architecture", as: String.self)
    guard Self.names.contains(name) else {
      throw failure(
        "has the architecture '\(excerpt(name))', expected one of \(Self.names.joined(separator: ", "))")
    }
  }

  /// The architecture, every number checked.
  func read() throws(ModelFileError) -> ModelArchitecture {
    try refuseUnsupported()
    let hiddenSize = try count("embedding_length")
    let heads = try count("attention.head_count")
    let keyValueHeads = try optionalCount("attention.head_count_kv") ?? heads
    guard heads % keyValueHeads == 0 else {
      throw failure("has \(heads) query heads, no multiple of its \(keyValueHeads) key and value heads")
    }
    let title = try file.value(of: "general.name", as: String.self)
    return ModelArchitecture(
      name: name, title: title ?? name, vocabulary: try vocabulary(),
      contextLength: try count("context_length"), hiddenSize: hiddenSize,
      intermediateSize: try count("feed_forward_length"),
      layers: try count("block_count", atMost: Self.maximumLayers), heads: heads,
      keyValueHeads: keyValueHeads,
      headDimension: try headDimension(hiddenSize: hiddenSize, heads: heads), normEpsilon: try normEpsilon(),
      rotaryBase: try rotaryBase(), rotaryPairs: name == "llama" ? .neighbours : .halves,
      activation: try activation(), hasSubNorms: name != "llama",
      tiedEmbeddings: file.tensor(named: TensorRole.head.ggufName) == nil, isTernary: try isTernary())
  }

  private func headDimension(hiddenSize: Int, heads: Int) throws(ModelFileError) -> Int {
    let length = try optionalCount("attention.key_length")
    guard length != nil || hiddenSize % heads == 0 else {
      throw failure("has \(heads) heads, which do not divide its width of \(hiddenSize)")
    }
    let dimension = length ?? hiddenSize / heads
    guard dimension % 2 == 0 else {
      throw failure("has heads of \(dimension) elements, expected an even number")
    }
    for key in ["attention.value_length", "rope.dimension_count"] {
      if let other = try optionalCount(key), other != dimension {
        throw failure("has \(other) as \(name).\(key), expected the \(dimension) elements of a head")
      }
    }
    guard !heads.multipliedReportingOverflow(by: dimension).overflow, heads * dimension <= Self.maximumCount
    else { throw failure("has \(heads) heads of \(dimension) elements, more than are read") }
    return dimension
  }

  private func vocabulary() throws(ModelFileError) -> Int {
    if let size = try optionalCount("vocab_size") { return size }
    let embedding = TensorRole.embedding.ggufName
    guard let rows = file.tensor(named: embedding)?.rows, (1...Self.maximumCount).contains(rows) else {
      throw ModelFileError(
        file: file.path, tensor: embedding, message: "does not say how many tokens there are, nor does a key")
    }
    return rows
  }

  private func normEpsilon() throws(ModelFileError) -> Float {
    let key = name + ".attention.layer_norm_rms_epsilon"
    let epsilon = Float(try file.requiredValue(of: key, as: Double.self))
    guard epsilon.isFinite, epsilon >= 0 else {
      throw failure("has \(epsilon) as \(key), expected a number from 0")
    }
    return epsilon
  }

  private func rotaryBase() throws(ModelFileError) -> Double {
    let key = name + ".rope.freq_base"
    let base = try file.value(of: key, as: Double.self) ?? 10_000
    guard base.isFinite, base >= 1 else { throw failure("has \(base) as \(key), expected a number from 1") }
    return base
  }

  private func activation() throws(ModelFileError) -> ModelArchitecture.Activation {
    guard let text = try file.value(of: name + ".hidden_activation", as: String.self) else {
      return Self.defaultActivation(of: name)
    }
    guard let activation = ModelArchitecture.Activation(rawValue: text) else {
      let known = ModelArchitecture.Activation.allCases.map(\.rawValue).joined(separator: " or ")
      throw failure("has the activation '\(excerpt(text))', expected \(known)")
    }
    return activation
  }

  /// BitNet architectures are; of `llama`, models like Falcon3-1.58 whose matrices are stored so.
  private func isTernary() throws(ModelFileError) -> Bool {
    guard name == "llama" else { return true }
    let matrices = file.tensors.filter { tensor in
      if case .linear = TensorRole(ggufName: tensor.name) { return true }
      return false
    }
    let ternary = matrices.count { $0.type.elementType?.isTernary == true }
    guard ternary == 0 || ternary == matrices.count else {
      throw failure(
        "has \(ternary) ternary matrices of \(matrices.count), expected all or none: a layer's activations are "
          + "either quantised or not")
    }
    return ternary > 0
  }

  private func count(_ key: String, atMost limit: Int = maximumCount) throws(ModelFileError) -> Int {
    guard let count = try optionalCount(key, atMost: limit) else {
      throw failure("has no key '\(name).\(key)', expected a whole number")
    }
    return count
  }

  private func optionalCount(_ key: String, atMost limit: Int = maximumCount) throws(ModelFileError) -> Int? {
    guard let count = try file.value(of: "\(name).\(key)", as: Int.self) else { return nil }
    guard (1...limit).contains(count) else {
      throw failure("has \(count) as \(name).\(key), expected 1 to \(limit)")
    }
    return count
  }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file.path, tensor: nil, message: message)
  }
}

extension GGUFArchitecture {
  /// Keys that change what is computed, unless they have the value that changes nothing.
  private func refuseUnsupported() throws(ModelFileError) {
    for key in ["expert_count", "expert_used_count", "expert_shared_count"] {
      try refuse(key, as: "experts") { Int($0) == 0 }
    }
    try refuse("attention.sliding_window", as: "a sliding window of attention") { Int($0) == 0 }
    try refuse("attention.causal", as: "attention to later tokens") { Bool($0) == true }
    for key in ["attention.clamp_kqv", "attn_logit_softcapping", "final_logit_softcapping"] {
      try refuse(key, as: "limited values") { Double($0) == 0 }
    }
    for key in ["attention.scale", "logit_scale", "residual_scale", "embedding_scale"] {
      try refuse(key, as: "a scale of its own") {
        Double($0) == 0 || (key != "attention.scale" && Double($0) == 1)
      }
    }
    try refuse("use_parallel_residual", as: "parallel layers") { Bool($0) == false }
    // The converter of `bitnet` writes linear scaling by 1.
    try refuse("rope.scaling.type", as: "scaled rotary positions") {
      ["none", "linear"].contains(String($0))
    }
    for key in ["rope.scaling.factor", "rope.scale_linear", "rope.scaling.attn_factor"] {
      try refuse(key, as: "scaled rotary positions") { Double($0) == 1 || Double($0) == 0 }
    }
    try refuse("rope.dimension_sections", as: "sections of rotary positions") { _ in false }
  }

  private func refuse(
    _ key: String, as feature: String, unless isNeutral: (GGUFValue) -> Bool
  ) throws(ModelFileError) {
    guard let value = file["\(name).\(key)"], !isNeutral(value) else { return }
    throw failure("has \(feature), which cannot be computed: \(name).\(key) is \(value)")
  }
}
