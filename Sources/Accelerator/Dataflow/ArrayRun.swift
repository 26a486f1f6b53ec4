/// What one tile takes on the array, in closed form: cycles, what the buffers' ports move, and how often what
/// happens inside.
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

  /// - Parameters:
  ///   - size: The tile.
  ///   - zeroShare: Share of the weights that are zero, from 0 to 1.
  ///   - chip: Array, datapath and buffer ports.
  ///   - accumulates: Whether the output tile holds partial sums already, which are read and added to.
  public init(_ size: MatmulSize, zeroShare: Double, on chip: Chip, accumulates: Bool) {
    let timing = ArrayTiming(size, array: chip.design.array, timing: chip.timing)
    cycles = timing.cycles
    stallCycles = 0
    stallingBuffer = nil
    weightReads = 0
    activationReads = 0
    outputWrites = 0
    outputReads = 0
    occasions = OccasionCounts()
  }
}
