import Foundation

/// Text files of users: read up to a size, and only if they are text.
package enum BoundedText {
  /// Why a file is not read.
  package struct Refusal: Error {
    /// What is wrong with it, as a clause that follows its name.
    package let message: String
  }

  /// The largest file read.
  package static let maximumBytes = 1_000_000

  /// The file at `path`.
  package static func load(path: String) throws(Refusal) -> String {
    guard let handle = FileHandle(forReadingAtPath: path) else {
      throw Refusal(message: "cannot be opened for reading")
    }
    defer { try? handle.close() }
    let data: Data
    do {
      data = try handle.read(upToCount: maximumBytes + 1) ?? Data()
    } catch {
      throw Refusal(message: "cannot be read: is it a file?")
    }
    return try text(data)
  }

  /// What was read otherwise.
  package static func text(_ bytes: some Collection<UInt8>) throws(Refusal) -> String {
    guard bytes.count <= maximumBytes else {
      throw Refusal(message: "is larger than \(maximumBytes) bytes, the most that is read of such a file")
    }
    guard let text = String(validating: bytes, as: UTF8.self) else {
      throw Refusal(message: "is not UTF-8 text")
    }
    return text
  }
}

extension StringProtocol {
  /// Without white space at either end.
  package var trimmingBlanks: String {
    var text = drop(while: \.isWhitespace)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }
}
