/// One fold of a tile: as much of it as the elements of the array can hold at a time.
struct Fold: Sendable, Hashable {
  /// Rows of the array that it uses.
  var rows: Int
  /// Columns that it uses.
  var columns: Int
  /// In-features of its last group; fewer than the dot width if K ends there.
  var lastGroup: Int
  /// Whether it adds to partial sums that are in the output buffer.
  var readsSums: Bool
}

/// What a fold asks of the ports of the three buffers.
struct FoldDemand: Sendable {
  var weights: PortDemand
  var activations: PortDemand
  var outputs: PortDemand

  /// Where and when operands enter and sums leave.
  ///
  /// - Output-stationary: activations enter the rows and weights the columns, a cycle later from one to the next. The
  ///   sum of an element leaves in the cycle of its last step; one that adds to an older sum reads it in that cycle.
  /// - Weight- and input-stationary: the stationary operand enters from the top, a row a cycle and the bottom row
  ///   first, so that unused rows give the port time. Then the other operand enters the rows. Older sums enter the
  ///   columns at the top, sums leave at the bottom of the array, whether or not its last rows are in use.
  ///
  /// What must be ready before the first step, such as a table, is made from activations: those that travel enter so
  /// much earlier. Operands of a step that takes several cycles pass evenly over them.
  init(_ fold: Fold, _ timing: ArrayTiming, on chip: Chip) {
    let design = chip.design
    let dotWidth = design.array.dotWidth
    let fill = chip.timing.fillCycles
    let cyclesPerStep = chip.timing.cyclesPerStep
    let steps = timing.stepsPerFold
    let streamCycles = steps * cyclesPerStep

    func weightPort(_ bands: (DemandBand, DemandBand), over cycles: Int) -> PortDemand {
      PortDemand(
        bands.0, bands.1, bits: design.weightFormat.bitsPerWeight, cyclesPerOperand: cycles,
        port: design.weightBuffer)
    }
    func activationPort(_ bands: (DemandBand, DemandBand), over cycles: Int) -> PortDemand {
      PortDemand(
        bands.0, bands.1, bits: Double(design.activationFormat.bits), cyclesPerOperand: cycles,
        port: design.activationBuffer)
    }
    func outputPort(_ bands: (DemandBand, DemandBand), over cycles: Int) -> PortDemand {
      PortDemand(
        bands.0, bands.1, bits: Double(design.array.accumulatorBits), cyclesPerOperand: cycles,
        port: design.outputBuffer)
    }

    guard design.array.dataflow != .outputStationary else {
      // The groups of a lane follow one another, the last one may be smaller.
      func groups(from start: Int, lanes: Int) -> (DemandBand, DemandBand) {
        let whole = fold.lastGroup == dotWidth ? streamCycles : streamCycles - cyclesPerStep
        return (
          DemandBand(start: start, lanes: lanes, length: whole, perCycle: dotWidth),
          DemandBand(
            start: start + whole, lanes: lanes, length: streamCycles - whole, perCycle: fold.lastGroup)
        )
      }
      activations = activationPort(groups(from: 0, lanes: fold.rows), over: cyclesPerStep)
      weights = weightPort(groups(from: fill, lanes: fold.columns), over: cyclesPerStep)
      let leaving = DemandBand(
        start: fill + streamCycles - 1, lanes: fold.rows, length: fold.columns,
        perCycle: fold.readsSums ? 2 : 1)
      outputs = outputPort((leaving, DemandBand()), over: 1)
      return
    }

    let loadCycles = timing.loadCyclesPerFold
    // The last row may hold a smaller group; of the stationary operand it enters first.
    let smallRows = fold.lastGroup == dotWidth ? 0 : 1
    let wholeRows = fold.rows - smallRows
    let firstLoad = timing.rows - fold.rows
    let stationary = (
      DemandBand(start: firstLoad, lanes: 1, length: smallRows, perCycle: fold.columns * fold.lastGroup),
      DemandBand(
        start: firstLoad + smallRows, lanes: 1, length: wholeRows, perCycle: fold.columns * dotWidth)
    )
    func moving(from start: Int) -> (DemandBand, DemandBand) {
      (
        DemandBand(start: start, lanes: wholeRows, length: streamCycles, perCycle: dotWidth),
        DemandBand(
          start: start + wholeRows, lanes: smallRows, length: streamCycles, perCycle: fold.lastGroup)
      )
    }
    if design.array.dataflow == .weightStationary {
      weights = weightPort(stationary, over: 1)
      activations = activationPort(moving(from: loadCycles), over: cyclesPerStep)
    } else {
      activations = activationPort(stationary, over: 1)
      weights = weightPort(moving(from: loadCycles + fill), over: cyclesPerStep)
    }
    let entering = DemandBand(
      start: loadCycles + fill, lanes: fold.columns, length: streamCycles, perCycle: 1)
    var leaving = entering
    leaving.start += timing.rows - 1
    outputs = outputPort((leaving, fold.readsSums ? entering : DemandBand()), over: cyclesPerStep)
  }
}
