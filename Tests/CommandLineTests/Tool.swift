import Foundation

/// Runs the built `bitlab`, as a user would.
enum Tool {
  struct Outcome {
    let status: Int32
    let output: String
    let errors: String
  }

  /// The executable lies beside the test bundle.
  static let executable: URL = {
    let bundle = URL(fileURLWithPath: CommandLine.arguments[0]).deletingLastPathComponent()
    return bundle.appendingPathComponent("bitlab")
  }()

  /// What the tool sees of the environment. It keeps no runs, unless `BITLAB_NO_STORE` is set otherwise.
  static func environment(_ additions: [String: String] = [:]) -> [String: String] {
    var variables = ProcessInfo.processInfo.environment.filter { !$0.key.hasPrefix("BITLAB_") }
    variables["COLUMNS"] = "140"
    variables["BITLAB_NO_STORE"] = "1"
    return variables.merging(additions) { $1 }
  }

  /// The tool, ready to be run, with nothing to read and nobody to read its errors.
  static func process(_ arguments: [String], environment additions: [String: String] = [:]) -> Process {
    let process = Process()
    process.executableURL = executable
    process.arguments = arguments
    process.environment = environment(additions)
    process.standardInput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    return process
  }

  static func run(_ arguments: [String], environment: [String: String] = [:]) throws -> Outcome {
    try run(process(arguments, environment: environment))
  }

  /// Runs a process to its end.
  static func run(_ process: Process) throws -> Outcome {
    let output = Pipe()
    let errors = Pipe()
    process.standardOutput = output
    process.standardError = errors
    try process.run()
    let outputData = output.fileHandleForReading.readDataToEndOfFile()
    let errorData = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return Outcome(
      status: process.terminationStatus, output: String(decoding: outputData, as: UTF8.self),
      errors: String(decoding: errorData, as: UTF8.self))
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  func file(_ name: String, containing text: String) throws -> String {
    let file = url.appendingPathComponent(name)
    try Data(text.utf8).write(to: file)
    return file.path
  }
}
