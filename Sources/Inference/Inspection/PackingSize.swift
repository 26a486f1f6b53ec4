import KernelZoo
import ModelFiles

/// What a model takes in memory with its linear layers in one packing.
public struct PackingSize: Sendable, Hashable {
  /// The packing.
  public let packing: Packing
  /// Bytes of all linear layers, padding included.
  public let linearBytes: Int
  /// Weights of all linear layers.
  public let weights: Int
  /// With embedding, LM head and norms as they lie in the file.
  public let totalBytes: Int
  /// Whether the size depends on the weights, so that the bytes are the most it may be.
  public let isBound: Bool

  /// Bits of a weight of the linear layers, padding included.
  public var bitsPerWeight: Double { Double(linearBytes) * 8 / Double(weights) }

  /// The sizes on all packings of the zoo that can hold the linear layers, smallest first, bounds last.
  ///
  /// - Parameter otherBytes: Embedding, LM head and norms.
  public static func all(for architecture: ModelArchitecture, otherBytes: Int) -> [PackingSize] {
    let shapes = LinearRole.allCases.map { architecture.shape(of: $0) }
    let weights = architecture.layers * shapes.reduce(0) { $0 + $1.rows * $1.columns }
    let sizes = KernelRegistry.packings.compactMap { packing -> PackingSize? in
      guard holds(packing, architecture) else { return nil }
      let bytes = shapes.map { packing.packedBytes(outFeatures: $0.rows, inFeatures: $0.columns) }
      guard !bytes.contains(nil) else { return nil }
      let linearBytes = architecture.layers * bytes.compactMap(\.self).reduce(0, +)
      return PackingSize(
        packing: packing, linearBytes: linearBytes, weights: weights, totalBytes: linearBytes + otherBytes,
        isBound: packing.sizeDependsOnWeights)
    }
    return sizes.sorted {
      ($0.isBound ? 1 : 0, $0.linearBytes, $0.packing.name) < (
        $1.isBound ? 1 : 0, $1.linearBytes, $1.packing.name
      )
    }
  }

  /// Ternary weights have zeros, which binary packings have not; int8 of floats would be another model.
  private static func holds(_ packing: Packing, _ architecture: ModelArchitecture) -> Bool {
    switch packing.weightKind {
    case .ternary, .int8: architecture.isTernary
    case .binary: false
    case .float: true
    }
  }
}
