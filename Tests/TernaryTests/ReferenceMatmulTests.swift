import Testing

@testable import Ternary

@Suite struct ReferenceMatmulTests {
  @Test func matchesSumsWorkedOutByHand() throws {
    let weights = try TernaryMatrix(rows: 2, columns: 3, values: [1, 0, -1, -1, -1, 1], scale: 3)
    let y = try referenceMatmul(x: [1, 2, 3, -128, 127, 5], weights: weights)
    #expect(y == [-2, 0, -133, 6])
  }

  @Test func denseWeightsReachTheEndsOfInt32() throws {
    let count = 131_071
    let lowest = [Int8](repeating: -128, count: count)
    #expect(try referenceMatmul(x: lowest, weights: lowest, inFeatures: count) == [16384 * Int32(count)])
    #expect(throws: TernaryError.matrixTooLarge(rows: 1, columns: count + 1)) {
      try referenceMatmul(x: lowest + [0], weights: lowest + [0], inFeatures: count + 1)
    }
  }

  @Test func isLinearInTheActivations() throws {
    let seed: UInt64 = 4711
    var generator = SeededGenerator(seed: seed)
    let weights = try GaussianWeights(rows: 7, columns: 53, seed: seed).quantized()
    let a = (0..<106).map { _ in Int8.random(in: -60...60, using: &generator) }
    let b = (0..<106).map { _ in Int8.random(in: -60...60, using: &generator) }
    let sum = try referenceMatmul(x: zip(a, b).map { $0 + $1 }, weights: weights)
    let parts = try zip(referenceMatmul(x: a, weights: weights), referenceMatmul(x: b, weights: weights))
    #expect(sum == parts.map { $0 + $1 }, "seed \(seed)")
  }

  @Test func partOfATokenIsRefused() throws {
    let weights = try TernaryMatrix(rows: 1, columns: 2, values: [1, 1], scale: 1)
    for count in [0, 1, 3] {
      #expect(throws: TernaryError.self) {
        try referenceMatmul(x: [Int8](repeating: 0, count: count), weights: weights)
      }
    }
    #expect(throws: TernaryError.emptyMatrix(rows: 1, columns: 0)) {
      try referenceMatmul(x: [1], weights: [1], inFeatures: 0)
    }
  }
}
