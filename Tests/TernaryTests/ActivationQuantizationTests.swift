import Testing

@testable import Ternary

@Suite struct ActivationQuantizationTests {
  @Test(arguments: [
    // max|x| = 127: scale 1, halves to even, both ends reached.
    (ActivationQuantization.int8, [127, -127, 0.5, 1.5, -2.5, 2.5], [127, -127, 0, 2, -2, 2], Float(1)),
    // max|x| = 14: scale 1/2.
    (.int4, [14, -14, 1, 3, -5, 0], [7, -7, 0, 2, -2, 0], 0.5),
    // max|x| = 2: scale 1/2.
    (.int2, [2, -2, 1, -1, 1.5, 0], [1, -1, 0, 0, 1, 0], 0.5),
    // mean|x| = 2: scale 1/2, clamped.
    (.ternary, [8, -1, 1, -1.5, 0.5, 0], [1, 0, 0, -1, 0, 0], 0.5),
    (.sign, [8, -1, 1, -1.5, 0.5, 0], [1, -1, 1, -1, 1, 1], 0.5),
  ])
  func matchesValuesWorkedOutByHand(
    kind: ActivationQuantization, x: [Float], expected: [Int8], scale: Float
  ) throws {
    let quantized = try kind.quantize(x, tokens: 1)
    #expect(quantized.values == expected)
    #expect(quantized.scales == [scale])
    #expect(quantized.inFeatures == x.count)
  }

  @Test func eachTokenHasItsOwnScale() throws {
    let quantized = try ActivationQuantization.int8.quantize([127, 1, 254, 2], tokens: 2)
    #expect(quantized.scales == [1, 0.5])
    #expect(quantized.values == [127, 1, 127, 1])
  }

  @Test func meanIsSummedInSixteenLanesThenPairwise() throws {
    // Lane 0 collects 2^24 and then 1, which a Float sum of 2^24 cannot keep; lanes 1 to 15 each hold 1.
    var x = [Float](repeating: 1, count: 32)
    x[0] = 0x1p24
    for index in 17..<32 { x[index] = 0 }
    let quantized = try ActivationQuantization.ternary.quantize(x, tokens: 1)
    // Lane 0: 2^24 + 1 = 2^24 (to even). Distance 8: 2^24 + 1 = 2^24, the others 2. Distance 4: 2^24 + 2,
    // the others 4. Distance 2: 2^24 + 6 and 8. Distance 1: 2^24 + 14.
    let mean: Float = 16_777_230 / 32
    #expect(quantized.scales == [1 / mean])
  }

  @Test(arguments: ActivationQuantization.allCases) func zerosHaveTheLargestScale(
    kind: ActivationQuantization
  ) throws {
    let quantized = try kind.quantize([0, -0.0, 0], tokens: 1)
    let numerator: Float = kind == .int8 ? 127 : kind == .int4 ? 7 : 1
    #expect(quantized.scales == [numerator / 1e-5])
    #expect(quantized.values == [Int8](repeating: kind == .sign ? 1 : 0, count: 3))
  }

  @Test(arguments: ActivationQuantization.allCases) func staysInRangeWhateverIsGiven(
    kind: ActivationQuantization
  ) throws {
    let hostile: [Float] = [
      .nan, .infinity, -.infinity, .greatestFiniteMagnitude, .leastNonzeroMagnitude, -1, 3,
    ]
    for count in 1...hostile.count {
      let quantized = try kind.quantize(Array(hostile[..<count]), tokens: 1)
      #expect(quantized.values.allSatisfy { kind.range.contains($0) })
      if kind == .sign { #expect(!quantized.values.contains(0)) }
    }
  }

  @Test(arguments: ActivationQuantization.allCases) func errorIsAtMostHalfAStepWhereNothingIsClamped(
    kind: ActivationQuantization
  ) throws {
    guard kind != .ternary, kind != .sign else { return }
    let seed: UInt64 = 77
    let x = try GaussianWeights(rows: 3, columns: 333, standardDeviation: 2, seed: seed).matrix()
    let quantized = try kind.quantize(x, tokens: 3)
    for (index, value) in x.enumerated() {
      let scale = quantized.scales[index / 333]
      let error = abs(value - Float(quantized.values[index]) / scale)
      #expect(error <= 0.5001 / scale, "element \(index), seed \(seed)")
    }
  }

  @Test func aFractionOfATokenIsRefused() {
    #expect(throws: TernaryError.elementCount(of: "activations of 2 tokens of 1", expected: 2, found: 3)) {
      try ActivationQuantization.int8.quantize([1, 2, 3], tokens: 2)
    }
    #expect(throws: TernaryError.emptyMatrix(rows: 0, columns: 0)) {
      try ActivationQuantization.int8.quantize([], tokens: 0)
    }
  }
}
