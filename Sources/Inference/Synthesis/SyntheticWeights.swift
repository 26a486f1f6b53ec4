import ModelFiles
import Ternary

/// Random weights of a model that was never trained, tensor by tensor, in sizes that keep activations near 1.
struct SyntheticWeights: Sendable {
  let architecture: ModelArchitecture
  let seed: UInt64

  /// A third zeros, the rest of either sign alike; scaled so that a product with normalised activations is about 1.
  func ternary(_ role: LinearRole, layer: Int) throws(TernaryError) -> TernaryMatrix {
    let (rows, columns) = architecture.shape(of: role)
    var random = generator(.linear(role, layer: layer))
    let count = rows * columns
    let values = [Int8](unsafeUninitializedCapacity: count) { values, initialized in
      var index = 0
      while index < count {
        var word = random.next()
        for position in index..<min(index + 8, count) {
          // Thirds of a byte: 85, 86 and 85 of 256 values.
          let byte = UInt8(truncatingIfNeeded: word)
          values[position] = (byte >= 171 ? 1 : 0) - (byte < 85 ? 1 : 0)
          word >>= 8
        }
        index += 8
      }
      initialized = count
    }
    return try TernaryMatrix(
      rows: rows, columns: columns, values: values, scale: 1 / (Float(columns) * 2 / 3).squareRoot())
  }

  /// Normally distributed, scaled likewise.
  func float(_ role: LinearRole, layer: Int, rows: Range<Int>) throws(TernaryError) -> [Float] {
    let shape = architecture.shape(of: role)
    return try gaussian(
      .linear(role, layer: layer), of: shape, rows: rows,
      standardDeviation: 1 / Float(shape.columns).squareRoot())
  }

  /// Rows of embedding or LM head.
  func rows(_ rows: Range<Int>, of role: TensorRole) throws(TernaryError) -> [Float] {
    try gaussian(
      role, of: (architecture.vocabulary, architecture.hiddenSize), rows: rows, standardDeviation: 0.02)
  }

  /// Around one, as after training.
  func norm(_ role: TensorRole, count: Int) -> [Float] {
    var random = generator(role)
    return (0..<count).map { _ in Float.random(in: 0.9...1.1, using: &random) }
  }

  private func gaussian(
    _ role: TensorRole, of shape: (rows: Int, columns: Int), rows: Range<Int>, standardDeviation: Float
  ) throws(TernaryError) -> [Float] {
    let weights = try GaussianWeights(
      rows: shape.rows, columns: shape.columns, standardDeviation: standardDeviation,
      seed: seed &+ Self.stream(of: role))
    return [Float](unsafeUninitializedCapacity: rows.count * shape.columns) { values, initialized in
      for (index, row) in rows.enumerated() {
        weights.fill(
          row: row,
          into: UnsafeMutableBufferPointer(
            rebasing: values[index * shape.columns..<(index + 1) * shape.columns]))
      }
      initialized = rows.count * shape.columns
    }
  }

  private func generator(_ role: TensorRole) -> SeededGenerator {
    SeededGenerator(seed: seed, stream: Self.stream(of: role))
  }

  /// A number for each tensor, whatever the architecture.
  private static func stream(of role: TensorRole) -> UInt64 {
    func place(_ layer: Int, _ index: Int?) -> UInt64 { UInt64(layer + 1) << 8 | UInt64(index ?? 0) + 16 }
    return switch role {
    case .embedding: 1
    case .outputNorm: 2
    case .head: 3
    case .linear(let role, let layer): place(layer, LinearRole.allCases.firstIndex(of: role))
    case .norm(let role, let layer): place(layer, NormRole.allCases.firstIndex(of: role).map { $0 + 64 })
    }
  }
}
