import KernelZoo

/// The memory that a plan's largest part takes at one time, so that a run too large for the machine is refused
/// before it begins.
public struct MemoryEstimate: Sendable {
  /// The shape that takes most.
  public let shape: BenchShape
  /// Bytes, about.
  public let bytes: Double

  /// The estimate for the largest shape; `nil` for a plan without shapes.
  public init?(of plan: BenchPlan) {
    let estimates = plan.shapes.map { ($0, Self.bytes(of: $0, in: plan)) }
    guard let largest = estimates.max(by: { $0.1 < $1.1 }) else { return nil }
    (shape, bytes) = largest
  }

  private static func bytes(of shape: BenchShape, in plan: BenchPlan) -> Double {
    let weights = Double(shape.outFeatures) * Double(shape.inFeatures)
    // As floats, ternary and binary, then packed once for each packing.
    let unpackedBytes = weights * 6
    let packedBytes = Set(plan.kernels.map(\.packing)).reduce(0) { $0 + weights * $1.bitsPerWeight / 8 }
    let tokens = plan.tokens.max() ?? 1
    let inputBytes = Double(tokens) * Double(shape.inFeatures + shape.outFeatures) * 4
    let preparedBytes = plan.kernels.reduce(0) {
      $0 + Double(tokens) * Double(shape.inFeatures)
        + Double($1.preparedBytes(tokens: tokens, inFeatures: shape.inFeatures))
    }
    return unpackedBytes + packedBytes + inputBytes + preparedBytes
  }
}
