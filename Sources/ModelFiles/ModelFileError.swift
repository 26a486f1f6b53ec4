/// What is wrong with a model file, and with which of its tensors.
public struct ModelFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The tensor, if the error has one.
  public let tensor: String?
  /// What was expected and what was found.
  public let message: String

  /// One sentence.
  public var description: String {
    file + ": " + (tensor.map { "tensor '\(excerpt($0))' " } ?? "") + message
  }
}

/// Enough of a text from a file to recognise it in an error of one line.
func excerpt(_ text: String) -> String {
  let beginning = text.prefix(80)
  let visible = beginning.unicodeScalars.map { $0.value < 32 || $0.value == 127 ? "?" : Character($0) }
  return String(visible) + (beginning.endIndex < text.endIndex ? "..." : "")
}
