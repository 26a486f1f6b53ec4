import Foundation

/// A folder being filled beside the place it is meant for, where it appears only once it is whole.
final class PartialFolder {
  /// Where it is to appear.
  private let path: String
  /// Where its files are written.
  let temporaryPath: String
  private var isOpen = true

  /// Creates an empty folder beside `path`.
  ///
  /// - Parameter path: Nothing, or an empty folder, which will be replaced.
  init(path: String) throws(ModelFileError) {
    try Self.checkPlace(path)
    // Of a link to a folder, that folder is replaced; "." and a "/" at the end name no sibling.
    self.path = URL(fileURLWithPath: path).standardizedFileURL.resolvingSymlinksInPath().path
    temporaryPath = "\(self.path).\(UUID().uuidString.prefix(8)).partial"
    guard mkdir(temporaryPath, 0o755) == 0 else {
      isOpen = false
      throw Self.failure(path, "cannot be created")
    }
  }

  deinit { discard() }

  /// The place of a file until the folder is whole.
  func path(of name: String) -> String { temporaryPath + "/" + name }

  /// Writes a whole file of text.
  func write(_ text: String, to name: String) throws(ModelFileError) {
    let file = try PartialFile(path: path(of: name))
    try file.write(Array(text.utf8))
    try file.finish()
  }

  /// Moves the folder to its place. After an error it is gone.
  func finish() throws(ModelFileError) {
    guard isOpen, rename(temporaryPath, path) == 0 else {
      let error = Self.failure(path, "cannot be written")
      discard()
      throw error
    }
    isOpen = false
  }

  /// Removes the folder and all in it; does nothing once it has been finished.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    try? FileManager.default.removeItem(atPath: temporaryPath)
  }

  private static func checkPlace(_ path: String) throws(ModelFileError) {
    guard !path.isEmpty else {
      throw ModelFileError(file: path, tensor: nil, message: "is no name of a folder to write")
    }
    guard FileManager.default.fileExists(atPath: path) else { return }
    guard HuggingFaceFolder.isFolder(path) else {
      throw ModelFileError(
        file: path, tensor: nil, message: "is a file, expected the name of a new or empty folder to write")
    }
    guard let contents = try? FileManager.default.contentsOfDirectory(atPath: path), contents.isEmpty else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "is a folder that is not empty: choose another, so that nothing is lost")
    }
  }

  private static func failure(_ path: String, _ what: String) -> ModelFileError {
    ModelFileError(file: path, tensor: nil, message: "\(what): \(String(cString: strerror(errno)))")
  }
}
