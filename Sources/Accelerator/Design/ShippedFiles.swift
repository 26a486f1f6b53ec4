import Foundation

/// The YAML files that come with bitlab: designs, tables and devices.
enum ShippedFiles {
  /// Names and contents of the `.yaml` files of a folder, sorted by name.
  ///
  /// - Parameter folder: `designs`, `tables` or `devices`.
  /// - Throws: ``ShippedFilesMissing`` when they are not where the program is.
  static func yaml(in folder: String) throws(ShippedFilesMissing) -> [(name: String, bytes: Data)] {
    guard
      let directory = candidates.map({ $0.appendingPathComponent(folder) }).first(where: {
        FileManager.default.fileExists(atPath: $0.path)
      }), let names = try? FileManager.default.contentsOfDirectory(atPath: directory.path)
    else { throw ShippedFilesMissing(folder: folder, searched: candidates.map(\.path)) }
    return names.filter { $0.hasSuffix(".yaml") }.sorted().compactMap { name in
      (try? Data(contentsOf: directory.appendingPathComponent(name))).map { (name, $0) }
    }
  }

  /// The contents of one of them.
  static func file(_ name: String, in folder: String) throws(AcceleratorFileError) -> Data {
    do throws(ShippedFilesMissing) {
      guard let file = try yaml(in: folder).first(where: { $0.name == name }) else {
        throw ShippedFilesMissing(folder: "\(folder)/\(name)", searched: candidates.map(\.path))
      }
      return file.bytes
    } catch {
      throw .missing(error)
    }
  }

  /// Beside the program, where the package manager and an installation put them, and the checkout it was built
  /// from. `Bundle.module` would end the program if it found neither.
  private static var candidates: [URL] {
    let program = Bundle.main.executableURL?.resolvingSymlinksInPath().deletingLastPathComponent()
    let checkout = URL(fileURLWithPath: #filePath).deletingLastPathComponent().deletingLastPathComponent()
    return [
      program?.appendingPathComponent("bitlab_Accelerator.resources"),
      checkout.appendingPathComponent("Resources"),
    ].compactMap(\.self)
  }
}

/// The program was moved away from the files that belong beside it.
public struct ShippedFilesMissing: Error, Sendable, Equatable, CustomStringConvertible {
  /// Which files.
  public let folder: String
  /// Where they were looked for.
  public let searched: [String]

  /// One sentence.
  public var description: String {
    "the \(folder) that come with bitlab are missing: copy bitlab_Accelerator.resources beside the program "
      + "(looked in \(searched.joined(separator: " and ")))"
  }
}
