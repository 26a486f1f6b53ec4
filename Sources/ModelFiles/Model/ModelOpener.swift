/// Opens models of any kind that this room reads.
public enum ModelOpener {
  /// Opens the model at `path`: a folder is Hugging Face's, a file is what its first bytes say.
  ///
  /// - Throws: ``ModelFileError`` if it cannot be read or is not as its format demands.
  public static func open(_ path: String) throws(ModelFileError) -> any ModelSource {
    try HuggingFaceModel(path: path)
  }
}
