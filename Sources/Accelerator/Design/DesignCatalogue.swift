import Foundation
import Workloads

/// The designs that can be named: those that come with bitlab, and files of the user's.
public struct DesignCatalogue: Sendable {
  /// All designs, shipped ones first, by name; then the user's in the order of their files.
  public private(set) var designs: [Design] = []
  /// What memories are like, for keys that designs leave out.
  public let dram: DRAMTable
  /// The documents of ``designs``, to be read anew with overrides.
  private var documents: [YAMLNode] = []

  init(dram: DRAMTable) { self.dram = dram }

  /// The designs that come with bitlab.
  ///
  /// - Throws: ``AcceleratorFileError`` if they are missing, or broken, which a test rules out.
  public static func shipped() throws(AcceleratorFileError) -> DesignCatalogue {
    var catalogue = DesignCatalogue(dram: try .shipped())
    let files: [(name: String, bytes: Data)]
    do {
      files = try ShippedFiles.yaml(in: "designs")
    } catch {
      throw .missing(error)
    }
    do {
      for file in files { try catalogue.add(.parse(bytes: file.bytes, file: file.name)) }
    } catch {
      throw .malformed(error)
    }
    return catalogue
  }

  /// This catalogue and the design of a file.
  ///
  /// - Throws: ``AcceleratorFileError`` with file, line, column and key for everything that is not as expected.
  public func loading(yaml path: String) throws(AcceleratorFileError) -> DesignCatalogue {
    var catalogue = self
    do {
      try catalogue.add(.load(path: path))
    } catch {
      throw .malformed(error)
    }
    return catalogue
  }

  /// This catalogue and the design of a document; `file` is its name in errors.
  func loading(bytes: some Collection<UInt8>, file: String) throws(YAMLError) -> DesignCatalogue {
    var catalogue = self
    try catalogue.add(.parse(bytes: bytes, file: file))
    return catalogue
  }

  /// The design of that name, in upper or lower case, with some keys set otherwise.
  ///
  /// - Throws: ``AcceleratorFileError`` naming what may have been meant, or the override that is wrong.
  public func design(
    named name: String, overrides: [DesignOverride] = []
  ) throws(AcceleratorFileError) -> Design {
    guard let index = designs.firstIndex(where: { $0.name == name.lowercased() }) else {
      let names = designs.map(\.name)
      throw .unknown(kind: "design", name: name, suggestions: names.nearest(to: name), all: names)
    }
    guard !overrides.isEmpty else { return designs[index] }
    do {
      return try Design.checked(documents[index], overrides: overrides, dram: dram)
    } catch {
      throw .malformed(error)
    }
  }

  private mutating func add(_ document: YAMLNode) throws(YAMLError) {
    let design = try Design.checked(document, overrides: [], dram: dram)
    guard !designs.contains(where: { $0.name == design.name }) else {
      throw YAMLError(
        document.place(of: ["name"]), key: "name",
        message: "expected a name that no other design has, found '\(design.name)'")
    }
    designs.append(design)
    documents.append(document)
  }
}
