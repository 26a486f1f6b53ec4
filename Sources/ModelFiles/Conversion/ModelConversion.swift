import Foundation

/// Writes any model as a GGUF file, with its tokenizer and chat template, one tensor after the other.
///
/// All that can go wrong with types and shapes does so when a conversion is made, before anything is written.
public struct ModelConversion: PlannedConversion {
  /// What the file will say that it computes.
  public let architecture: ModelArchitecture
  /// How the linear layers will lie.
  public let linearType: TensorElementType
  /// What is not as one may expect it, each in one sentence.
  public let warnings: [String]

  /// Tensors begin at multiples of this, so that kernels read them in place.
  private static let alignmentBytes = 64

  private let source: any ModelSource
  private let tokenizer: TokenizerDescription?
  private let plans: [(role: TensorRole, plan: GGUFTensorPlan)]

  /// Plans a conversion.
  ///
  /// - Parameters:
  ///   - source: The model.
  ///   - linearType: Of a ternary model I2_S, TQ1_0 or TQ2_0, or F16, BF16 or F32 for weights times their scale; of a
  ///     model of floats F16, BF16, F32, Q8_0 or Q4_0, or a ternary type, to which they are quantised by absmean.
  ///     `nil` for I2_S or F16. TQ1_0, TQ2_0 and F16 round scales to binary16, BF16 to bfloat16.
  ///   - embeddingType: Of embedding and LM head: F16, BF16, F32, Q8_0 or Q4_0. `nil` for that of the source, or F16
  ///     if it cannot be written or does not lie aligned in the source.
  /// - Throws: ``ModelFileError`` if a type cannot be had or a tensor is not whole blocks of it.
  public init(
    _ source: any ModelSource, linearType: TensorElementType? = nil, embeddingType: TensorElementType? = nil
  ) throws(ModelFileError) {
    let original = source.architecture
    let linearType = linearType ?? (original.isTernary ? .i2_s : .float16)
    try Self.check(linearType: linearType, embeddingType: embeddingType, of: source)
    self.source = source
    self.linearType = linearType
    architecture = try original.inGGUF(linearType: linearType, path: source.path)
    var plans: [(role: TensorRole, plan: GGUFTensorPlan)] = []
    for role in architecture.tensorRoles {
      let type =
        switch role {
        case .linear: linearType
        case .norm, .outputNorm: TensorElementType.float32
        case .embedding, .head: embeddingType ?? Self.storedType(of: role, in: source)
        }
      try Self.checkBlocks(of: role, architecture: architecture, type: type, path: source.path)
      plans.append((role, GGUFTensorPlan(role, of: architecture, elementType: type)))
    }
    self.plans = plans
    var warnings: [String] = []
    do {
      tokenizer = try source.tokenizer()
    } catch {
      tokenizer = nil
      warnings.append("The file gets no tokenizer, so that text cannot be given to it: \(error).")
    }
    warnings += Self.warnings(from: original, to: architecture)
    self.warnings = warnings
  }

  /// Writes the file. Until it is whole, and after an error, there is nothing at its place but what was there before.
  ///
  /// - Parameters:
  ///   - path: Its place, which must end in `.gguf` and may be neither a folder nor the model's own file.
  ///   - isCancelled: Asked between tensors.
  ///   - onProgress: Told how many tensors of how many are written.
  /// - Returns: Whether the file was written, `false` if that was cancelled.
  /// - Throws: ``ModelFileError`` if the model's data are not what their types promise, a value is too large for its
  ///   new type, or the file cannot be written.
  public func write(
    to path: String, isCancelled: () -> Bool = { false }, onProgress: (Int, Int) -> Void = { _, _ in }
  ) throws(ModelFileError) -> Bool {
    try Self.checkPlace(path, source: source.path)
    let writer = try GGUFWriter(
      path: path,
      metadata: architecture.ggufMetadata(fileType: linearType.fileType, tokenizer: tokenizer),
      tensors: plans.map(\.plan), alignment: Self.alignmentBytes)
    let tensors = TensorConversion(source: source, target: architecture)
    for (index, (role, plan)) in plans.enumerated() {
      guard !isCancelled() else { return false }
      try tensors.append(role, as: plan.elementType, to: writer)
      source.releasePages()
      onProgress(index + 1, plans.count)
    }
    try writer.finish()
    return true
  }
}

extension ModelConversion {
  private static func check(
    linearType: TensorElementType, embeddingType: TensorElementType?, of source: any ModelSource
  ) throws(ModelFileError) {
    func names(_ types: [TensorElementType]) -> String { types.map(\.name).joined(separator: ", ") }
    let ternaryTypes = TensorElementType.allCases.filter(\.isTernary)
    // Blocks of Q8_0 and Q4_0 have scales of their own: ternary weights would no longer have one.
    let linearTypes =
      ternaryTypes
      + TensorElementType.writableFloats.filter { !source.architecture.isTernary || $0.blockElements == 1 }
    guard linearTypes.contains(linearType) else {
      let kind = source.architecture.isTernary ? "ternary" : "floats"
      throw ModelFileError(
        file: source.path, tensor: nil,
        message:
          "has linear layers that are \(kind) and cannot be written as \(linearType.name), expected one of "
          + names(linearTypes))
    }
    if let embeddingType, !TensorElementType.writableFloats.contains(embeddingType) {
      throw ModelFileError(
        file: source.path, tensor: nil,
        message: "has an embedding that cannot be written as \(embeddingType.name), expected one of "
          + names(TensorElementType.writableFloats))
    }
  }

  private static func storedType(of role: TensorRole, in source: any ModelSource) -> TensorElementType {
    guard let type = source.stored(role)?.elementType, TensorElementType.writableFloats.contains(type) else {
      return .float16
    }
    return type
  }

  private static func checkBlocks(
    of role: TensorRole, architecture: ModelArchitecture, type: TensorElementType, path: String
  ) throws(ModelFileError) {
    let dimensions = architecture.ggufDimensions(of: role)
    let (columns, rows) = (dimensions.first ?? 0, dimensions.dropFirst().first ?? 1)
    let needed =
      type == .i2_s
      ? "a multiple of \(I2SLayout.x86.blockElements) elements in all"
      : "rows of a multiple of \(type.blockElements) elements"
    let isWhole = type != .i2_s || rows.multipliedReportingOverflow(by: columns).partialValue % 128 == 0
    guard isWhole, StoredTensor.byteCount(rows: rows, columns: columns, of: type) != nil else {
      throw ModelFileError(
        file: path, tensor: role.ggufName,
        message:
          "has \(rows)x\(columns) elements and cannot be written as \(type.name), which takes \(needed): "
          + "choose another type")
    }
  }

  private static func warnings(from source: ModelArchitecture, to target: ModelArchitecture) -> [String] {
    switch (source.isTernary, target.isTernary) {
    case (true, false):
      [
        "LLaMA with weights of floats has no 8-bit activations, so that logits differ a little from those of the "
          + "ternary model."
      ]
    case (false, true):
      ["The weights were not trained to be ternary: what is left of them makes no sense as text."]
    case (true, true), (false, false): []
    }
  }

  private static func checkPlace(_ path: String, source: String) throws(ModelFileError) {
    func failure(_ message: String) -> ModelFileError {
      ModelFileError(file: path, tensor: nil, message: message)
    }
    guard path.hasSuffix(".gguf") else {
      throw failure("cannot be written: only GGUF files are, whose names end in .gguf")
    }
    var place = stat()
    guard stat(path, &place) == 0 else { return }
    guard place.st_mode & S_IFMT != S_IFDIR else {
      throw failure("is a folder, expected the name of a file to write")
    }
    var original = stat()
    if stat(source, &original) == 0, original.st_dev == place.st_dev, original.st_ino == place.st_ino {
      throw failure("is the model itself: choose another name, so that the original is kept")
    }
  }
}
