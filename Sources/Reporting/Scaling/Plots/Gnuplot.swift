import Foundation

/// The program that draws plots.
public struct Gnuplot: Sendable {
  /// Formats it is asked for.
  public enum Format: String, Sendable {
    case svg, png
  }

  private let executable: URL

  /// Looks for the program on the search path.
  ///
  /// - Returns: `nil` where it is not installed.
  public init?(environment: [String: String] = ProcessInfo.processInfo.environment) {
    let folders = (environment["PATH"] ?? "").split(separator: ":")
    let found = folders.map { URL(fileURLWithPath: String($0)).appendingPathComponent("gnuplot") }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else { return nil }
    executable = found
  }

  /// Draws a plot whose script and data are in `folder` already, and puts the picture there too.
  ///
  /// - Throws: ``GnuplotError`` when the program cannot be run or ends with an error.
  public func draw(_ plot: ScalingPlot, in folder: URL, format: Format) throws(GnuplotError) {
    let process = Process()
    process.executableURL = executable
    process.currentDirectoryURL = folder
    process.arguments = ["-e", "format=\"\(format.rawValue)\"", "\(plot.name).gp"]
    // Numbers with a point, and no settings of the user's.
    process.environment = ["LC_ALL": "C.UTF-8", "HOME": "/nonexistent", "PATH": "/usr/bin:/bin"]
    process.standardInput = FileHandle.nullDevice
    process.standardOutput = FileHandle.nullDevice
    let errors = Pipe()
    process.standardError = errors
    do {
      try process.run()
    } catch {
      throw GnuplotError(plot: plot.name, message: error.localizedDescription)
    }
    let message = errors.fileHandleForReading.readDataToEndOfFile()
    process.waitUntilExit()
    guard process.terminationStatus == 0, message.isEmpty else {
      let lines = String(decoding: message, as: UTF8.self).split(separator: "\n")
      throw GnuplotError(
        plot: plot.name,
        message: lines.last.map(String.init) ?? "it ended with status \(process.terminationStatus)")
    }
  }
}

/// A plot that could not be drawn.
public struct GnuplotError: Error, Equatable, CustomStringConvertible {
  /// Its name.
  public let plot: String
  /// What gnuplot said last.
  public let message: String

  /// One sentence.
  public var description: String { "gnuplot could not draw \(plot): \(message)" }
}
