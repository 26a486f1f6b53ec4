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
  ///   - chip: One chip; several share a model one level up.
  ///   - tiling: Fixes the tiles; `nil` takes the best there are.
  /// - Throws: ``SteppedError`` if the design does not hold the operands, a tile or a sum, or is too large.
  public func simulate(
    activations: [Int8], weights: TernaryMatrix, on chip: Chip, tiling: Tiling? = nil
  ) throws(SteppedError) -> Result {
    let array = try SteppedArray(chip)
    let largestSum = try chip.check(activations: activations, weights: weights)
    let size = MatmulSize(
      tokens: activations.count / weights.columns, inFeatures: weights.columns, outFeatures: weights.rows)
    let schedule = try schedule(size, zeroShare: weights.zeroShare, on: chip, tiling: tiling)

    var clock = PingPongClock(chip)
    var tally = SimulationTally()
    var outputs = [Int32](repeating: 0, count: size.tokens * size.outFeatures)
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
            tally.add(run)
            tally.add(iteration.loads)
            tally.add(iteration.stores)
          }
        }
      }
    }
    return Result(
      outputs: outputs,
      simulation: tally.simulation(
        of: size, zeroShare: weights.zeroShare, tiling: schedule.tiling, totalCycles: clock.totalCycles,
        on: chip))
  }

  /// The tiles are chosen, and checked against the buffers, by the simulator that does it in closed form.
  private func schedule(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SteppedError) -> TileSchedule {
    do throws(SimulationError) {
      let simulation = try AnalyticalSimulator().simulate(
        size, zeroShare: zeroShare, on: chip, tiling: tiling)
      return TileSchedule(size, tiling: simulation.tiling)
    } catch {
      throw .notSimulable(error)
    }
  }
}

extension Chip {
  /// Whether all operands are numbers that the design has, and sums of one step are exact.
  ///
  /// - Returns: What no sum, partial or not, exceeds in magnitude.
  fileprivate func check(
    activations: [Int8], weights: TernaryMatrix
  ) throws(SteppedError) -> UInt32 {
    let inFeatures = weights.columns
    guard !activations.isEmpty, activations.count % inFeatures == 0 else {
      throw .sizes(activations: activations.count, inFeatures: inFeatures)
    }
    if design.weightFormat == .b1, !weights.isBinary {
      throw .zeroWeights(design: design.name, format: design.weightFormat)
    }
    let format = design.activationFormat
    let bits = min(8, format.exactIntegerBits)
    let representable = Int8(-1 << (bits - 1))...Int8(1 << (bits - 1) - 1)
    if let value = activations.first(where: { !representable.contains($0) }) {
      throw .activationOutOfRange(design: design.name, format: format, value: value)
    }
    // |-128| times the most in-features of a matrix fits.
    let largest = activations.reduce(0 as UInt32) { max($0, UInt32($1.magnitude)) }
    if let format = (datapath as? any SteppedDatapath)?.stepFormat(of: element), format.isFloat {
      let largestOfStep = largest * UInt32(min(element.dotWidth, inFeatures))
      guard ExactSums(format).hold(largestOfStep) else {
        throw .inexactSum(
          design: design.name, format: format, tokens: 0..<activations.count / inFeatures,
          outFeatures: 0..<weights.rows)
      }
    }
    return largest * UInt32(inFeatures)
  }
}
