/// The array register by register: every cycle of every fold of a tile, on real operands.
///
/// Operands enter at the edge, words move by one register a cycle, sums stay or move down, and ports make everything
/// wait. Nothing here knows the closed forms of ``ArrayTiming`` and ``ArrayRun``: cycles end when the last sum has
/// left, and what is read, written and made is counted where it happens.
final class SteppedArray {
  /// The largest array by products a cycle: its registers take some hundred megabytes.
  static let largestProductsPerCycle = 1 << 22

  let chip: Chip
  let rows: Int
  let columns: Int
  let dotWidth: Int
  let cyclesPerStep: Int
  let fillCycles: Int
  let elements: any SteppedElements
  /// Sums outside of these cannot be held.
  let exactSums: ExactSums
  /// Whether there may be such sums in what is run.
  private(set) var mayLeaveExactSums = false

  /// What moves along the rows.
  let moving: DelayLines
  /// What stays, or, with stationary outputs, the weights that move down.
  let held: RegisterRows
  /// Sums, which move down unless outputs are stationary.
  let sums: RegisterRows

  var ports: EdgePorts
  var counts = OccasionCounts()
  var activationReads = 0
  var outputWrites = 0
  var outputReads = 0

  /// - Throws: ``SteppedError`` if the datapath cannot be run or the array is too large.
  init(_ chip: Chip) throws(SteppedError) {
    let array = chip.design.array
    guard let datapath = chip.datapath as? any SteppedDatapath else {
      throw .noElements(design: chip.design.name, datapath: chip.datapath.name)
    }
    let (products, overflow) = array.elements.multipliedReportingOverflow(by: array.dotWidth)
    guard !overflow, products <= Self.largestProductsPerCycle else {
      throw .arrayTooLarge(
        design: chip.design.name, elements: array.elements, dotWidth: array.dotWidth,
        limit: Self.largestProductsPerCycle)
    }
    self.chip = chip
    rows = array.rows
    columns = array.columns
    dotWidth = array.dotWidth
    cyclesPerStep = chip.timing.cyclesPerStep
    fillCycles = chip.timing.fillCycles
    elements = datapath.elements(of: chip.element, rows: rows, columns: columns)
    exactSums = ExactSums(chip.element.accumulatorFormat(products: chip.element.activations))
    let weightsMove = array.dataflow == .inputStationary
    // What takes time to be made of activations that travel, such as tables, takes registers before the elements.
    moving = DelayLines(
      lines: rows, words: weightsMove ? elements.weightWords : elements.activationWords,
      lead: weightsMove ? 0 : fillCycles, columns: columns)
    held = RegisterRows(
      rows: rows, columns: columns,
      bytes: 2 * (weightsMove ? elements.activationWords : elements.weightWords))
    sums = RegisterRows(rows: rows, columns: columns, bytes: 4)
    ports = EdgePorts(chip)
  }

  /// Runs one tile.
  ///
  /// - Parameters:
  ///   - tile: What of the operands.
  ///   - outputs: All M×N outputs; those of the tile are set, or added to if they hold partial sums already.
  /// - Throws: ``SteppedError`` if a sum cannot be held.
  func run(
    _ tile: SteppedTile, outputs: UnsafeMutablePointer<Int32>
  ) throws(SteppedError) -> ArrayRun {
    counts = OccasionCounts()
    (activationReads, outputWrites, outputReads) = (0, 0, 0)
    let tablesBefore = elements.tablesMade
    mayLeaveExactSums = !exactSums.hold(tile.operands.largestSum)
    var stalls = PortStalls()
    var cycles = 0

    let isOutputStationary = chip.design.array.dataflow == .outputStationary
    for tokens in tile.tokens.pieces(of: tokensPerFold) {
      for outFeatures in tile.outFeatures.pieces(of: outFeaturesPerFold) {
        for inFeatures in tile.inFeatures.pieces(of: inFeaturesPerFold) {
          let fold = SteppedTile(
            operands: tile.operands, tokens: tokens, inFeatures: inFeatures, outFeatures: outFeatures,
            accumulates: tile.accumulates || inFeatures.lowerBound > tile.inFeatures.lowerBound)
          elements.beginFold()
          moving.clear()
          held.clear()
          sums.clear()
          let largest =
            isOutputStationary
            ? runOutputStationary(fold, outputs: outputs) : runStationaryOperand(fold, outputs: outputs)
          guard exactSums.hold(largest) else {
            throw .inexactSum(
              design: chip.design.name, format: exactSums.format, tokens: tokens, outFeatures: outFeatures)
          }
          cycles += ports.endFold(adding: &stalls)
        }
      }
    }

    counts.tables = Double(elements.tablesMade - tablesBefore)
    return ArrayRun(
      cycles: cycles, stalls: stalls, weightReads: counts.weightEntries,
      activationReads: Double(activationReads), outputWrites: Double(outputWrites),
      outputReads: Double(outputReads), occasions: counts)
  }

  private var tokensPerFold: Int {
    switch chip.design.array.dataflow {
    case .outputStationary: rows
    case .weightStationary: .max
    case .inputStationary: columns
    }
  }

  private var outFeaturesPerFold: Int {
    chip.design.array.dataflow == .inputStationary ? .max : columns
  }

  private var inFeaturesPerFold: Int {
    chip.design.array.dataflow == .outputStationary ? .max : rows * dotWidth
  }

  /// Rows in which elements have work in a cycle: the first column of a row begins as many cycles later as there are
  /// rows above it.
  func activeRows(at cycle: Int, of rows: Int, columns: Int, stepCycles: Int) -> Range<Int> {
    let first = max(0, cycle - (stepCycles + columns - 2))
    return first..<max(first, min(rows, cycle + 1))
  }

  /// The magnitude of a sum, one's complement if it is below zero.
  @inline(__always)
  func magnitude(of sum: Int32) -> UInt32 { UInt32(bitPattern: sum ^ (sum >> 31)) }

  /// The magnitudes of the sums of a row, ORed.
  func magnitudes(ofRow row: Int, columns: Int) -> UInt32 {
    let sums = sums.sums(row: row)
    var all: Int32 = 0
    for column in 0..<columns { all |= sums[column] ^ (sums[column] >> 31) }
    return UInt32(bitPattern: all)
  }

  /// The step that a lane is in, and the cycle of it, so many cycles after its first; `nil` before and after.
  @inline(__always)
  func step(after cycles: Int, of steps: Int) -> (index: Int, cycle: Int)? {
    guard cycles >= 0, cycles < steps &* cyclesPerStep else { return nil }
    return cyclesPerStep == 1 ? (cycles, 0) : (cycles / cyclesPerStep, cycles % cyclesPerStep)
  }

  /// Counts weights that enter the array, and what they will meet there.
  @inline(__always)
  func count(weights: UnsafePointer<Int8>, _ number: Int, uses: Int) {
    var nonzero = 0
    for index in 0..<number { nonzero &+= Int(weights[index] & 1) }
    counts.weightEntries += Double(number)
    counts.steps += Double(uses)
    counts.multiplyAccumulates += Double(number &* uses)
    counts.nonzeroMultiplyAccumulates += Double(nonzero &* uses)
  }
}

extension Range<Int> {
  /// Consecutive pieces of so many, the last of what is left.
  func pieces(of length: Int) -> [Range<Int>] {
    let length = Swift.min(length, count)
    return stride(from: lowerBound, to: upperBound, by: length).map {
      $0..<Swift.min($0 + length, upperBound)
    }
  }
}
