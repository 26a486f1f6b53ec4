import Foundation
import Testing

/// Reports held byte by byte against the files in Golden/. After a wanted change, `BITLAB_UPDATE_GOLDEN=1 swift test
/// --filter ReportingTests` writes them anew.
enum GoldenFile {
  static func expect(
    _ report: String, equals name: String, location: SourceLocation = #_sourceLocation
  ) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["BITLAB_UPDATE_GOLDEN"] == "1" {
      try Data(report.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(report == expected, sourceLocation: location)
  }
}
