extension SteppedArray {
  /// In-features along the rows: one operand is loaded and stays, the other moves right, sums move down. With
  /// stationary weights out-features lie along the columns and tokens pass, with stationary activations it is the
  /// other way round.
  ///
  /// In a step of several cycles a sum follows each cycle's operands, and they are added where they leave.
  ///
  /// - Returns: The magnitudes of all sums ORed, one's complement for those below zero.
  func runStationaryOperand(_ fold: SteppedTile, outputs: UnsafeMutablePointer<Int32>) -> UInt32 {
    let weightsStay = chip.design.array.dataflow == .weightStationary
    let usedRows = fold.groups(of: dotWidth)
    let usedColumns = weightsStay ? fold.outFeatures.count : fold.tokens.count
    let steps = weightsStay ? fold.tokens.count : fold.outFeatures.count
    let stepCycles = steps * cyclesPerStep
    var largest: UInt32 = 0

    // Rows move down as they enter, so that the bottom one is first; here they are written where they end up.
    for row in (0..<rows).reversed() {
      if row < usedRows { load(row, of: fold, weightsStay: weightsStay) }
      ports.move()
    }

    // The clock of the elements: the first operand reaches the first column in cycle 0. What is made of activations
    // that move is made while they are on their way there; what is made of those that stay, before.
    let lead = weightsStay ? fillCycles : 0
    for _ in 0..<fillCycles - lead { ports.move() }
    var cycle = -lead
    while cycle < stepCycles + rows + columns - 2 {
      moving.shift()
      for row in 0..<usedRows {
        guard let step = step(after: cycle + lead - row, of: steps) else {
          moving.enterNothing(line: row)
          continue
        }
        enter(step, into: row, of: fold, weightsStay: weightsStay)
      }

      sums.moveDown()
      enterSums(at: cycle, of: fold, steps: steps, columns: usedColumns, from: outputs)

      for row in activeRows(at: cycle, of: usedRows, columns: usedColumns, stepCycles: stepCycles) {
        let stationary = held.operands(row: row)
        let passing = moving.row(row)
        elements.step(
          row: row, activations: weightsStay ? passing : stationary,
          weights: weightsStay ? stationary : passing, sums: sums.sums(row: row), columns: usedColumns)
        if mayLeaveExactSums { largest |= magnitudes(ofRow: row, columns: usedColumns) }
      }

      largest |= leaveSums(at: cycle, of: fold, steps: steps, columns: usedColumns, to: outputs)
      ports.move()
      cycle += 1
    }
    return largest
  }

  /// Loads a row of the stationary operand.
  private func load(_ row: Int, of fold: SteppedTile, weightsStay: Bool) {
    let first = row * dotWidth
    let number = min(dotWidth, fold.inFeatures.count - first)
    if weightsStay {
      for column in 0..<fold.outFeatures.count {
        let weights = fold.weights(outFeature: column, inFeature: first)
        elements.encode(
          weights: weights, count: number, cycle: 0, into: held.operands(row: row, column: column))
        count(weights: weights, number, uses: fold.tokens.count)
        ports.weightsDue += number
      }
    } else {
      for column in 0..<fold.tokens.count {
        elements.encode(
          activations: fold.activations(token: column, inFeature: first), count: number, cycle: 0,
          into: held.operands(row: row, column: column))
        activationReads += number
        ports.activationsDue += number
      }
      elements.activationsDidLoad(
        row: row, held.operands(row: row), columns: fold.tokens.count)
    }
  }

  /// Lets the other operand of one cycle enter a row.
  @inline(__always)
  private func enter(_ step: (index: Int, cycle: Int), into row: Int, of fold: SteppedTile, weightsStay: Bool)
  {
    let first = row &* dotWidth
    let number = min(dotWidth, fold.inFeatures.count - first)
    if weightsStay {
      elements.encode(
        activations: fold.activations(token: step.index, inFeature: first), count: number, cycle: step.cycle,
        into: moving.entrance(of: row))
      ports.activationsDue &+= number
      if step.cycle == 0 { activationReads &+= number }
    } else {
      let weights = fold.weights(outFeature: step.index, inFeature: first)
      elements.encode(weights: weights, count: number, cycle: step.cycle, into: moving.entrance(of: row))
      ports.weightsDue &+= number
      if step.cycle == 0 { count(weights: weights, number, uses: fold.tokens.count) }
    }
  }

  /// Where the output of a step and a column is.
  @inline(__always)
  private func place(_ step: Int, _ column: Int, in fold: SteppedTile) -> Int {
    chip.design.array.dataflow == .weightStationary
      ? fold.output(token: step, outFeature: column) : fold.output(token: column, outFeature: step)
  }

  /// Older sums, or zeros, enter the top row. A sum is read over all cycles of its step and used in the first.
  private func enterSums(
    at cycle: Int, of fold: SteppedTile, steps: Int, columns: Int, from outputs: UnsafeMutablePointer<Int32>
  ) {
    let top = sums.sums(row: 0)
    guard fold.accumulates else {
      top.update(repeating: 0, count: columns)
      return
    }
    for column in 0..<columns {
      top[column] = 0
      guard let step = step(after: cycle - column, of: steps) else { continue }
      ports.outputsDue &+= 1
      guard step.cycle == 0 else { continue }
      top[column] = outputs[place(step.index, column, in: fold)]
      outputReads &+= 1
    }
  }

  /// Sums leave the bottom row; those of one step are added.
  private func leaveSums(
    at cycle: Int, of fold: SteppedTile, steps: Int, columns: Int, to outputs: UnsafeMutablePointer<Int32>
  ) -> UInt32 {
    let bottom = sums.sums(row: rows - 1)
    var largest: UInt32 = 0
    for column in 0..<columns {
      guard let step = step(after: cycle - (rows - 1) - column, of: steps) else { continue }
      let place = place(step.index, column, in: fold)
      let sum = step.cycle == 0 ? bottom[column] : outputs[place] &+ bottom[column]
      outputs[place] = sum
      ports.outputsDue &+= 1
      guard step.cycle == cyclesPerStep - 1 else { continue }
      largest |= magnitude(of: sum)
      outputWrites &+= 1
    }
    return largest
  }
}
