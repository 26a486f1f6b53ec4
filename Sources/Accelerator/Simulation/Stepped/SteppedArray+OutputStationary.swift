extension SteppedArray {
  /// Tokens along the rows, out-features along the columns: activations move right, weights move down, sums stay and
  /// leave one diagonal a cycle.
  ///
  /// - Returns: The magnitudes of all sums ORed, one's complement for those below zero.
  func runOutputStationary(_ fold: SteppedTile, outputs: UnsafeMutablePointer<Int32>) -> UInt32 {
    let usedRows = fold.tokens.count
    let usedColumns = fold.outFeatures.count
    let steps = fold.groups(of: dotWidth)
    let stepCycles = steps * cyclesPerStep
    let lastDiagonal = rows + columns - 2
    var largest: UInt32 = 0

    // The clock of the elements: the first activation reaches the first column in cycle 0.
    var cycle = -fillCycles
    while cycle < stepCycles + lastDiagonal {
      moving.shift()
      for row in 0..<usedRows {
        guard let step = step(after: cycle + fillCycles - row, of: steps) else {
          moving.enterNothing(line: row)
          continue
        }
        let first = step.index &* dotWidth
        let number = min(dotWidth, fold.inFeatures.count - first)
        elements.encode(
          activations: fold.activations(token: row, inFeature: first), count: number, cycle: step.cycle,
          into: moving.entrance(of: row))
        ports.activationsDue &+= number
        if step.cycle == 0 { activationReads &+= number }
      }

      held.moveDown()
      for column in 0..<usedColumns {
        let entrance = held.operands(row: 0, column: column)
        guard let step = step(after: cycle - column, of: steps) else {
          for word in 0..<elements.weightWords { entrance.words[word &* entrance.stride] = 0 }
          continue
        }
        let first = step.index &* dotWidth
        let number = min(dotWidth, fold.inFeatures.count - first)
        let weights = fold.weights(outFeature: column, inFeature: first)
        elements.encode(weights: weights, count: number, cycle: step.cycle, into: entrance)
        ports.weightsDue &+= number
        if step.cycle == 0 { count(weights: weights, number, uses: usedRows) }
      }

      for row in activeRows(at: cycle, of: usedRows, columns: usedColumns, stepCycles: stepCycles) {
        elements.step(
          row: row, activations: moving.row(row), weights: held.operands(row: row), sums: sums.sums(row: row),
          columns: usedColumns)
        if mayLeaveExactSums { largest |= magnitudes(ofRow: row, columns: usedColumns) }
      }

      let diagonal = cycle - (stepCycles - 1)
      let firstRow = max(0, diagonal - usedColumns + 1)
      for row in firstRow..<max(firstRow, min(usedRows, diagonal + 1)) {
        let place = fold.output(token: row, outFeature: diagonal - row)
        let sum = sums.sums(row: row)[diagonal - row] &+ (fold.accumulates ? outputs[place] : 0)
        outputs[place] = sum
        largest |= magnitude(of: sum)
        outputWrites &+= 1
        ports.outputsDue &+= 1
        if fold.accumulates {
          outputReads &+= 1
          ports.outputsDue &+= 1
        }
      }
      ports.move()
      cycle += 1
    }
    return largest
  }
}
