import Workloads

/// Why a file of this room could not be used.
public enum AcceleratorFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The files that come with bitlab are not there.
  case missing(ShippedFilesMissing)
  /// Something in a file, or in an option that overrides it, is not as expected.
  case malformed(YAMLError)
  /// A name that nothing has.
  case unknown(kind: String, name: String, suggestions: [String], all: [String])

  /// One sentence.
  public var description: String {
    switch self {
    case .missing(let error): error.description
    case .malformed(let error): error.description
    case .unknown(let kind, let name, let suggestions, let all):
      "unknown \(kind) '\(name)'; "
        + (suggestions.isEmpty
          ? "the \(kind)s are \(all.joined(separator: ", "))"
          : "did you mean \(suggestions.joined(separator: " or "))?")
    }
  }
}
