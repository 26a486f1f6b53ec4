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

/// What all folds of a tile have in common.
struct FoldDataflow: Sendable {
  let stationary: Dataflow
  let dotWidth: Int
  let cyclesPerStep: Int
  let fillCycles: Int
  /// Rows of the array.
  let rows: Int
  /// Cycles in which a lane takes operands.
  let streamCycles: Int

  init(_ timing: ArrayTiming, on chip: Chip) {
    stationary = chip.design.array.dataflow
    dotWidth = chip.design.array.dotWidth
    cyclesPerStep = chip.timing.cyclesPerStep
    fillCycles = chip.timing.fillCycles
    rows = timing.rows
    streamCycles = timing.stepsPerFold * chip.timing.cyclesPerStep
  }
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
  /// much earlier.
  init(_ fold: Fold, _ dataflow: FoldDataflow, _ rates: PortRates) {
    let dotWidth = dataflow.dotWidth
    let fill = dataflow.fillCycles
    let streamCycles = dataflow.streamCycles

    guard dataflow.stationary != .outputStationary else {
      // The groups of a lane follow one another, the last one may be smaller.
      let whole = streamCycles - (fold.lastGroup == dotWidth ? 0 : dataflow.cyclesPerStep)
      func groups(from start: Int, lanes: Int, _ cyclesPerUnit: Double) -> PortDemand {
        PortDemand(
          DemandBand(start: start, lanes: lanes, length: whole, perCycle: dotWidth),
          DemandBand(
            start: start + whole, lanes: lanes, length: streamCycles - whole, perCycle: fold.lastGroup),
          cyclesPerUnit: cyclesPerUnit)
      }
      activations = groups(from: 0, lanes: fold.rows, rates.activations)
      weights = groups(from: fill, lanes: fold.columns, rates.weights)
      outputs = PortDemand(
        DemandBand(
          start: fill + streamCycles - 1, lanes: fold.rows, length: fold.columns,
          perCycle: fold.readsSums ? 2 : 1), cyclesPerUnit: rates.outputs)
      return
    }

    // The last row may hold a smaller group; of the stationary operand it enters first.
    let loadCycles = dataflow.rows
    let smallRows = fold.lastGroup == dotWidth ? 0 : 1
    let wholeRows = fold.rows - smallRows
    let firstLoad = loadCycles - fold.rows
    func stationary(_ cyclesPerUnit: Double) -> PortDemand {
      PortDemand(
        DemandBand(start: firstLoad, lanes: 1, length: smallRows, perCycle: fold.columns * fold.lastGroup),
        DemandBand(
          start: firstLoad + smallRows, lanes: 1, length: wholeRows, perCycle: fold.columns * dotWidth),
        cyclesPerUnit: cyclesPerUnit)
    }
    func moving(from start: Int, _ cyclesPerUnit: Double) -> PortDemand {
      PortDemand(
        DemandBand(start: start, lanes: wholeRows, length: streamCycles, perCycle: dotWidth),
        DemandBand(
          start: start + wholeRows, lanes: smallRows, length: streamCycles, perCycle: fold.lastGroup),
        cyclesPerUnit: cyclesPerUnit)
    }
    if dataflow.stationary == .weightStationary {
      weights = stationary(rates.weights)
      activations = moving(from: loadCycles, rates.activations)
    } else {
      activations = stationary(rates.activations)
      weights = moving(from: loadCycles + fill, rates.weights)
    }
    let entering = DemandBand(
      start: loadCycles + fill, lanes: fold.columns, length: streamCycles, perCycle: 1)
    var leaving = entering
    leaving.start += dataflow.rows - 1
    outputs = PortDemand(
      leaving, fold.readsSums ? entering : DemandBand(), cyclesPerUnit: rates.outputs)
  }
}
