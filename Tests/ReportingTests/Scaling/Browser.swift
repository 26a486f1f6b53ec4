import Foundation

/// Chromium without a window.
struct Browser {
  private static let names = ["chromium", "chromium-browser", "google-chrome"]
  private let executable: URL

  /// `nil` where none is installed.
  init?() {
    let folders = (ProcessInfo.processInfo.environment["PATH"] ?? "").split(separator: ":")
    let found = folders.flatMap { folder in Self.names.map { URL(filePath: "\(folder)/\($0)") } }
      .first { FileManager.default.isExecutableFile(atPath: $0.path) }
    guard let found else { return nil }
    executable = found
  }

  /// Loads a page, lets its scripts run, and gives the text of the element that they leave their findings in.
  ///
  /// - Parameters:
  ///   - page: A whole page.
  ///   - outcome: Identifier of the element.
  /// - Returns: `nil` when there is no such element.
  func outcome(of page: String, in outcome: String) throws -> String? {
    let folder = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let file = folder.appending(path: "page.html")
    try Data(page.utf8).write(to: file)
    let process = Process()
    process.executableURL = executable
    // The sandbox needs rights that containers and root do not have; the page is ours.
    process.arguments = [
      "--headless=new", "--no-sandbox", "--disable-gpu", "--user-data-dir=\(folder.path)/profile",
      "--virtual-time-budget=10000", "--dump-dom", file.absoluteString,
    ]
    let output = Pipe()
    process.standardOutput = output
    process.standardError = FileHandle.nullDevice
    process.standardInput = FileHandle.nullDevice
    try process.run()
    let dom = String(decoding: output.fileHandleForReading.readDataToEndOfFile(), as: UTF8.self)
    process.waitUntilExit()
    guard let start = dom.firstRange(of: "<pre id=\"\(outcome)\">"),
      let end = dom[start.upperBound...].firstRange(of: "</pre>")
    else { return nil }
    return String(dom[start.upperBound..<end.lowerBound])
  }
}
