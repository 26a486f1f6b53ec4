import Foundation
import Testing

@testable import Ternary

@Suite struct GaussianWeightsTests {
  @Test func generatorMatchesThePublishedAlgorithm() {
    // State words for seed 0 are the well-known first outputs of SplitMix64(0), E220A8397B1DCDAF onwards;
    // the first output of xoshiro256** is rotl(state[1] * 5, 7) * 9.
    var generator = SeededGenerator(seed: 0)
    let second: UInt64 = 0x6E78_9E6A_A1B9_65F4
    let product = second &* 5
    let expected: UInt64 = (product << 7 | product >> 57) &* 9
    #expect(generator.next() == expected)
  }

  @Test func momentsAndTailsAreGaussian() throws {
    let seed: UInt64 = 2024
    let samples = try GaussianWeights(rows: 8, columns: 25_000, standardDeviation: 1, seed: seed).matrix()
    let count = Double(samples.count)
    func mean(_ of: (Double) -> Double) -> Double { samples.reduce(0) { $0 + of(Double($1)) } / count }
    // Bounds are five standard errors for 200,000 samples.
    let moments: [(power: Int, expected: Double, bound: Double)] = [
      (1, 0, 0.0112), (2, 1, 0.0158), (3, 0, 0.0433), (4, 3, 0.11),
    ]
    for (power, expected, bound) in moments {
      let moment = mean { pow($0, Double(power)) }
      #expect(abs(moment - expected) < bound, "moment \(power), seed \(seed)")
    }
    for limit in [0.25, 0.5, 1, 2, 3, 3.6541528853610088, 4] {
      let expected = erfc(limit / 2.0.squareRoot())
      let share = mean { abs($0) > limit ? 1 : 0 }
      let bound = 5 * (expected * (1 - expected) / count).squareRoot() + 1 / count
      #expect(abs(share - expected) < bound, "beyond \(limit), seed \(seed)")
    }
  }

  @Test(arguments: [UInt64(1), 2, 3]) func absmeanZeroesThirtyOnePercentOfGaussianWeights(
    seed: UInt64
  ) throws {
    // P(|z| < sqrt(2/pi) / 2) = 0.3101 for a standard normal z.
    let matrix = try GaussianWeights(rows: 100, columns: 1000, seed: seed).quantized()
    #expect(abs(matrix.zeroShare - 0.3101) < 0.0075, "seed \(seed)")
    #expect(abs(matrix.entropyBitsPerWeight - 1.583) < 0.003, "seed \(seed)")
    #expect(abs(matrix.scale - 0.02 * 0.797885) < 2e-4, "seed \(seed)")
  }

  @Test(arguments: WeightQuantization.allCases) func quantisingRowByRowEqualsQuantisingTheWhole(
    kind: WeightQuantization
  ) throws {
    let weights = try GaussianWeights(rows: 13, columns: 77, seed: 9)
    let whole = try kind.quantize(weights.matrix(), rows: 13, columns: 77)
    #expect(try weights.quantized(by: kind) == whole)
  }

  @Test func rowsFollowFromTheSeedAloneWhoeverFillsThem() throws {
    let weights = try GaussianWeights(rows: 5, columns: 31, seed: 3)
    let matrix = weights.matrix()
    for row in (0..<5).reversed() {
      var alone = [Float](repeating: 0, count: 31)
      alone.withUnsafeMutableBufferPointer { weights.fill(row: row, into: $0) }
      #expect(alone == Array(matrix[row * 31..<(row + 1) * 31]))
    }
    #expect(matrix == weights.matrix())
    #expect(try matrix != GaussianWeights(rows: 5, columns: 31, seed: 4).matrix())
    #expect(matrix[0..<31] != matrix[31..<62])
  }

  @Test func impossibleMatricesAreRefused() {
    #expect(throws: TernaryError.emptyMatrix(rows: 0, columns: 5)) {
      try GaussianWeights(rows: 0, columns: 5, seed: 1)
    }
    #expect(throws: TernaryError.invalidScale(0)) {
      try GaussianWeights(rows: 1, columns: 5, standardDeviation: 0, seed: 1)
    }
    #expect(throws: TernaryError.nonFiniteWeights) {
      try GaussianWeights(rows: 9, columns: 99, standardDeviation: .greatestFiniteMagnitude, seed: 1)
        .quantized()
    }
  }
}
