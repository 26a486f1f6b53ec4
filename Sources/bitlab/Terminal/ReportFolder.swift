import Foundation

/// A folder that a report is written to, file by file, each replaced only once it is complete.
struct ReportFolder {
  let url: URL
  private let path: String
  /// What was written, relative to the folder, in that order.
  private(set) var files: [String] = []

  /// Makes the folder, and those within it, and tries whether files can be made there.
  ///
  /// - Throws: `OutputError` when not, before anything is measured.
  init(path: String, subfolders: [String]) throws {
    self.path = path
    url = URL(fileURLWithPath: path, isDirectory: true)
    for folder in [url] + subfolders.map({ url.appendingPathComponent($0) }) {
      do {
        try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
      } catch {
        throw OutputError(path: path, reason: "the folder cannot be made (\(Self.reason(error)))")
      }
      let trial = folder.appendingPathComponent(".bitlab-report.partial")
      guard FileManager.default.createFile(atPath: trial.path, contents: nil) else {
        throw OutputError(
          path: path, reason: "no file can be made in \(folder.path) (\(String(cString: strerror(errno))))")
      }
      unlink(trial.path)
    }
  }

  /// Writes a file.
  mutating func write(_ name: String, _ text: String) throws {
    do {
      try Data(text.utf8).write(to: url.appendingPathComponent(name), options: .atomic)
    } catch {
      throw OutputError(path: "\(path)/\(name)", reason: Self.reason(error))
    }
    files.append(name)
  }

  /// Notes a file that another program wrote.
  mutating func note(_ name: String) { files.append(name) }

  /// The text of a file in the folder, if there is one.
  func text(_ name: String) -> String? {
    try? String(contentsOf: url.appendingPathComponent(name), encoding: .utf8)
  }

  /// What the system says, without Foundation's sentence around it.
  private static func reason(_ error: any Error) -> String {
    guard let underlying = (error as NSError).userInfo[NSUnderlyingErrorKey] as? NSError,
      underlying.domain == NSPOSIXErrorDomain
    else { return error.localizedDescription }
    return String(cString: strerror(Int32(underlying.code)))
  }
}
