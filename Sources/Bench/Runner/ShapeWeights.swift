import KernelZoo
import Ternary

/// Gives the float weights of a shape: made from a seed, or read from a file.
public protocol WeightSource: Sendable {
  /// N × K floats, row-major.
  func weights(of shape: BenchShape) throws -> [Float]
  /// For the context of the results: `Gaussian` or a file's name.
  var summary: String { get }
}

/// Normally distributed weights. Absmean makes 31 % of them zero, whatever their standard deviation.
public struct GaussianWeightSource: WeightSource {
  private let seed: UInt64

  /// The same seed gives the same weights for the same shape.
  public init(seed: UInt64) { self.seed = seed }

  /// N × K floats.
  public func weights(of shape: BenchShape) throws -> [Float] {
    try GaussianWeights(
      rows: shape.outFeatures, columns: shape.inFeatures, standardDeviation: 0.02, seed: seed
    ).matrix()
  }

  /// The seed stands in the context already.
  public var summary: String { "Gaussian" }
}

/// One shape's weights in every form that kernels need, quantised once.
struct ShapeWeights {
  let shape: BenchShape
  let float: [Float]
  let ternary: TernaryMatrix
  let binary: TernaryMatrix

  init(shape: BenchShape, source: some WeightSource) throws {
    self.shape = shape
    float = try source.weights(of: shape)
    ternary = try WeightQuantization.absmean.quantize(
      float, rows: shape.outFeatures, columns: shape.inFeatures)
    binary = try WeightQuantization.sign.quantize(float, rows: shape.outFeatures, columns: shape.inFeatures)
  }

  /// The matrix a packing of this kind takes.
  func matrix(for kind: WeightKind) -> WeightMatrix {
    switch kind {
    case .float: .float(values: float, outFeatures: shape.outFeatures, inFeatures: shape.inFeatures)
    case .binary: .binary(binary)
    case .ternary, .int8: .ternary(ternary)
    }
  }

  /// Zeros among the weights that a kernel of this kind multiplies.
  func zeroShare(for kind: WeightKind) -> Double? {
    switch kind {
    case .float: nil
    case .binary: 0
    case .ternary, .int8: ternary.zeroShare
    }
  }
}
