import ModelFiles
import Ternary

/// Y = X · Wᵀ in Double: with ternary weights of int8 activations, as BitNet b1.58 defines it (arXiv 2402.17764), with
/// float weights of the activations themselves.
struct ReferenceLinear: Sendable {
  let weights: LinearWeights

  var shape: (rows: Int, columns: Int) {
    switch weights {
    case .ternary(let matrix): (matrix.rows, matrix.columns)
    case .float(let matrix): (matrix.rows, matrix.columns)
    }
  }

  /// `x` is tokens × columns.
  func apply(_ x: [Double]) throws(TernaryError) -> LinearTrace {
    switch weights {
    case .ternary(let matrix):
      let quantized = try ActivationQuantization.int8.quantize(
        x.map { Float($0) }, tokens: x.count / matrix.columns)
      let sums = try referenceMatmul(x: quantized.values, weights: matrix)
      let output = sums.indices.map { index in
        let activationScale = Double(quantized.scales[index / matrix.rows])
        return Double(sums[index]) * Double(matrix.scale) / activationScale
      }
      return LinearTrace(
        input: x, output: output, inFeatures: matrix.columns, quantized: quantized,
        weightScale: matrix.scale)
    case .float(let matrix):
      return LinearTrace(
        input: x, output: Self.multiply(x, matrix.values, columns: matrix.columns),
        inFeatures: matrix.columns, quantized: nil, weightScale: nil)
    }
  }

  /// Tokens × columns times the transpose of rows × columns.
  static func multiply(_ x: [Double], _ weights: [Float], columns: Int) -> [Double] {
    var y: [Double] = []
    y.reserveCapacity(x.count / columns * (weights.count / columns))
    for token in stride(from: 0, to: x.count, by: columns) {
      for row in stride(from: 0, to: weights.count, by: columns) {
        var sum = 0.0
        for index in 0..<columns { sum += x[token + index] * Double(weights[row + index]) }
        y.append(sum)
      }
    }
    return y
  }
}
