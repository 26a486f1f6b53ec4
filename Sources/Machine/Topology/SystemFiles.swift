import Foundation

/// The small text files in which Linux describes the machine (`/proc`, `/sys`), below a root.
///
/// Every reading is optional: containers hide files, drivers leave them empty, and a missing one is missing
/// information, not a failure. Tests pass the root of a made-up tree.
public struct SystemFiles: Sendable {
  /// Files are at most this long; what is longer is not one of ours.
  private static let longestFileBytes = 1 << 20

  private let root: String

  /// - Parameter root: the directory that holds `proc` and `sys`.
  public init(root: String = "/") {
    self.root = root.hasSuffix("/") ? String(root.dropLast()) : root
  }

  /// The file's text without surrounding white space, or `nil` when it cannot be read, is empty or is not
  /// UTF-8.
  func text(_ path: String) -> String? {
    guard let handle = FileHandle(forReadingAtPath: root + path) else { return nil }
    defer { try? handle.close() }
    guard let data = try? handle.read(upToCount: Self.longestFileBytes),
      let text = String(data: data, encoding: .utf8)
    else { return nil }
    let trimmed = text.trimmingCharacters(in: .whitespacesAndNewlines)
    return trimmed.isEmpty ? nil : trimmed
  }

  /// The file as one decimal number.
  func integer(_ path: String) -> Int? { text(path).flatMap { Int($0) } }

  /// The file as a list of numbers such as `0-3,8`.
  func indexList(_ path: String) -> [Int]? { text(path).flatMap(Self.indices(inList:)) }

  /// Sorted names in a directory; none when it cannot be read.
  func names(in path: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: root + path)) ?? []).sorted()
  }

  /// Names in a directory that are `prefix` and a number, as numbers in ascending order.
  func numbered(_ prefix: String, in path: String) -> [Int] {
    names(in: path).compactMap { name in
      name.hasPrefix(prefix) ? Int(name.dropFirst(prefix.count)) : nil
    }.sorted()
  }

  /// `key: value` lines (also `key<tab>: value`) of one file; the first of equal keys counts.
  func fields(_ path: String) -> [String: String] {
    guard let text = text(path) else { return [:] }
    var fields: [String: String] = [:]
    for line in text.split(whereSeparator: \.isNewline) {
      guard let colon = line.firstIndex(of: ":") else { continue }
      let key = line[..<colon].trimmingCharacters(in: .whitespaces)
      let value = line[line.index(after: colon)...].trimmingCharacters(in: .whitespaces)
      if fields[key] == nil { fields[key] = value }
    }
    return fields
  }

  /// The numbers of a kernel list such as `0-3,8`, ascending; `nil` for anything else.
  static func indices(inList list: String) -> [Int]? {
    let highest = 1 << 16  // more CPUs or nodes than Linux supports
    var indices: Set<Int> = []
    for part in list.split(separator: ",", omittingEmptySubsequences: false) {
      let bounds = part.split(separator: "-", omittingEmptySubsequences: false)
        .map { Int($0.trimmingCharacters(in: .whitespaces)) }
      guard (1...2).contains(bounds.count), let first = bounds[0], let last = bounds[bounds.count - 1],
        0 <= first, first <= last, last < highest
      else { return nil }
      indices.formUnion(first...last)
    }
    return indices.sorted()
  }
}
