import Foundation

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
    if isDirectory(path) || path.hasSuffix(".safetensors") { return try HuggingFaceModel(path: path) }
    let begin = try MappedFile(path: path)
    guard begin.bytes.starts(with: "GGUF".utf8) else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "is no model: expected a GGUF file, a safetensors file or a folder with config.json")
    }
    return try GGUFModel(path: path, i2sLayout: i2sLayout)
  }

  private static func isDirectory(_ path: String) -> Bool {
    var status = stat()
    return stat(path, &status) == 0 && status.st_mode & S_IFMT == S_IFDIR
  }
}
