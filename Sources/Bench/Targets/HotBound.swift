import KernelZoo
import Machine
import Ternary

/// The least time for one token with weights in a cache: what a kernel's instructions need, or reading the weights,
/// whichever is longer.
public struct HotBound: Sendable, Hashable {
  /// What binds.
  public enum Binding: Sendable, Hashable {
    /// The class of instructions that needs most time for a row, or those that share a unit.
    case instructions([InstructionClass])
    /// Reading the weights from a cache.
    case read(Roofline.Kind)
  }

  /// The least time of the whole operator.
  public var seconds: Double
  /// What needs it.
  public var binding: Binding

  /// Creates a bound.
  public init(seconds: Double, binding: Binding) {
    self.seconds = seconds
    self.binding = binding
  }
}

/// The instructions of a whole operator for one token on one core, as a linear function of the number of rows.
struct OperatorMix: Sendable, Hashable {
  /// At least so many rows are traced, so that what only some rows need shows up in proportion.
  private static let fewestRows = 64

  /// Quantising, preparing, and whatever else does not depend on rows.
  let fixed: InstructionMix
  /// One more row.
  let perRow: InstructionMix

  /// Single-steps the operator on two small matrices with the columns of the one asked for.
  ///
  /// - Returns: `nil` where that is not possible.
  init?(kernel: Kernel, inFeatures: Int, seed: UInt64) throws {
    let fewRows = (Self.fewestRows + kernel.rowTile - 1) / kernel.rowTile * kernel.rowTile
    guard let few = try Self.mix(kernel, rows: fewRows, columns: inFeatures, seed: seed),
      let many = try Self.mix(kernel, rows: 2 * fewRows, columns: inFeatures, seed: seed)
    else { return nil }
    perRow = (many - few).scaled(by: 1 / Double(fewRows))
    fixed = few - perRow.scaled(by: Double(fewRows))
  }

  private static func mix(_ kernel: Kernel, rows: Int, columns: Int, seed: UInt64) throws -> InstructionMix? {
    let weights = try ShapeWeights(
      shape: BenchShape(outFeatures: rows, inFeatures: columns), source: GaussianWeightSource(seed: seed))
    let linear = try LinearOperator(
      kernel: kernel,
      weights: PackedWeights(weights.matrix(for: kernel.packing.weightKind), packing: kernel.packing),
      tokens: 1)
    let x = try GaussianWeights(rows: 1, columns: columns, standardDeviation: 1, seed: seed).matrix()
    let y = AlignedBuffer(byteCount: rows * MemoryLayout<Float>.stride)
    let results = y.baseAddress.bindMemory(to: Float.self, capacity: rows)
    let team = SingleWorker()
    return x.withUnsafeBufferPointer { x in
      x.baseAddress.flatMap { x in
        InstructionTracer.mix { linear(x, results, team: team) }
      }
    }
  }

  /// All rows of a matrix.
  func mix(rows: Int) -> InstructionMix { fixed + perRow.scaled(by: Double(rows)) }

  /// The bound for a matrix of so many rows. What is done once and what is done for every row are separated by a
  /// barrier, so their times add up.
  func bound(rows: Int, rates: InstructionRates, read: (kind: Roofline.Kind, seconds: Double)?) -> HotBound? {
    guard let perRow = rates.bound(of: perRow) else { return nil }
    let once = rates.bound(of: fixed)?.seconds ?? 0
    let computing = perRow.seconds * Double(rows)
    if let read, read.seconds > computing {
      return HotBound(seconds: once + read.seconds, binding: .read(read.kind))
    }
    return HotBound(seconds: once + computing, binding: .instructions(perRow.bindingClasses))
  }
}
