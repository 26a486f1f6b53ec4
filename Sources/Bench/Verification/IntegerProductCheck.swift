import Ternary

/// One wrong entry of a product.
public struct ProductMismatch: Sendable, Equatable, CustomStringConvertible {
  /// Row of the result, M.
  public let token: Int
  /// Column of the result, N.
  public let outFeature: Int
  /// What the kernel gave.
  public let got: String
  /// What the reference gives.
  public let expected: String

  /// One phrase.
  public var description: String {
    "token \(token), out-feature \(outFeature): \(got) instead of \(expected)"
  }
}

/// Tells whether int32 sums are exactly X·Wᵀ, at any size.
///
/// Token 0 is compared entry by entry with the reference. For all tokens together that would cost as much as
/// the matmul itself in plain code, so they are checked by Freivalds' projection: with a random vector r of
/// 64-bit numbers, Y·r must equal X·(Wᵀ·r) modulo 2⁶⁴. An entry off by e ≠ 0 goes unseen only if e·r ≡ 0, and as
/// |e| < 2³² that has a chance below 2⁻³² a token. (R. Freivalds, "Probabilistic machines can use less running
/// time", IFIP 1977.)
struct IntegerProductCheck: Sendable {
  private let x: [Int8]
  private let weights: TernaryMatrix
  private let tokens: Int
  private let firstToken: [Int32]
  private let projection: [UInt64]
  private let expectedProjections: [UInt64]

  /// - Parameters:
  ///   - x: M × K quantised activations.
  ///   - weights: N × K.
  ///   - seed: Of the projection vector.
  init(x: [Int8], tokens: Int, weights: TernaryMatrix, seed: UInt64) {
    self.x = x
    self.tokens = tokens
    self.weights = weights
    var random = SeededGenerator(seed: seed)
    projection = (0..<weights.rows).map { _ in random.next() }
    firstToken = Self.products(of: x[0..<weights.columns], weights)
    expectedProjections = Self.projections(x: x, tokens: tokens, weights: weights, onto: projection)
  }

  /// The first entry of `sums` (M × N) that is wrong, `nil` when all are right.
  func firstMismatch(in sums: UnsafePointer<Int32>) -> ProductMismatch? {
    let rows = weights.rows
    if let mismatch = compare(UnsafeBufferPointer(start: sums, count: rows), with: firstToken, token: 0) {
      return mismatch
    }
    for token in 0..<tokens {
      let tokenSums = UnsafeBufferPointer(start: sums + token * rows, count: rows)
      var projected: UInt64 = 0
      for row in 0..<rows { projected &+= UInt64(bitPattern: Int64(tokenSums[row])) &* projection[row] }
      if projected != expectedProjections[token] {
        let columns = weights.columns
        let expected = Self.products(of: x[token * columns..<(token + 1) * columns], weights)
        return compare(tokenSums, with: expected, token: token)
      }
    }
    return nil
  }

  private func compare(_ sums: UnsafeBufferPointer<Int32>, with expected: [Int32], token: Int)
    -> ProductMismatch?
  {
    for (row, (got, wanted)) in zip(sums, expected).enumerated() where got != wanted {
      return ProductMismatch(token: token, outFeature: row, got: "\(got)", expected: "\(wanted)")
    }
    return nil
  }

  /// W·x for one token, by the definition.
  private static func products(of x: ArraySlice<Int8>, _ weights: TernaryMatrix) -> [Int32] {
    x.withUnsafeBufferPointer { x in
      weights.values.withUnsafeBufferPointer { values in
        (0..<weights.rows).map { row in
          let w = UnsafeBufferPointer(rebasing: values[row * x.count..<(row + 1) * x.count])
          var sum: Int32 = 0
          for i in 0..<x.count { sum &+= Int32(x[i]) &* Int32(w[i]) }
          return sum
        }
      }
    }
  }

  /// X·(Wᵀ·r) modulo 2⁶⁴, one number a token.
  private static func projections(
    x: [Int8], tokens: Int, weights: TernaryMatrix, onto projection: [UInt64]
  ) -> [UInt64] {
    let columns = weights.columns
    var columnSums = [UInt64](repeating: 0, count: columns)
    columnSums.withUnsafeMutableBufferPointer { sums in
      weights.values.withUnsafeBufferPointer { values in
        for row in 0..<weights.rows {
          let w = UnsafeBufferPointer(rebasing: values[row * columns..<(row + 1) * columns])
          let factor = projection[row]
          for i in 0..<columns { sums[i] &+= UInt64(bitPattern: Int64(w[i])) &* factor }
        }
      }
    }
    return x.withUnsafeBufferPointer { x in
      (0..<tokens).map { token in
        var sum: UInt64 = 0
        for i in 0..<columns {
          sum &+= UInt64(bitPattern: Int64(x[token * columns + i])) &* columnSums[i]
        }
        return sum
      }
    }
  }
}
