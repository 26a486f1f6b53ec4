import Foundation
import Ternary
import Testing

@testable import Bench

@Suite struct MannWhitneyTests {
  /// Published examples, and the p-values that SciPy 1.17 gives.
  @Test func exactValues() throws {
    // SciPy's example: ages of diagnosis.
    let ages = try #require(MannWhitney([19, 22, 16, 29, 24], [20, 11, 17, 12]))
    #expect(ages.u == 17)
    #expect(abs(ages.pValue - 1.0 / 9) < 1e-12)
    // All of one below all of the other: 2 of C(n, k) orders.
    #expect(abs(try #require(MannWhitney([1, 2, 3], [4, 5, 6])).pValue - 0.1) < 1e-12)
    #expect(abs(try #require(MannWhitney([1, 2, 3, 4], [5, 6, 7, 8])).pValue - 2.0 / 70) < 1e-12)
    let ten = try #require(MannWhitney((1...10).map(Double.init), (11...20).map(Double.init)))
    #expect(ten.u == 0)
    #expect(abs(ten.pValue - 2.0 / 184_756) < 1e-15)
    #expect(try #require(MannWhitney([1], [2])).pValue == 1)
  }

  /// By counting all choices of the first sample's ranks, one by one.
  @Test(arguments: [UInt64(1), 2, 3, 4, 5, 6, 7, 8])
  func tiesAreCountedOut(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let values = (0..<9).map { _ in Double(Int.random(in: 0..<4, using: &generator)) }
    let count = Int.random(in: 1...8, using: &generator)
    let test = try #require(MannWhitney(Array(values[..<count]), Array(values[count...])))
    func u(_ chosen: Set<Int>) -> Double {
      chosen.reduce(0) { sum, i in
        sum
          + values.indices.filter { !chosen.contains($0) }
          .reduce(0) { $0 + (values[i] > values[$1] ? 1 : values[i] == values[$1] ? 0.5 : 0) }
      }
    }
    let mean = Double(count * (9 - count)) / 2
    let all = (0..<512).map { mask in Set((0..<9).filter { mask >> $0 & 1 == 1 }) }.filter {
      $0.count == count
    }
    let extreme = all.count { abs(u($0) - mean) >= abs(test.u - mean) }
    #expect(test.u == u(Set(0..<count)), "seed \(seed)")
    #expect(abs(test.pValue - Double(extreme) / Double(all.count)) < 1e-12, "seed \(seed)")
  }

  @Test func equalSamplesAreNoEvidence() throws {
    #expect(try #require(MannWhitney([2, 2, 2], [2, 2])).pValue == 1)
    let many = Array(repeating: 3.0, count: 50)
    #expect(try #require(MannWhitney(many, many)).pValue == 1)
    #expect(MannWhitney([], [1]) == nil)
    #expect(MannWhitney([1], [.nan]) == nil)
  }

  /// The normal approximation, against SciPy's `mannwhitneyu(method="asymptotic")`.
  @Test func manyValuesWithTies() throws {
    let first = (0..<60).map { Double($0 * 7 % 23) }
    let second = (0..<45).map { Double($0 * 5 % 19 + 6) }
    let test = try #require(MannWhitney(first, second))
    #expect(test.u == 935.0)
    #expect(abs(test.pValue - 0.007217601854083543) < 1e-12)
  }

  /// Under equal distributions p is uniform: 5 % of the tests are below 0.05, four standard deviations are 0.05.
  @Test func falseAlarmsAreAsRareAsClaimed() throws {
    var generator = SeededGenerator(seed: 11)
    for size in [8, 40] {
      let alarms = try (0..<300).count { _ in
        let samples = (0..<2 * size).map { _ in exp(standardNormal(&generator)) }
        return try #require(MannWhitney(Array(samples[..<size]), Array(samples[size...]))).pValue < 0.05
      }
      #expect((1...30).contains(alarms), "\(alarms) of 300 with \(size) samples each")
    }
  }
}
