extension ModelArchitecture {
  /// The architecture that a model of this one has once it is in a GGUF file.
  ///
  /// - Parameters:
  ///   - linearType: Of its linear layers: a ternary one makes LLaMA ternary, floats make its layers floats, whose
  ///     activations are no longer quantised. BitNet architectures are ternary in any type.
  ///   - path: The model, for errors.
  /// - Throws: ``ModelFileError`` if no architecture of GGUF files computes the same.
  func inGGUF(linearType: TensorElementType, path: String) throws(ModelFileError) -> ModelArchitecture {
    var result = self
    // A BitNet model without sub-norms is a LLaMA model with ternary weights.
    if !hasSubNorms { result.name = "llama" }
    let isLLaMA = result.name == "llama"
    func refuse(_ reason: String) -> ModelFileError {
      ModelFileError(
        file: path, tensor: nil,
        message: "cannot become a GGUF file: \(reason), which no architecture of such files has")
    }
    guard GGUFArchitecture.names.contains(result.name) else {
      throw refuse("its architecture is '\(excerpt(result.name))'")
    }
    if isLLaMA {
      guard !hasSubNorms else { throw refuse("it is LLaMA with sub-norms") }
      guard activation == .silu else { throw refuse("it has squared ReLU without sub-norms") }
      result.isTernary = linearType.isTernary
    } else {
      guard isTernary else { throw refuse("it is BitNet with matrices of floats") }
    }
    result.rotaryPairs = isLLaMA ? .neighbours : .halves
    return result
  }

  /// The architecture that a model of this one has once it is in a Hugging Face folder.
  ///
  /// - Parameter path: The model, for errors.
  /// - Throws: ``ModelFileError`` if no class of the transformers library computes the same.
  func inHuggingFace(path: String) throws(ModelFileError) -> ModelArchitecture {
    func refuse(_ reason: String) -> ModelFileError {
      ModelFileError(
        file: path, tensor: nil,
        message: "cannot become a Hugging Face folder: \(reason), which no class of such models has")
    }
    guard GGUFArchitecture.names.contains(name) else {
      throw refuse("its architecture is '\(excerpt(name))'")
    }
    var result = self
    if hasSubNorms {
      guard name != "llama" else { throw refuse("it is LLaMA with sub-norms") }
      guard isTernary else { throw refuse("it is BitNet with matrices of floats") }
      result.name = activation == .squaredReLU ? "bitnet-b1.58" : "bitnet"
    } else {
      // A BitNet model without sub-norms is a LLaMA model with ternary weights.
      guard activation == .silu else { throw refuse("it has squared ReLU without sub-norms") }
      result.name = "llama"
    }
    result.rotaryPairs = .halves
    return result
  }
}
