/// Writes any model as a Hugging Face folder, with its tokenizer and chat template, one tensor after the other.
///
/// All that can go wrong with types and shapes does so when a conversion is made, before anything is written.
public struct HuggingFaceConversion: PlannedConversion {
  /// Types that matrices of floats can have in such a folder.
  private static let floatTypes: [TensorElementType] = [.float16, .bfloat16, .float32]

  /// What the folder will say that the model computes.
  public let architecture: ModelArchitecture
  /// What is not as one may expect it, each in one sentence.
  public let warnings: [String]

  private let source: any ModelSource
  private let plans: [(role: TensorRole, type: TensorElementType)]
  private let configuration: String
  private let tokenizer: HuggingFaceTokenizerFiles?

  /// Plans a conversion.
  ///
  /// - Parameters:
  ///   - source: The model.
  ///   - linearType: Of the linear layers F16, BF16 or F32; `nil` for packed bytes with a scale if they are ternary,
  ///     else F16.
  ///   - embeddingType: Of embedding and LM head: F16, BF16 or F32. `nil` for that of the source, or F16 if a folder
  ///     cannot have it or it does not lie aligned in the source.
  /// - Throws: ``ModelFileError`` if a type cannot be had or no class of the transformers library computes such a
  ///   model.
  public init(
    _ source: any ModelSource, linearType: TensorElementType? = nil, embeddingType: TensorElementType? = nil
  ) throws(ModelFileError) {
    try Self.check(linearType, of: "linear layers", source)
    try Self.check(embeddingType, of: "an embedding", source)
    let architecture = try source.architecture.inHuggingFace(path: source.path)
    let isPacked = architecture.isTernary && linearType == nil
    self.source = source
    self.architecture = architecture
    var warnings: [String] = []
    var description: TokenizerDescription?
    do {
      description = try source.tokenizer()
    } catch {
      warnings.append(Self.noTokenizer(error))
    }
    var files: HuggingFaceTokenizerFiles?
    if let described = description {
      do {
        files = try HuggingFaceTokenizerFiles(
          described, contextLength: architecture.contextLength, path: source.path)
      } catch {
        description = nil
        warnings.append(Self.noTokenizer(error))
      }
    }
    tokenizer = files
    if architecture.isTernary, !isPacked {
      warnings.append(
        "Whoever loads the folder quantises the floats by absmean again, which gives another scale than the model has: "
          + "packed weights keep it.")
    }
    self.warnings = warnings
    let plans = architecture.tensorRoles.map { role in
      // Any ternary type stands for packed bytes.
      let type: TensorElementType =
        switch role {
        case .linear: isPacked ? .i2_s : linearType ?? .float16
        case .norm, .outputNorm: .float32
        case .embedding, .head: embeddingType ?? Self.storedType(of: role, in: source)
        }
      return (role: role, type: type)
    }
    self.plans = HuggingFaceTensorWriter.ordered(plans)
    let embedding = plans.first { $0.role == .embedding }?.type ?? .float16
    configuration = JSONText.file(
      architecture.huggingFaceConfiguration(isPacked: isPacked, floatType: embedding, tokenizer: description))
    try Self.check(configuration, architecture, path: source.path)
  }

  /// Writes the folder. Until it is whole, and after an error, there is nothing at its place but what was there before.
  ///
  /// - Parameters:
  ///   - path: Its place: nothing, or an empty folder.
  ///   - isCancelled: Asked between tensors.
  ///   - onProgress: Told how many tensors of how many are written.
  /// - Returns: Whether the folder was written, `false` if that was cancelled.
  /// - Throws: ``ModelFileError`` if the model's data are not what their types promise, a value is too large for its
  ///   new type, or the folder cannot be written.
  public func write(
    to path: String, isCancelled: () -> Bool = { false }, onProgress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelFileError) -> Bool {
    let folder = try PartialFolder(path: path)
    defer { folder.discard() }
    try folder.write(configuration, to: "config.json")
    if let tokenizer {
      try folder.write(tokenizer.tokenizer, to: "tokenizer.json")
      try folder.write(tokenizer.configuration, to: "tokenizer_config.json")
      try folder.write(tokenizer.generation, to: "generation_config.json")
    }
    let writer = try HuggingFaceTensorWriter(
      path: folder.path(of: "model.safetensors"), architecture: architecture, plans: plans)
    let tensors = TensorConversion(source: source, target: architecture)
    for (index, (role, type)) in plans.enumerated() {
      guard !isCancelled() else { return false }
      try tensors.append(role, as: type, to: writer)
      source.releasePages()
      onProgress(index + 1, plans.count)
    }
    try writer.finish()
    try folder.finish()
    return true
  }
}

extension HuggingFaceConversion {
  private static func check(
    _ type: TensorElementType?, of what: String, _ source: any ModelSource
  ) throws(ModelFileError) {
    guard let type, !floatTypes.contains(type) else { return }
    throw ModelFileError(
      file: source.path, tensor: nil,
      message: "has \(what) that cannot be written to a Hugging Face folder as \(type.name), expected one of "
        + floatTypes.map(\.name).joined(separator: ", "))
  }

  private static func storedType(of role: TensorRole, in source: any ModelSource) -> TensorElementType {
    guard let type = source.stored(role)?.elementType, floatTypes.contains(type) else { return .float16 }
    return type
  }

  /// Whether the file says the same to its readers.
  private static func check(
    _ configuration: String, _ architecture: ModelArchitecture, path: String
  ) throws(ModelFileError) {
    var read: ModelArchitecture
    do {
      let json = try JSONObject(text: configuration, file: path)
      read = try HuggingFaceConfiguration(json, title: architecture.title).architecture
    } catch {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "cannot become a Hugging Face folder, whose config.json \(error.message)")
    }
    // Which tensors tell.
    read.hasSubNorms = architecture.hasSubNorms
    guard read == architecture else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "cannot become a Hugging Face folder, whose config.json would not say the same")
    }
  }

  private static func noTokenizer(_ error: ModelFileError) -> String {
    "The folder gets no tokenizer, so that text cannot be given to it: \(error)."
  }
}
