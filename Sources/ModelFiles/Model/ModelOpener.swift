/// Opens models of every format that is read here.
public enum ModelOpener {
  /// Opens the model at `path`: a folder is a Hugging Face model, a file is what its first bytes say.
  ///
  /// - Parameter i2sLayout: How i2_s tensors of a GGUF file lie, which no file says.
  /// - Throws: ``ModelFileError`` if it cannot be read or is not as its format demands.
  public static func open(
    _ path: String, i2sLayout: I2SLayout = .x86
  ) throws(ModelFileError) -> any ModelSource {
    if !HuggingFaceFolder.isFolder(path) {
      let file = try MappedFile(path: path)
      if withExtendedLifetime(file, { file.bytes.starts(with: "GGUF".utf8) }) {
        return try GGUFModel(path: path, i2sLayout: i2sLayout)
      }
    }
    return try HuggingFaceModel(path: path)
  }
}
