import Foundation

/// Everything that is not a result: progress, warnings, errors.
enum StandardError {
  static func write(_ text: String) { FileHandle.standardError.write(Data(text.utf8)) }
  static func writeLine(_ text: String) { write(text + "\n") }
  static var isTerminal: Bool { isatty(STDERR_FILENO) == 1 }
}
