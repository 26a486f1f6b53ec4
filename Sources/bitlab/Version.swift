import Foundation

/// What this program is.
enum Version {
  static let number = "0.1.0"

  /// The number, and the commit where it is known.
  static var description: String { commit.map { "\(number) (\($0.prefix(12)))" } ?? number }

  /// The commit of the checkout this program was built in; `nil` when it lies in none, or the checkout has moved
  /// on since it was built.
  static let commit: String? = {
    guard let executable = Bundle.main.executableURL?.resolvingSymlinksInPath(),
      let built = modificationDate(of: executable)
    else { return nil }
    var folder = executable.deletingLastPathComponent()
    while folder.path != "/" {
      let git = folder.appendingPathComponent(".git")
      if let head = try? String(contentsOf: git.appendingPathComponent("HEAD"), encoding: .utf8) {
        guard let moved = modificationDate(of: git.appendingPathComponent("logs/HEAD")), moved <= built else {
          return nil
        }
        return hash(head: head, git: git)
      }
      folder.deleteLastPathComponent()
    }
    return nil
  }()

  private static func modificationDate(of file: URL) -> Date? {
    (try? FileManager.default.attributesOfItem(atPath: file.path))?[.modificationDate] as? Date
  }

  private static func hash(head: String, git: URL) -> String? {
    let line = head.trimmingCharacters(in: .whitespacesAndNewlines)
    let prefix = "ref: "
    let hash =
      line.hasPrefix(prefix)
      ? try? String(
        contentsOf: git.appendingPathComponent(String(line.dropFirst(prefix.count))), encoding: .utf8)
      : line
    guard let hash = hash?.trimmingCharacters(in: .whitespacesAndNewlines), hash.count >= 40,
      hash.allSatisfy(\.isHexDigit)
    else { return nil }
    return hash
  }
}
