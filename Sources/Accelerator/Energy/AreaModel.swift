/// The silicon of a chip, from its parts: cells alone, without the wiring between them, pads and DRAM interfaces.
public struct AreaModel: Sendable {
  private let operations: OperationCosts
  private let memory: MemoryCosts

  /// - Parameters:
  ///   - design: Whose technology to use.
  ///   - tables: What things take.
  /// - Throws: ``CostError`` when the node is outside the tables.
  public init(_ design: Design, tables: CostTables) throws(CostError) {
    // Areas do not depend on how energy is scaled.
    let scaling = try NodeScaling(design, by: .anchors, tables: tables)
    operations = OperationCosts(areasFrom: tables, scaling: scaling)
    memory = MemoryCosts(from: tables, scaling: scaling)
  }

  /// The area of one chip of that node by part.
  public func area(of chip: Chip) -> AreaBreakdown {
    let design = chip.design
    var area = AreaBreakdown()
    for part in chip.datapath.parts(of: chip.element) {
      area[part.component.areaPart] +=
        operations[part.operation] * part.count * Double(design.array.elements) / 1e6
    }
    for activity in chip.datapath.activities(in: chip.element)
    where activity.component == .weightDecoder && activity.occasion == .weightEntry {
      area[.weightDecoder] +=
        operations[activity.operation] * activity.count * Double(weightLanes(of: chip)) / 1e6
    }
    for (part, buffer) in [
      (AreaBreakdown.Part.weightBuffer, design.weightBuffer), (.activationBuffer, design.activationBuffer),
      (.outputBuffer, design.outputBuffer),
    ] {
      area[part] = Double(buffer.bytes) * memory.squareMicrometresPerByte / 1e6
    }
    let lane = operations[.multiply(design.vectorUnit.format)] + operations[.add(design.vectorUnit.format)]
    area[.vectorUnit] = lane * Double(design.vectorUnit.lanes) / 1e6
    return area
  }

  /// Weights that can enter the array in a cycle, each through a decoder.
  private func weightLanes(of chip: Chip) -> Int {
    let array = chip.design.array
    return array.dotWidth * (array.dataflow == .inputStationary ? array.rows : array.columns)
  }
}

extension Activity.Component {
  fileprivate var areaPart: AreaBreakdown.Part {
    switch self {
    case .arithmetic: .arithmetic
    case .accumulator: .accumulator
    case .tables: .tables
    case .weightDecoder: .weightDecoder
    case .registers: .registers
    }
  }
}

extension NodeScaling {
  /// Scaling to the node of a design.
  init(_ design: Design, by scaling: EnergyScaling, tables: CostTables) throws(CostError) {
    let node = design.technology.nodeNanometres
    guard Self.nodes.contains(node) else { throw CostError.node(design: design.name, nanometres: node) }
    self.init(to: node, by: scaling, tables: tables)
  }
}
