/// Opens models of every format that is read here.
public enum ModelOpener {
  /// Opens the model at `path`: a folder or a safetensors file is a Hugging Face model, another file is what its first
  /// bytes say.
  ///
  /// - Parameters:
  ///   - path: A folder, a safetensors file with config.json beside it, or a GGUF file.
  ///   - i2sLayout: How weights of type I2_S lie in a GGUF file.
  /// - Throws: ``ModelFileError`` if it cannot be read or is not as its format demands.
  public static func open(
    _ path: String, i2sLayout: I2SLayout = .x86
  ) throws(ModelFileError) -> any ModelSource {
    if HuggingFaceFolder.isFolder(path) || path.hasSuffix(".safetensors") {
      return try HuggingFaceModel(path: path)
    }
    let file = try MappedFile(path: path)
    guard withExtendedLifetime(file, { file.bytes.starts(with: "GGUF".utf8) }) else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "is no model: expected a GGUF file, a safetensors file or a folder with config.json")
    }
    return try GGUFModel(path: path, i2sLayout: i2sLayout)
  }
}
