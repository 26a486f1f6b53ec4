import Testing

@testable import Ternary

@Suite struct WeightQuantizationTests {
  @Test func absmeanMatchesValuesWorkedOutByHand() throws {
    // mean|w| = 8/8 = 1, so the factor is 1: 0.5 and -0.5 round to even, which is 0.
    let weights: [Float] = [0.5, -0.5, 0.75, -0.75, 2.5, -1.5, 1.5, 0]
    let matrix = try WeightQuantization.absmean.quantize(weights, rows: 2, columns: 4)
    #expect(matrix.values == [0, 0, 1, -1, 1, -1, 1, 0])
    #expect(matrix.scale == 1)
    #expect((matrix.rows, matrix.columns) == (2, 4))
  }

  @Test func theScaleIsTheMeanMagnitude() throws {
    let matrix = try WeightQuantization.absmean.quantize([4, -2, 1, 1], rows: 1, columns: 4)
    #expect(matrix.scale == 2)
    // 1 / 2 is exactly one half: to even.
    #expect(matrix.values == [1, -1, 0, 0])
  }

  @Test func absmeanEqualsRoundingAndClampingForEveryWeight() throws {
    let seed: UInt64 = 0x5EED
    let weights = try GaussianWeights(rows: 17, columns: 129, seed: seed).matrix()
    let matrix = try WeightQuantization.absmean.quantize(weights, rows: 17, columns: 129)
    let factor = 1 / matrix.scale
    for (index, weight) in weights.enumerated() {
      let expected = min(max((weight * factor).rounded(.toNearestOrEven), -1), 1)
      // 1 / (1 / x) may differ from x by a rounding: skip what lies on the edge itself.
      if abs(abs(weight * factor) - 0.5) < 1e-6 { continue }
      #expect(Float(matrix.values[index]) == expected, "weight \(index), seed \(seed)")
    }
  }

  @Test func aTensorOfZerosHasTheSmallestScale() throws {
    let matrix = try WeightQuantization.absmean.quantize([0, 0, 0], rows: 3, columns: 1)
    #expect(matrix.zeroShare == 1)
    #expect(abs(matrix.scale - 1e-5) < 1e-11)
  }

  @Test func signComparesWithTheMeanAndScalesByTheMeanMagnitude() throws {
    // mean w = 0.5: what equals it becomes -1.
    let matrix = try WeightQuantization.sign.quantize([2, -1, 0.5, 0.5], rows: 2, columns: 2)
    #expect(matrix.values == [1, -1, -1, -1])
    #expect(matrix.scale == 1)
    #expect(matrix.isBinary)
  }

  @Test(arguments: WeightQuantization.allCases, [Float.infinity, -.infinity, .nan])
  func weightsThatAreNotFiniteAreRefused(kind: WeightQuantization, poison: Float) {
    for place in [0, 9, 18] {
      var weights = [Float](repeating: 1, count: 19)
      weights[place] = poison
      #expect(throws: TernaryError.nonFiniteWeights) {
        try kind.quantize(weights, rows: 1, columns: 19)
      }
    }
  }

  @Test func aWrongLengthIsRefused() {
    #expect(throws: TernaryError.elementCount(of: "a 2x2 weight matrix", expected: 4, found: 1)) {
      try WeightQuantization.absmean.quantize([1], rows: 2, columns: 2)
    }
  }
}
