import Ternary

/// Sums of groups of activations are made once and looked up by patterns of weights.
///
/// The table of g activations holds one of each pair of patterns that differ in sign, without the pattern of
/// zeros: (3^g - 1) / 2 entries, of which g are the activations themselves and each other takes one addition to an
/// earlier one. `sharers` neighbouring elements read one table, except with activations that stay, which each
/// element has its own of.
struct LUT: PiecewiseDatapath {
  let name = "lut"
  let family = ComputeFamily.lut
  let summary = "sums every pattern of a few activations once, then looks the weights' patterns up"
  let source = "mirrored tables: arXiv 2408.06003; ternary tables shared by elements: arXiv 2604.25183"

  /// The largest group: 121 entries.
  static let largestGroup = 5

  func objection(to element: ElementDesign) -> ElementObjection? {
    guard let tables = element.tables else {
      return ElementObjection(key: "array.tables", expected: "a group size and a number of sharers")
    }
    guard (1...Self.largestGroup).contains(tables.groupSize) else {
      return ElementObjection(
        key: "array.tables.group", expected: "1 to \(Self.largestGroup) activations")
    }
    guard (1...65_536).contains(tables.sharers) else {
      return ElementObjection(key: "array.tables.sharers", expected: "1 to 65536 elements")
    }
    guard element.dotWidth % tables.groupSize == 0 else {
      return ElementObjection(
        key: "array.dot-width", expected: "a multiple of the group size \(tables.groupSize)")
    }
    let tooWide = element.activations.isFloat ? nil : element.objectionToIntegers(upToBits: 16)
    return element.objectionToTernary() ?? tooWide
      ?? element.objectionToAccumulator(products: element.activations)
  }

  /// A cycle to make the first table of a fold; each further one is made while the one before is read.
  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 1) }

  func pieces(of element: ElementDesign) -> [Piece] {
    guard let tables = element.tables else { return [] }
    return makingTables(tables, in: element) + readingTables(tables, in: element)
  }

  /// Entries of a table.
  static func entries(groupSize: Int) -> Int {
    ((0..<groupSize).reduce(1) { power, _ in 3 * power } - 1) / 2
  }

  private func makingTables(_ tables: TableDesign, in element: ElementDesign) -> [Piece] {
    let entries = Self.entries(groupSize: tables.groupSize)
    let entry = element.activations.widened(by: ceilingLog2(tables.groupSize))
    let sharers = element.dataflow == .inputStationary ? 1 : tables.sharers
    let tablesPerElement = Double(element.dotWidth / tables.groupSize) / Double(sharers)
    func eachTable(_ operation: Operation, times: Int) -> Piece {
      Piece(operation, count: tablesPerElement * Double(times), uses: Double(times), per: .table, in: .tables)
    }
    return [
      eachTable(.add(entry), times: entries - tables.groupSize),
      eachTable(.tableWrite(entries: entries, bits: entry.bits), times: entries),
    ]
  }

  private func readingTables(_ tables: TableDesign, in element: ElementDesign) -> [Piece] {
    let groups = element.dotWidth / tables.groupSize
    let entry = element.activations.widened(by: ceilingLog2(tables.groupSize))
    let read = Operation.tableRead(entries: Self.entries(groupSize: tables.groupSize), bits: entry.bits)
    let tree = adderTree(inputs: groups, of: entry).map {
      Piece(.add($0.format), count: $0.adders, in: .arithmetic)
    }
    // Elements are charged for passing activations on as in other datapaths, which stands for the wires that
    // carry a table to its sharers.
    let registers = element.operandRegisters(
      activationBits: element.dotWidth * element.activations.bits,
      weightBits: groups * Self.patternBits(groupSize: tables.groupSize))
    return [
      Piece(read, count: groups, in: .arithmetic),
      Piece(.select(bits: entry.bits), count: groups, in: .arithmetic),
    ] + tree + [
      Piece(.add(element.accumulatorFormat(products: entry)), in: .accumulator), element.sumRegister,
    ] + registers
      + (Self.storesPatterns(element.weights, groupSize: tables.groupSize) ? [] : [element.decoder])
  }

  /// Bits that tell all patterns of a group apart.
  private static func patternBits(groupSize: Int) -> Int {
    ceilingLog2(2 * entries(groupSize: groupSize) + 1)
  }

  /// Whether a format's own groups are those of the tables, so that stored weights are indices as they are.
  private static func storesPatterns(_ format: WeightFormat, groupSize: Int) -> Bool {
    switch format {
    case .t5: groupSize == 5
    case .tl2: groupSize == 3
    default: false
    }
  }
}
