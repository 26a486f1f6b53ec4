import Accelerator
import ArgumentParser

/// Which designs a command line asks for, and what they are compared with.
struct SimulatedDesigns {
  /// Simulated when nothing is named: every datapath at the size of a server chip.
  static let defaultNames =
    "fp16-server,int8-server,addsub-server,lut-server,bitserial-server,popcount-server"

  let designs: [Design]
  let baseline: Design?

  /// - Parameters:
  ///   - names: Shipped designs by comma; `nil` takes the files alone, or the default ones if there are none.
  ///   - files: Designs of the user's.
  ///   - settings: `key=value` for all designs, `name:key=value` for one.
  ///   - baseline: A name, `none`, or `nil` for the first FP16 design.
  init(names: String?, files: [String], settings: [String], baseline: String?) throws {
    var catalogue = try DesignCatalogue.shipped()
    let shipped = catalogue.designs.count
    for file in files { catalogue = try catalogue.loading(yaml: file) }
    let own = catalogue.designs.dropFirst(shipped).map(\.name)
    let named = names ?? (files.isEmpty ? Self.defaultNames : "")
    let chosen = named.split(separator: ",").map { $0.lowercased() } + own
    guard !chosen.isEmpty else { throw ValidationError("'--designs' names no design") }

    let overrides = try settings.map(Setting.init)
    if let stray = overrides.first(where: { setting in
      setting.design != nil && !(chosen + [baseline?.lowercased() ?? ""]).contains(where: setting.applies)
    }) {
      throw ValidationError("--set names the design '\(stray.design ?? "")', which is not simulated")
    }
    let designs = try chosen.map { try Self.design($0, in: catalogue, overrides) }
    self.designs = designs
    switch baseline?.lowercased() {
    case "none": self.baseline = nil
    case .some(let name): self.baseline = try Self.design(name, in: catalogue, overrides)
    case nil: self.baseline = designs.first { $0.array.datapath == "fp16-mac" }
    }
  }

  private static func design(
    _ name: String, in catalogue: DesignCatalogue, _ settings: [Setting]
  ) throws -> Design {
    let overrides = settings.filter { $0.applies(to: name) }.map(\.override)
    do {
      return try catalogue.design(named: name, overrides: overrides)
    } catch {
      if case .unknown = error { throw ValidationError("\(error)") }
      throw error
    }
  }
}

/// A `--set` option: a key and value for all designs, or for the one named before a colon.
private struct Setting {
  let design: String?
  let override: DesignOverride

  init(_ text: String) throws {
    // Keys have no colon, so one before the equals sign ends a name.
    let key = text.prefix { $0 != "=" }
    if let colon = key.firstIndex(of: ":") {
      design = key[..<colon].lowercased()
      override = try DesignOverride(String(text[text.index(after: colon)...]))
    } else {
      design = nil
      override = try DesignOverride(text)
    }
  }

  func applies(to name: String) -> Bool { design == nil || design == name }
}
