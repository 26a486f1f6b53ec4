/// Opens models of any kind that this room reads.
public enum ModelOpener {
  /// Opens the model at `path`: a folder is Hugging Face's, a file is what its first bytes say.
  ///
  /// - Parameters:
  ///   - path: A folder, a safetensors file with config.json beside it, or a GGUF file.
  ///   - i2sLayout: How weights of type I2_S lie in a GGUF file.
  /// - Throws: ``ModelFileError`` if it cannot be read or is not as its format demands.
  public static func open(
    _ path: String, i2sLayout: I2SLayout = .x86
  ) throws(ModelFileError) -> any ModelSource {
    // What cannot be opened at all is for the other reader to complain about.
    let begin = try? MappedFile(path: path)
    if begin?.bytes.starts(with: "GGUF".utf8) == true {
      return try GGUFModel(path: path, i2sLayout: i2sLayout)
    }
    return try HuggingFaceModel(path: path)
  }
}
