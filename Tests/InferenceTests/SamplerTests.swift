import Foundation
import Ternary
import Testing

@testable import Inference

@Suite struct SamplerTests {
  private let scores: [Float] = [0.5, 2, -1, 2, .nan, 1.5, -.infinity]

  @Test func greedyTakesTheFirstOfTheHighest() {
    var sampler = Sampler(.greedy)
    #expect(sampler.next(scores) == 1)
    #expect(sampler.next([Float.nan, .nan]) == 0)
  }

  @Test(arguments: [1, 2, 3, 5, 6])
  func topKLeavesTheHighest(count: Int) {
    let order = [1, 3, 5, 0, 2, 4]
    var sampler = Sampler(SamplingOptions(temperature: 50, topK: count, seed: 3))
    let drawn = Set((0..<2000).map { _ in sampler.next(scores) })
    // What is not a number has no probability even where it is among the candidates.
    #expect(drawn == Set(order.prefix(count)).subtracting([4, 6]))
  }

  /// At a high temperature all of them are drawn sooner or later, and nothing else.
  @Test(arguments: [1, 2, 7, 40, 299, 300] as [Int], UInt64(1)...3)
  func topKAgreesWithSorting(count: Int, seed: UInt64) {
    var random = SeededGenerator(seed: seed)
    let scores = (0..<300).map { _ in Float(Int.random(in: 0..<150, using: &random)) }
    let sorted = scores.indices.sorted { (-scores[$0], $0) < (-scores[$1], $1) }
    var sampler = Sampler(SamplingOptions(temperature: 1e6, topK: count, seed: seed))
    let drawn = Set((0..<count * 20).map { _ in sampler.next(scores) })
    #expect(drawn == Set(sorted.prefix(count)), "seed \(seed)")
  }

  @Test func topPLeavesTheFewestThatReachIt() {
    // Probabilities 0.4, 0.3, 0.2, 0.1.
    let scores = [Float(0.1), 0.4, 0.2, 0.3].map { 3 + log2f($0) * 0.6931472 }
    for (share, expected) in [(0.35, [1]), (0.6, [1, 3]), (0.85, [1, 3, 2]), (1, [1, 3, 2, 0])]
      as [(Float, [Int])]
    {
      var sampler = Sampler(SamplingOptions(temperature: 1, topP: share))
      #expect(Set((0..<3000).map { _ in sampler.next(scores) }) == Set(expected), "top-p \(share)")
    }
  }

  @Test func frequenciesFollowTheTemperature() {
    var sampler = Sampler(SamplingOptions(temperature: 2, seed: 11))
    let draws = 20_000
    let ones = (0..<draws).count { _ in sampler.next([0, 2]) == 1 }
    // 1 / (1 + exp(-1)); four standard deviations.
    #expect(abs(Double(ones) / Double(draws) - 0.7311) < 0.0126)
  }

  @Test func aSeedDecidesAll() {
    func draw(_ seed: UInt64) -> [Int] {
      var sampler = Sampler(SamplingOptions(temperature: 3, topK: 4, topP: 0.9, seed: seed))
      return (0..<50).map { _ in sampler.next(scores) }
    }
    #expect(draw(5) == draw(5))
    #expect(draw(5) != draw(6))
  }
}
