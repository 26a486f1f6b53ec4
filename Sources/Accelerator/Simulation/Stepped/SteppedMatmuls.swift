import Synchronization
import Ternary

/// Runs every matmul cycle by cycle on random operands, holds its result against the reference and its cycles
/// against the closed form.
///
/// A pass that is simulated with it therefore either has every matrix product right, or fails.
public final class SteppedMatmuls: MatmulSimulator {
  /// How a matmul went.
  public struct Check: Sendable, Hashable {
    /// The design.
    public let design: String
    /// The matmul.
    public let size: MatmulSize
    /// Cycles that were stepped through, DRAM's included.
    public let cycles: Double
    /// What the closed form says.
    public let closedFormCycles: Double

    /// How far the closed form is off, as a share of the stepped cycles.
    public var deviation: Double { (closedFormCycles - cycles) / cycles }
  }

  private let seed: UInt64
  private let onStart: @Sendable (MatmulSize, Chip) -> Void
  private let done = Mutex<[Check]>([])

  /// - Parameters:
  ///   - seed: Of the operands.
  ///   - onStart: Called before each matmul, which may take seconds.
  public init(seed: UInt64, onStart: @escaping @Sendable (MatmulSize, Chip) -> Void = { _, _ in }) {
    self.seed = seed
    self.onStart = onStart
  }

  /// All matmuls so far, each of which gave the right result.
  public var checks: [Check] { done.withLock(\.self) }

  /// Steps through the matmul on random operands.
  ///
  /// - Throws: ``SimulationError/wrongResult(design:size:token:outFeature:found:expected:)`` when a result is not the
  ///   reference's, or why the matmul cannot be stepped through.
  public func simulate(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SimulationError) -> MatmulSimulation {
    onStart(size, chip)
    let name = chip.design.name
    let operands: (activations: [Int8], weights: TernaryMatrix)
    let expected: [Int32]
    do {
      operands = try Self.operands(size, zeroShare: zeroShare, on: chip, seed: seed)
      expected = try referenceMatmul(x: operands.activations, weights: operands.weights)
    } catch {
      throw .unsupported(design: name, reason: "\(error)")
    }
    let result: SteppedSimulator.Result
    do {
      result = try SteppedSimulator().simulate(
        activations: operands.activations, weights: operands.weights, on: chip, tiling: tiling)
    } catch {
      throw .unsupported(design: name, reason: "\(error)")
    }
    if let index = result.outputs.indices.first(where: { result.outputs[$0] != expected[$0] }) {
      throw .wrongResult(
        design: name, size: size, token: index / size.outFeatures, outFeature: index % size.outFeatures,
        found: result.outputs[index], expected: expected[index])
    }
    let closedForm = try AnalyticalSimulator().simulate(
      size, zeroShare: operands.weights.zeroShare, on: chip, tiling: result.simulation.tiling)
    done.withLock {
      $0.append(
        Check(
          design: name, size: size, cycles: result.simulation.cycles.total,
          closedFormCycles: closedForm.cycles.total))
    }
    return result.simulation
  }

  /// Ternary weights with about that share of zeros, and activations that the design holds exactly: all of an
  /// integer format, units of a floating-point one.
  private static func operands(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, seed: UInt64
  ) throws(TernaryError) -> (activations: [Int8], weights: TernaryMatrix) {
    var random = SeededGenerator(seed: seed)
    let format = chip.design.activationFormat
    let largest = format.isFloat ? 1 : Int8(1 << (min(8, format.bits) - 1) - 1)
    let activations = (0..<size.tokens * size.inFeatures).map { _ in
      Int8.random(in: -largest...largest, using: &random)
    }
    let zeros = UInt32(max(0, min(1, zeroShare)) * Double(UInt32.max))
    let values = (0..<size.outFeatures * size.inFeatures).map { _ -> Int8 in
      let word = random.next()
      return UInt32(truncatingIfNeeded: word) < zeros ? 0 : word >> 63 == 0 ? 1 : -1
    }
    return (
      activations,
      try TernaryMatrix(rows: size.outFeatures, columns: size.inFeatures, values: values, scale: 1)
    )
  }
}
