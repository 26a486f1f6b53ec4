/// Which tensor of a Hugging Face model has which role, each checked against the configuration.
struct HuggingFaceTensors: Sendable {
  /// How a tensor lies in its file.
  enum Form: Sendable {
    /// Floats, row by row.
    case plain(SafetensorsShards.Entry, rows: Int, columns: Int)
    /// Four ternary codes to a byte, see ``PackedTernaryRows``; a code's weight is to be multiplied with the scale.
    case packed(SafetensorsShards.Entry, rows: Int, columns: Int, scale: Float)
  }

  /// Complete: sub-norms are known.
  let architecture: ModelArchitecture
  private let forms: [TensorRole: Form]

  subscript(_ role: TensorRole) -> Form? { forms[role] }

  /// - Parameter path: The model, for errors.
  /// - Throws: ``ModelFileError`` if a tensor is missing, has another type or shape than it should, or there is one
  ///   that such a model does not have.
  init(
    _ shards: SafetensorsShards, configuration: HuggingFaceConfiguration, path: String
  ) throws(ModelFileError) {
    var architecture = configuration.architecture
    let subNorms = HuggingFaceTensorNames.SubNorms.allCases.first { names in
      [NormRole.attentionSub, .feedForwardSub].contains { norm in
        shards.entries[HuggingFaceTensorNames.name(of: .norm(norm, layer: 0), subNorms: names)] != nil
      }
    }
    architecture.hasSubNorms = configuration.mayHaveSubNorms && subNorms != nil
    self.architecture = architecture

    var forms: [TensorRole: Form] = [:]
    var known = Set<String>()
    for role in architecture.tensorRoles {
      let name = HuggingFaceTensorNames.name(of: role, subNorms: subNorms ?? .transformers)
      guard let entry = shards.entries[name] else {
        throw ModelFileError(
          file: path, tensor: name, message: "is missing; config.json describes a model that has it")
      }
      known.insert(name)
      if case .linear(let linear, let layer) = role, entry.tensor.elementType == .unsigned8 {
        let scaleName = HuggingFaceTensorNames.scaleName(of: linear, layer: layer)
        known.insert(scaleName)
        let scale = try Self.scale(
          shards.entries[scaleName], of: entry, convention: configuration.scaleConvention)
        let shape = architecture.shape(of: linear)
        try entry.expectShape([PackedTernaryRows.packedRows(shape.rows), shape.columns])
        forms[role] = .packed(entry, rows: shape.rows, columns: shape.columns, scale: scale)
      } else {
        forms[role] = try Self.plain(entry, role: role, architecture: architecture)
      }
    }
    let surplus = shards.entries.keys.filter { name in
      // Old LLaMA files hold the angles of the rotary embedding; a tied head is the embedding once more.
      !known.contains(name) && !name.hasSuffix(".rotary_emb.inv_freq")
        && !(architecture.tiedEmbeddings && name == HuggingFaceTensorNames.head)
    }
    if let name = surplus.min() {
      throw ModelFileError(
        file: shards.entries[name]?.file.path ?? path, tensor: name,
        message: "has no place in the model that config.json describes, which would compute something else")
    }
    self.forms = forms
  }

  private static func plain(
    _ entry: SafetensorsShards.Entry, role: TensorRole, architecture: ModelArchitecture
  ) throws(ModelFileError) -> Form {
    guard entry.tensor.elementType.isReadable else {
      throw entry.failure(
        "has elements of \(excerpt(entry.tensor.elementType.description)), expected F32, F16 or BF16")
    }
    switch role {
    case .embedding, .head:
      try entry.expectShape([architecture.vocabulary, architecture.hiddenSize])
      return .plain(entry, rows: architecture.vocabulary, columns: architecture.hiddenSize)
    case .linear(let linear, _):
      let shape = architecture.shape(of: linear)
      try entry.expectShape([shape.rows, shape.columns])
      return .plain(entry, rows: shape.rows, columns: shape.columns)
    case .outputNorm:
      try entry.expectShape([architecture.hiddenSize])
      return .plain(entry, rows: 1, columns: architecture.hiddenSize)
    case .norm(let norm, _):
      try entry.expectShape([architecture.count(of: norm)])
      return .plain(entry, rows: 1, columns: architecture.count(of: norm))
    }
  }

  /// What codes are multiplied with.
  private static func scale(
    _ scale: SafetensorsShards.Entry?, of packed: SafetensorsShards.Entry,
    convention: HuggingFaceConfiguration.ScaleConvention?
  ) throws(ModelFileError) -> Float {
    guard let convention else {
      throw packed.failure("has packed bytes, but config.json has no quantization_config that says which")
    }
    guard let scale else { throw packed.failure("has packed bytes, but there is no weight_scale beside it") }
    guard scale.tensor.elementType.isReadable, scale.tensor.shape.allSatisfy({ $0 == 1 }) else {
      throw scale.failure(
        "has shape \(scale.tensor.shape) of \(excerpt(scale.tensor.elementType.description)), "
          + "expected one F32, F16 or BF16")
    }
    let values = try scale.file.floats(of: scale.tensor, rows: 0..<1, columns: 1)
    let stored = values.first ?? 0
    let factor = convention == .factor ? stored : 1 / stored
    guard factor > 0, factor.isFinite else { throw scale.failure("is \(stored), expected a positive scale") }
    return factor
  }
}

extension SafetensorsShards.Entry {
  /// An error about this tensor.
  func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file.path, tensor: tensor.name, message: message)
  }

  fileprivate func expectShape(_ shape: [Int]) throws(ModelFileError) {
    guard tensor.shape == shape else {
      throw failure("has shape \(tensor.shape), but \(shape) follows from config.json")
    }
  }
}
