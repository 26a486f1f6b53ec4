/// Opens models of every format that is read here.
public enum ModelOpener {
  /// Opens the model at `path`: a folder is a Hugging Face model, a file is what its first bytes say.
  ///
  /// - Throws: ``ModelFileError`` if it cannot be read or is not as its format demands.
  public static func open(_ path: String) throws(ModelFileError) -> any ModelSource {
    if !HuggingFaceFolder.isFolder(path) {
      let file = try MappedFile(path: path)
      guard !withExtendedLifetime(file, { file.bytes.starts(with: "GGUF".utf8) }) else {
        throw ModelFileError(
          file: path, tensor: nil, message: "is a GGUF file, expected safetensors or the folder of a model")
      }
    }
    return try HuggingFaceModel(path: path)
  }
}
