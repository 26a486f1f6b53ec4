/// A design whose datapath is known and suits it: what the simulators work on.
public struct Chip: Sendable {
  /// The design.
  public let design: Design
  /// Its datapath.
  public let datapath: any Datapath
  /// What the datapath sees of the design.
  public let element: ElementDesign
  /// How long things take in an element.
  public let timing: ElementTiming

  /// Looks the datapath up and lets it check the design.
  ///
  /// - Throws: ``DesignError`` when there is no such datapath or it does not suit the design.
  public init(_ design: Design) throws(DesignError) {
    guard let datapath = Datapaths.named(design.array.datapath) else {
      throw DesignError(
        design: design.name, key: "array.datapath",
        message:
          "expected one of \(Datapaths.all.map(\.name).joined(separator: ", ")), found '\(design.array.datapath)'"
      )
    }
    let element = ElementDesign(design)
    if let objection = datapath.objection(to: element) {
      throw DesignError(
        design: design.name, key: objection.key,
        message: "expected \(objection.expected) for the \(datapath.name) datapath")
    }
    self.design = design
    self.datapath = datapath
    self.element = element
    timing = datapath.timing(of: element)
  }

  /// Peak multiply-accumulates a cycle of one chip.
  public var peakMultiplyAccumulatesPerCycle: Double {
    Double(design.array.elements) * Double(design.array.dotWidth) / Double(timing.cyclesPerStep)
  }

  /// Bytes that DRAM delivers in a cycle, bursts being long.
  public var dramBytesPerCycle: Double {
    design.dram.bytesPerSecond * design.dram.efficiency / design.technology.clockHertz
  }
}

/// A design that cannot be simulated, and why.
public struct DesignError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The design.
  public let design: String
  /// The key of the design file that is wrong, if it is one.
  public let key: String?
  /// What was expected and what was found.
  public let message: String

  /// Creates an error.
  public init(design: String, key: String?, message: String) {
    self.design = design
    self.key = key
    self.message = message
  }

  /// One sentence.
  public var description: String {
    "design '\(design)': " + (key.map { "key '\($0)': " } ?? "") + message
  }
}
