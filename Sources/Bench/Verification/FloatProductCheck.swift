import KernelZoo

/// Tells whether float results are X·Wᵀ within a kernel's declared rounding.
///
/// Two whole tokens (the first and the last) and, for every token, a spread of rows (both ends of the matrix and
/// some between) are compared with a float64 reference: every row and every token takes part.
struct FloatProductCheck: Sendable {
  private struct Entry: Sendable {
    let token: Int
    let row: Int
    let expected: Double
    /// Σ|x·w|, what rounding is relative to.
    let magnitudes: Double
    /// Σ|x|, what underflow is relative to.
    let activations: Double
  }

  private let entries: [Entry]
  private let outFeatures: Int
  private let inFeatures: Int
  private static let sampledRows = 48

  /// - Parameters:
  ///   - x: M × K.
  ///   - weights: N × K, row-major.
  init(x: [Float], tokens: Int, weights: [Float], outFeatures: Int, inFeatures: Int) {
    self.outFeatures = outFeatures
    self.inFeatures = inFeatures
    let wholeTokens: Set<Int> = [0, tokens - 1]
    let spread = Set((0..<Self.sampledRows).map { $0 * (outFeatures - 1) / max(Self.sampledRows - 1, 1) })
    entries = x.withUnsafeBufferPointer { x in
      weights.withUnsafeBufferPointer { weights in
        (0..<tokens).flatMap { token in
          let rows = wholeTokens.contains(token) ? Array(0..<outFeatures) : spread.sorted()
          return rows.map { row in
            var sum = 0.0
            var magnitudes = 0.0
            var activations = 0.0
            for i in 0..<inFeatures {
              let product = Double(x[token * inFeatures + i]) * Double(weights[row * inFeatures + i])
              sum += product
              magnitudes += product.magnitude
              activations += Double(x[token * inFeatures + i].magnitude)
            }
            return Entry(
              token: token, row: row, expected: sum, magnitudes: magnitudes, activations: activations)
          }
        }
      }
    }
  }

  /// The first checked entry of `results` (M × N) beyond the kernel's bound, `nil` when there is none.
  func firstMismatch(in results: UnsafePointer<Float>, of kernel: Kernel) -> ProductMismatch? {
    let relativeBound = kernel.roundingError + Double(inFeatures) * 0x1p-24
    for entry in entries {
      let got = Double(results[entry.token * outFeatures + entry.row])
      let bound = relativeBound * entry.magnitudes + kernel.underflowError * entry.activations
      if !((got - entry.expected).magnitude <= bound + 1e-30) {
        return ProductMismatch(
          token: entry.token, outFeature: entry.row, got: "\(got)",
          expected: "\(entry.expected) within \(bound)")
      }
    }
    return nil
  }
}
