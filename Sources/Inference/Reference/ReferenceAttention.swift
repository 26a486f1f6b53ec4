import Foundation
import ModelFiles

/// Rotary embedding and causal attention in Double, as their definitions read.
struct ReferenceAttention: Sendable {
  let heads: Int
  let keyValueHeads: Int
  let headDimension: Int
  let rotaryBase: Double
  let rotaryPairs: ModelArchitecture.RotaryPairs

  /// Turns pair i of every head of the token at position p by p · base^(-2i / dimension) (arXiv 2104.09864).
  ///
  /// - Parameters:
  ///   - x: tokens × features, whole heads.
  ///   - first: Position of the first token.
  func rotated(_ x: [Double], features: Int, first: Int) -> [Double] {
    var turned = x
    for start in stride(from: 0, to: x.count, by: headDimension) {
      let position = Double(first + start / features)
      for pair in 0..<headDimension / 2 {
        let angle = position * pow(rotaryBase, -2 * Double(pair) / Double(headDimension))
        let (a, b) =
          switch rotaryPairs {
          case .halves: (start + pair, start + pair + headDimension / 2)
          case .neighbours: (start + 2 * pair, start + 2 * pair + 1)
          }
        turned[a] = x[a] * cos(angle) - x[b] * sin(angle)
        turned[b] = x[b] * cos(angle) + x[a] * sin(angle)
      }
    }
    return turned
  }

  /// softmax(q · keys / √dimension) · values over the positions up to the token's own; neighbouring query heads share
  /// a head of keys and values (arXiv 2305.13245).
  ///
  /// - Parameters:
  ///   - queries: Turned, tokens × query features.
  ///   - cache: Of all positions, those of the tokens included.
  ///   - first: Position of the first token.
  func attend(_ queries: [Double], _ cache: ReferenceCache.Layer, first: Int) -> [Double] {
    let keyFeatures = keyValueHeads * headDimension
    var y = [Double](repeating: 0, count: queries.count)
    for start in stride(from: 0, to: queries.count, by: headDimension) {
      let (token, head) = (start / (heads * headDimension), start / headDimension % heads)
      let offset = head / (heads / keyValueHeads) * headDimension
      let scores = (0...first + token).map { position in
        var sum = 0.0
        for index in 0..<headDimension {
          sum += queries[start + index] * cache.keys[position * keyFeatures + offset + index]
        }
        return sum / Double(headDimension).squareRoot()
      }
      let highest = scores.reduce(-.infinity, max)
      let weights = scores.map { exp($0 - highest) }
      let total = weights.reduce(0, +)
      for index in 0..<headDimension {
        var sum = 0.0
        for (position, weight) in weights.enumerated() {
          sum += weight * cache.values[position * keyFeatures + offset + index]
        }
        y[start + index] = sum / total
      }
    }
    return y
  }
}
