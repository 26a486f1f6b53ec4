/// What is wrong in a file of SCALE-Sim's, and where: `net.csv:3: expected ..., found ...`.
public struct SCALESimFileError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The file.
  public let file: String
  /// The line, counted from one, if the error has one.
  public let line: Int?
  /// What was expected and what was found.
  public let message: String

  /// One sentence.
  public var description: String { file + (line.map { ":\($0)" } ?? "") + ": " + message }
}
