import Foundation
import Ternary

/// Chooses tokens. The same scores, options and seed give the same tokens on every machine with the same `exp`.
public struct Sampler: Sendable {
  /// How it chooses.
  public let options: SamplingOptions
  private var random: SeededGenerator

  /// A sampler at the beginning of its random sequence.
  public init(_ options: SamplingOptions) {
    self.options = options
    random = SeededGenerator(seed: options.seed)
  }

  /// The next token. Of equal scores the token with the lower number comes first; scores that are not numbers never
  /// win against numbers.
  ///
  /// - Parameter scores: One for each token of the vocabulary, at least one.
  public mutating func next(_ scores: some RandomAccessCollection<Float>) -> Int {
    guard options.temperature > 0 else { return Self.highest(scores) }
    let scores = Array(scores)
    var candidates = Array(scores.indices)
    if options.topK > 0, options.topK < candidates.count {
      candidates = Self.highest(options.topK, of: scores)
    } else if options.topP < 1 {
      candidates.sort { Self.precedes($0, $1, scores) }
    }
    var weights = probabilities(of: candidates, scores)
    if options.topP < 1 {
      var sum = 0.0
      let needed = weights.firstIndex { weight in
        sum += weight
        return sum >= Double(options.topP)
      }
      weights = Array(weights.prefix((needed ?? weights.count - 1) + 1))
    }
    let drawn = Double.random(in: 0..<weights.reduce(0, +), using: &random)
    var sum = 0.0
    let chosen = weights.firstIndex { weight in
      sum += weight
      return drawn < sum
    }
    return candidates[chosen ?? weights.count - 1]
  }

  /// The token with the highest score.
  public static func highest(_ scores: some RandomAccessCollection<Float>) -> Int {
    var best = 0
    var highest = -Float.infinity
    for (token, score) in scores.enumerated() where score > highest { (best, highest) = (token, score) }
    return best
  }

  private func probabilities(of candidates: [Int], _ scores: [Float]) -> [Double] {
    let highest = candidates.reduce(-Float.infinity) { max($0, scores[$1].isNaN ? $0 : scores[$1]) }
    let weights = candidates.map { token in
      let exponent = Double((scores[token] - highest) / options.temperature)
      return exponent.isNaN ? 0 : exp(exponent)
    }
    let sum = weights.reduce(0, +)
    // Nothing but infinities and what is no number: all alike.
    return sum > 0 && sum.isFinite ? weights.map { $0 / sum } : weights.map { _ in 1 / Double(weights.count) }
  }

  private static func precedes(_ left: Int, _ right: Int, _ scores: [Float]) -> Bool {
    let (a, b) = (
      scores[left].isNaN ? -Float.infinity : scores[left],
      scores[right].isNaN ? -Float.infinity : scores[right]
    )
    return a > b || a == b && left < right
  }

  /// The `count` highest, highest first, by a heap whose root is the one to replace next.
  private static func highest(_ count: Int, of scores: [Float]) -> [Int] {
    var kept: [Int] = []
    kept.reserveCapacity(count)
    func sink(from start: Int) {
      var parent = start
      while true {
        let first = 2 * parent + 1
        guard first < kept.count else { return }
        let children = first..<min(first + 2, kept.count)
        guard let worst = children.max(by: { precedes(kept[$0], kept[$1], scores) }),
          precedes(kept[parent], kept[worst], scores)
        else { return }
        kept.swapAt(parent, worst)
        parent = worst
      }
    }
    for token in scores.indices {
      if kept.count < count {
        kept.append(token)
        if kept.count == count {
          for parent in stride(from: count / 2 - 1, through: 0, by: -1) { sink(from: parent) }
        }
      } else if precedes(token, kept[0], scores) {
        kept[0] = token
        sink(from: 0)
      }
    }
    return kept.sorted { precedes($0, $1, scores) }
  }
}
