/// What one tile takes on the array: cycles, what the buffers' ports move, and how often what happens inside.
public struct ArrayRun: Sendable, Hashable {
  /// Cycles of an array that never waits.
  public let cycles: Int
  /// Cycles that it waits for the ports of the buffers.
  public let stallCycles: Double
  /// The port that makes it wait the longest, if any does.
  public let stallingBuffer: Resource?
  /// Weights read from their buffer.
  public let weightReads: Double
  /// Activations read from their buffer.
  public let activationReads: Double
  /// Sums written to the output buffer.
  public let outputWrites: Double
  /// Partial sums read from it.
  public let outputReads: Double
  /// How often each occasion came up.
  public let occasions: OccasionCounts

  /// A run that was counted.
  init(
    cycles: Int, stalls: PortStalls, weightReads: Double, activationReads: Double, outputWrites: Double,
    outputReads: Double, occasions: OccasionCounts
  ) {
    self.cycles = cycles
    stallCycles = stalls.cycles
    stallingBuffer = stalls.longest
    self.weightReads = weightReads
    self.activationReads = activationReads
    self.outputWrites = outputWrites
    self.outputReads = outputReads
    self.occasions = occasions
  }

  /// In closed form.
  ///
  /// - Parameters:
  ///   - size: The tile.
  ///   - zeroShare: Share of the weights that are zero, from 0 to 1.
  ///   - chip: Array, datapath and buffer ports.
  ///   - accumulates: Whether the output tile holds partial sums already, which are read and added to.
  public init(_ size: MatmulSize, zeroShare: Double, on chip: Chip, accumulates: Bool) {
    let array = chip.design.array
    let timing = ArrayTiming(size, array: array, timing: chip.timing)
    let rowFolds = Double(timing.rowFolds)
    let columnFolds = Double(timing.columnFolds)
    let sums = Double(size.tokens) * Double(size.outFeatures)
    let weights = Double(size.outFeatures) * Double(size.inFeatures)
    let activations = Double(size.tokens) * Double(size.inFeatures)

    cycles = timing.cycles
    let stalls = PortStalls(size, timing, on: chip, accumulates: accumulates)
    stallCycles = stalls.cycles
    stallingBuffer = stalls.longest

    switch array.dataflow {
    case .outputStationary:
      (activationReads, weightReads) = (activations * columnFolds, weights * rowFolds)
      (outputWrites, outputReads) = (sums, accumulates ? sums : 0)
    case .weightStationary:
      (activationReads, weightReads) = (activations * columnFolds, weights)
      (outputWrites, outputReads) = (sums * rowFolds, sums * (accumulates ? rowFolds : rowFolds - 1))
    case .inputStationary:
      (activationReads, weightReads) = (activations, weights * columnFolds)
      (outputWrites, outputReads) = (sums * rowFolds, sums * (accumulates ? rowFolds : rowFolds - 1))
    }

    occasions = OccasionCounts(
      multiplyAccumulates: size.multiplyAccumulates,
      nonzeroMultiplyAccumulates: size.multiplyAccumulates * (1 - zeroShare),
      steps: timing.steps,
      tables: array.tables.map { Self.tables($0, size, timing, array.dataflow) } ?? 0,
      weightEntries: weightReads)
  }

  /// A table belongs to a group of activations. Where activations travel along a row it is made anew for every set of
  /// columns that share one; where they stay, each element makes its own and keeps it for all steps.
  private static func tables(
    _ tables: TableDesign, _ size: MatmulSize, _ timing: ArrayTiming, _ dataflow: Dataflow
  ) -> Double {
    let perActivation =
      Double(size.tokens) * Double(ArrayTiming.quotientUp(size.inFeatures, tables.groupSize))
    guard dataflow != .inputStationary else { return perActivation }
    let lastColumns = timing.columnExtent - (timing.columnFolds - 1) * timing.columns
    let setsPerWholeFold = ArrayTiming.quotientUp(timing.columns, tables.sharers)
    let sets =
      Double(timing.columnFolds - 1) * Double(setsPerWholeFold)
      + Double(ArrayTiming.quotientUp(lastColumns, tables.sharers))
    return perActivation * sets
  }
}
