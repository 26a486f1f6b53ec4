import Foundation

/// Where results go: standard output, or a file that is replaced only once they are complete.
struct OutputFile {
  private let destination: URL?
  private let temporary: URL?

  /// - Parameter path: `nil` for standard output.
  /// - Throws: `OutputError` when the file could not be written later, before anything is measured.
  init(path: String?) throws {
    guard let path else {
      destination = nil
      temporary = nil
      return
    }
    let file = URL(fileURLWithPath: path)
    var isDirectory: ObjCBool = false
    if FileManager.default.fileExists(atPath: file.path, isDirectory: &isDirectory), isDirectory.boolValue {
      throw OutputError(path: path, reason: "it is a directory")
    }
    let temporary = file.deletingLastPathComponent().appendingPathComponent(
      ".\(file.lastPathComponent).partial")
    guard FileManager.default.createFile(atPath: temporary.path, contents: nil) else {
      let folder = file.deletingLastPathComponent().path
      throw OutputError(
        path: path, reason: "no file can be made in \(folder) (\(String(cString: strerror(errno))))")
    }
    destination = file
    self.temporary = temporary
  }

  /// Writes the text and puts it in place.
  func write(_ text: String) throws {
    guard let destination, let temporary else {
      FileHandle.standardOutput.write(Data(text.utf8))
      return
    }
    do {
      try Data(text.utf8).write(to: temporary)
    } catch {
      // The measurements must not be lost with the file.
      FileHandle.standardOutput.write(Data(text.utf8))
      throw OutputError(
        path: destination.path, reason: "\(error.localizedDescription); the results are above")
    }
    guard rename(temporary.path, destination.path) == 0 else {
      let reason = String(cString: strerror(errno))
      FileHandle.standardOutput.write(Data(text.utf8))
      throw OutputError(path: destination.path, reason: "\(reason); the results are above")
    }
  }

  /// Removes what was left for a run that ended without results.
  func discard() {
    if let temporary { unlink(temporary.path) }
  }
}

/// A file that cannot be written.
struct OutputError: Error, CustomStringConvertible {
  let path: String
  let reason: String

  var description: String { "cannot write '\(path)': \(reason)" }
}
