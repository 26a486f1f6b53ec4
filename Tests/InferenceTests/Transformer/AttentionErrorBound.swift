import Foundation

@testable import Inference

/// How far attention of the fast path may be from the reference's: see ``LayerErrorBound``.
struct AttentionErrorBound {
  let heads: Int
  let keyValueHeads: Int
  let dimension: Int
  /// Of all positions so far, as the cache holds them, and how far the fast path's may be from them.
  private var keys: [Double] = []
  private var values: [Double] = []
  private var keyErrors: [Double] = []
  private var valueErrors: [Double] = []

  init(heads: Int, keyValueHeads: Int, dimension: Int) {
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.dimension = dimension
  }

  private var keyFeatures: Int { keyValueHeads * dimension }

  /// Tokens so far.
  var positions: Int { keys.count / keyFeatures }

  mutating func append(
    keys: [Double], _ keyErrors: [Double], values: [Double], _ valueErrors: [Double]
  ) {
    self.keys += keys.map(CachePrecision.float16.rounded)
    self.values += values.map(CachePrecision.float16.rounded)
    self.keyErrors += zip(keys, keyErrors).map(Self.rounded)
    self.valueErrors += zip(values, valueErrors).map(Self.rounded)
  }

  private static func rounded(_ value: Double, _ error: Double) -> Double {
    let step = Double(sign: .plus, exponent: max(value.exponent, -14) - 10, significand: 1)
    // The step above a power of two is twice that below.
    return error < CachePrecision.float16.boundaryDistance(value) * step ? 0 : error + 2 * step
  }

  /// Weights w of the softmax become at most w · exp(error of the score) / (1 - what the sum loses).
  func attend(
    _ queries: [Double], _ queryErrors: [Double], first: Int
  ) -> (y: [Double], errors: [Double]) {
    let cached = (0..<keyValueHeads).map(cachedHead)
    var (y, errors): ([Double], [Double]) = ([], [])
    for start in stride(from: 0, to: queries.count, by: dimension) {
      let (token, head) = (start / (heads * dimension), start / dimension % heads)
      let (sum, error) = attend(
        Array(queries[start..<start + dimension]), Array(queryErrors[start..<start + dimension]),
        cached[head / (heads / keyValueHeads)], positions: first + token + 1)
      y += sum
      errors += error
    }
    return (y, errors)
  }

  private func attend(
    _ query: [Double], _ queryErrors: [Double], _ cached: CachedHead, positions: Int
  ) -> (y: [Double], errors: [Double]) {
    func products(_ x: [Double], _ keys: [Float]) -> [Double] {
      ReferenceLinear.multiply(x, Array(keys.prefix(positions * dimension)), columns: dimension)
    }
    let factor = 1 / Double(dimension).squareRoot()
    let scores = products(query, cached.keys).map { $0 * factor }
    let magnitudes = query.map(\.magnitude)
    let sums = products(magnitudes, cached.keyMagnitudes)
    let moved = zip(products(queryErrors, cached.largestKeys), products(magnitudes, cached.keyErrors)).map {
      $0 + $1
    }
    let rounding = Double(dimension + 4) * LayerErrorBound.unit
    let highest = scores.reduce(-.infinity, max)
    let farthest = scores.reduce(0) { max($0, $1.magnitude) }
    let total = scores.reduce(0) { $0 + exp($1 - highest) }
    let weights = scores.map { exp($0 - highest) / total }
    let growth = zip(sums, moved).map {
      exp(factor * ($1 * (1 + rounding) + $0 * rounding) + 2 * LayerErrorBound.unit * farthest)
    }
    let lost = zip(weights, growth).reduce(0) { $0 + $1.0 * ($1.1 - 1) }
    // Sums over positions in Float; the exponential function of weights and of a block's factor.
    let slack = 2 * Double(positions + 8) * LayerErrorBound.unit + 6 * LayerErrorBound.exponentialError
    func means(_ weights: [Double], _ values: [Float]) -> [Double] {
      let unseen = [Double](repeating: 0, count: cached.positions - positions)
      return ReferenceLinear.multiply(weights + unseen, values, columns: cached.positions)
    }
    let y = means(weights, cached.values)
    let gains = zip(weights, growth).map { lost < 1 ? $0 * ($1 * (1 + slack) / (1 - lost) - 1) : $0 }
    let near = zip(means(gains, cached.largestValues), means(weights, cached.valueErrors)).map { $0 + $1 }
    // Whatever the weights, a mean of values is no larger than the largest, but for rounding.
    let largest = cached.largestValue * (1 + slack)
    return (
      y, zip(y, near).map { y, near in lost < 1 ? min(near, y.magnitude + largest) : y.magnitude + largest }
    )
  }

  /// Keys and values of one head at all positions, and their errors, as Float, which holds halves exactly and errors
  /// closely enough: keys position after position, values element after element.
  private struct CachedHead {
    var positions = 0
    var keys: [Float] = []
    var keyMagnitudes: [Float] = []
    var keyErrors: [Float] = []
    var largestKeys: [Float] = []
    var values: [Float] = []
    var valueErrors: [Float] = []
    var largestValues: [Float] = []
    var largestValue = 0.0
  }

  private func cachedHead(_ head: Int) -> CachedHead {
    var cached = CachedHead()
    cached.positions = keys.count / keyFeatures
    for position in 0..<cached.positions {
      let elements =
        position * keyFeatures + head * dimension..<position * keyFeatures + (head + 1) * dimension
      cached.keys += keys[elements].map { Float($0) }
      cached.keyErrors += keyErrors[elements].map { Float($0) }
    }
    for element in head * dimension..<(head + 1) * dimension {
      let places = stride(from: element, to: values.count, by: keyFeatures)
      cached.values += places.map { Float(values[$0]) }
      cached.valueErrors += places.map { Float(valueErrors[$0]) }
    }
    cached.keyMagnitudes = cached.keys.map(\.magnitude)
    cached.largestKeys = zip(cached.keys, cached.keyErrors).map { ($0.magnitude + $1).nextUp }
    cached.largestValues = zip(cached.values, cached.valueErrors).map { ($0.magnitude + $1).nextUp }
    cached.largestValue = Double(cached.largestValues.reduce(0, max))
    return cached
  }
}
