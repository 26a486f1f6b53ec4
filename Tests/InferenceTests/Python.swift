import Foundation

/// The python3 of the machine, if it has one.
enum Python {
  static func imports(_ modules: String) -> Bool { run(["-c", "import \(modules)"]) == nil }

  /// What the program says is wrong, `nil` if it succeeds.
  static func run(_ arguments: [String]) -> String? {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    let errors = Pipe()
    process.standardOutput = FileHandle.nullDevice
    process.standardError = errors
    do { try process.run() } catch { return "\(error)" }
    let data = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    return process.terminationStatus == 0 ? nil : "python3 failed: " + String(decoding: data, as: UTF8.self)
  }
}
