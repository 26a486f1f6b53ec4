import Foundation
import Testing

/// A file in Golden/ that output is compared with, byte by byte. `BITLAB_UPDATE_GOLDEN=1` writes it anew.
enum GoldenFile {
  static func expect(_ name: String, equals text: String, location: SourceLocation = #_sourceLocation) throws
  {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(name)")
    if ProcessInfo.processInfo.environment["BITLAB_UPDATE_GOLDEN"] == "1" {
      try FileManager.default.createDirectory(
        at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
      try Data(text.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(text == expected, "\(name) differs", sourceLocation: location)
  }
}
