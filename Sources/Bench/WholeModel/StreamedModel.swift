import KernelZoo
import Workloads

/// All linear layers of a model in one packing, each matrix with memory of its own.
///
/// A few random matrices of each shape are packed and verified; the layers hold copies of their packed bytes. Speed
/// depends on where bytes lie, not on which they are, and packing a model of 70 billion weights anew would take
/// minutes.
final class StreamedModel {
  /// Random matrices of each shape.
  static let variants = 2

  struct Matrix {
    /// Index into ``shapes``.
    let shape: Int
    let weights: PackedWeights
  }

  /// Distinct shapes.
  let shapes: [BenchShape]
  /// In the order of the computation, layer by layer.
  let matrices: [Matrix]

  /// Packs and copies.
  ///
  /// - Parameters:
  ///   - model: Whose linear layers.
  ///   - packing: How they lie.
  ///   - seed: Of the weights.
  ///   - team: Who packs and copies, so that first touch puts rows near the worker that reads them.
  ///   - machine: Whose memory.
  ///   - verify: Called with the first matrix of each shape, as it is and packed.
  /// - Throws: What weights, memory or `verify` throw.
  init(
    _ model: LanguageModel, packing: Packing, seed: UInt64, team: any WorkerTeam, machine: any BenchMachine,
    verify: (ShapeWeights, PackedWeights) throws -> Void
  ) throws {
    let shapes = ModelPass(model, tokens: 1, context: 1).linears
    let originals = try shapes.map { shape in
      try (0..<min(Self.variants, shape.countPerToken)).map { variant in
        let weights = try ShapeWeights(
          shape: shape, source: GaussianWeightSource(seed: seed &+ UInt64(variant)))
        let packed = try PackedWeights(
          weights.matrix(for: packing.weightKind), packing: packing, team: team, allocate: machine.allocate)
        if variant == 0 { try verify(weights, packed) }
        return packed
      }
    }
    var used = shapes.map { _ in 0 }
    var matrices: [Matrix] = []
    let layer = model.matmulShapes(includingHead: false).compactMap { matrix in
      shapes.firstIndex { $0.outFeatures == matrix.outFeatures && $0.inFeatures == matrix.inFeatures }
    }
    for shape in (0..<model.layers).flatMap({ _ in layer }) {
      let known = originals[shape]
      let original = known[used[shape] % known.count]
      let isFirst = used[shape] < known.count
      used[shape] += 1
      matrices.append(
        Matrix(
          shape: shape,
          weights: isFirst
            ? original
            : try PackedWeights(copying: original, team: team, allocate: machine.allocate)))
    }
    self.shapes = shapes
    self.matrices = matrices
  }

  /// Bytes that one token reads.
  var byteCount: Int { matrices.reduce(0) { $0 + $1.weights.byteCount } }
}
