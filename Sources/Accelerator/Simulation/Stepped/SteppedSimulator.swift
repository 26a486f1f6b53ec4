import Ternary

/// Runs a matmul cycle by cycle on real operands, and so gives the result beside the time.
///
/// It takes the same tiles in the same order as ``AnalyticalSimulator``, and DRAM moves the same bytes at the same
/// pace; what happens in the array is done rather than derived.
public struct SteppedSimulator: Sendable {
  /// What came out.
  public struct Result: Sendable, Hashable {
    /// M×N sums, row-major, not scaled.
    public let outputs: [Int32]
    /// Cycles, traffic and counts.
    public let simulation: MatmulSimulation
  }

  /// Creates a simulator.
  public init() {}

  /// - Parameters:
  ///   - activations: M tokens of K in-features, row-major; M follows from their number.
  ///   - weights: N out-features by K in-features.
  ///   - chip: One chip.
  ///   - tiling: The tiles; whether they fit the buffers is not asked here.
  /// - Throws: ``SteppedError`` if the design does not represent the operands or a sum, or is too large.
  public func simulate(
    activations: [Int8], weights: TernaryMatrix, on chip: Chip, tiling: Tiling
  ) throws(SteppedError) -> Result {
    let inFeatures = weights.columns
    guard !activations.isEmpty, activations.count % inFeatures == 0 else {
      throw .sizes(activations: activations.count, inFeatures: inFeatures)
    }
    let size = MatmulSize(
      tokens: activations.count / inFeatures, inFeatures: inFeatures, outFeatures: weights.rows)
    let array = try SteppedArray(chip)
    let largestSum = try array.largestSum(activations: activations, weights: weights)

    var clock = PingPongClock(chip)
    var total = TileTotals()
    var outputs = [Int32](repeating: 0, count: size.tokens * size.outFeatures)
    let schedule = TileSchedule(size, tiling: tiling)
    try outputs.withUnsafeMutableBufferPointer { outputs throws(SteppedError) in
      try activations.withUnsafeBufferPointer { activations throws(SteppedError) in
        try weights.values.withUnsafeBufferPointer { weights throws(SteppedError) in
          guard let outputs = outputs.baseAddress, let activations = activations.baseAddress,
            let weights = weights.baseAddress
          else { return }
          let operands = SteppedOperands(
            activations: activations, weights: weights, inFeatures: size.inFeatures,
            outFeatures: size.outFeatures, largestSum: largestSum)
          for iteration in schedule {
            let run = try array.run(
              SteppedTile(
                operands: operands, tokens: iteration.tokens, inFeatures: iteration.inFeatures,
                outFeatures: iteration.outFeatures, accumulates: iteration.accumulates),
              outputs: outputs)
            clock.add(iteration, computeCycles: Double(run.cycles) + run.stallCycles)
            total.add(iteration, run)
          }
        }
      }
    }
    return Result(outputs: outputs, simulation: total.simulation())
  }
}
