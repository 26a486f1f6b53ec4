/// What is to be written at a path, which its name says.
public enum ConversionTarget: Sendable, Equatable {
  /// A GGUF file: a name that ends in `.gguf`.
  case gguf
  /// A Hugging Face folder: any other name.
  case folder

  /// - Throws: ``ModelFileError`` if the name is that of a safetensors file, which without its folder does not say
  ///   what the model computes.
  public init(path: String) throws(ModelFileError) {
    guard !path.isEmpty, !path.lowercased().hasSuffix(".safetensors") else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "cannot be written: name a file that ends in .gguf, or a folder for a Hugging Face model")
    }
    self = path.hasSuffix(".gguf") ? .gguf : .folder
  }

  /// Plans to write a model in this form.
  ///
  /// - Throws: ``ModelFileError`` as ``ModelConversion`` and ``HuggingFaceConversion`` do.
  public func conversion(
    of source: any ModelSource, linearType: TensorElementType?, embeddingType: TensorElementType?
  ) throws(ModelFileError) -> any PlannedConversion {
    switch self {
    case .gguf: try ModelConversion(source, linearType: linearType, embeddingType: embeddingType)
    case .folder: try HuggingFaceConversion(source, linearType: linearType, embeddingType: embeddingType)
    }
  }
}

/// A model that can be written in another form.
public protocol PlannedConversion: Sendable {
  /// What is not as one may expect it, each in one sentence.
  var warnings: [String] { get }

  /// Writes the model. Until it is whole, and after an error, there is nothing at its place but what was there before.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked between tensors.
  ///   - onProgress: Told how many tensors of how many are written.
  /// - Returns: Whether the model was written, `false` if that was cancelled.
  /// - Throws: ``ModelFileError`` if it cannot be.
  func write(
    to path: String, isCancelled: () -> Bool, onProgress: (Int, Int) -> Void
  ) throws(ModelFileError) -> Bool
}
