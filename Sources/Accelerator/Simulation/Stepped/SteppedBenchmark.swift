import Ternary

/// How fast the array is stepped.
public struct SteppedBenchmark: Sendable {
  /// What speed is quoted for, on 32×32 elements of dot width 1: 147 thousand cycles with stationary outputs.
  public static let referenceSize = MatmulSize(tokens: 512, inFeatures: 512, outFeatures: 512)

  /// One matmul.
  public let size: MatmulSize
  /// The array it ran on.
  public let array: ArrayDesign
  /// Cycles that were stepped.
  public let cycles: Double
  /// Wall time.
  public let seconds: Double

  /// Elements times cycles in a second.
  public var elementCyclesPerSecond: Double { Double(array.elements) * cycles / seconds }

  /// Runs one matmul of ternary weights, a third of them zero, on a chip whose buffers hold it.
  ///
  /// - Throws: ``SteppedError``, or ``TernaryError`` for sizes that no matrix has.
  public init(_ size: MatmulSize = referenceSize, on chip: Chip) throws {
    var random = SeededGenerator(seed: 1)
    let format = chip.design.activationFormat
    // Sums of FP16 numbers stay exact if these are small.
    let limit = Int8(format.isFloat ? 1 : (1 << (min(8, format.bits) - 1)) - 1)
    let activations = (0..<size.tokens * size.inFeatures).map { _ in
      Int8.random(in: -limit...limit, using: &random)
    }
    let weights = try TernaryMatrix(
      rows: size.outFeatures, columns: size.inFeatures,
      values: (0..<size.outFeatures * size.inFeatures).map { _ in Int8.random(in: -1...1, using: &random) },
      scale: 1)

    let clock = ContinuousClock()
    let start = clock.now
    let result = try SteppedSimulator().simulate(activations: activations, weights: weights, on: chip)
    seconds = (clock.now - start) / .seconds(1)
    cycles = result.simulation.cycles.array
    self.size = size
    array = chip.design.array
  }
}
