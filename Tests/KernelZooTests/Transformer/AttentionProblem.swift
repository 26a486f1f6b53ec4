import CKernels
import Foundation
import Ternary

/// Inputs of an attention call, several heads of keys and values side by side in the cache, and what must come out.
struct AttentionProblem {
  struct Shape: CustomStringConvertible, Sendable {
    var queries = 1
    var firstPosition = 0
    var heads = 1
    var dimension = 64

    var description: String { "\(queries) queries at \(firstPosition), \(heads) heads of \(dimension)" }
  }

  /// Head of the cache that is used, of how many.
  static let cacheHead = 1
  static let cacheHeads = 2

  let shape: Shape
  /// Of elements of q and keys; values are of magnitude at most 1.
  let magnitude: Float
  let q: [Float]
  var keys: [Float16]
  var values: [Float16]

  init(_ shape: Shape, seed: UInt64 = 1, magnitude: Float = 2) {
    var random = SeededGenerator(seed: seed)
    self.shape = shape
    self.magnitude = magnitude
    q = random.floats(shape.queries * shape.heads * shape.dimension, upTo: magnitude)
    let cached = (shape.firstPosition + shape.queries) * shape.dimension * Self.cacheHeads
    keys = random.floats(cached, upTo: magnitude).map { Float16($0) }
    values = random.floats(cached).map { Float16($0) }
  }

  var scale: Float { 1 / Float(shape.dimension).squareRoot() }
  var cacheStride: Int { shape.dimension * Self.cacheHeads }
  private var cacheOffset: Int { shape.dimension * Self.cacheHead }

  /// The result for some tokens and heads, each array ending at a forbidden page, one call for each part.
  func attend(isa: UInt32, queries: [Range<Int>]? = nil, heads: [Range<Int>]? = nil) -> [Float] {
    let width = shape.heads * shape.dimension
    let memory = GuardedCopies()
    defer { memory.free() }
    let q = memory.copy(self.q), y = memory.copy([Float](repeating: .nan, count: self.q.count))
    let keys = memory.copy(self.keys.map(\.bitPattern)), values = memory.copy(self.values.map(\.bitPattern))
    for tokens in queries ?? [0..<shape.queries] {
      for head in heads ?? [0..<shape.heads] {
        let bytes = bl_attention_workspace_bytes(tokens.count, head.count, shape.dimension)
        // Filled with 0xFF, which is not a number: nothing may be taken from there before it was put there.
        let workspace = memory.copy([UInt8](repeating: 0xFF, count: bytes))
        let offset = tokens.lowerBound * width + head.lowerBound * shape.dimension
        var task = bl_attention_task(
          queries: tokens.count, first_position: shape.firstPosition + tokens.lowerBound, heads: head.count,
          dimension: shape.dimension, q: q + offset, q_stride: width,
          keys: keys + cacheOffset,
          values: values + cacheOffset, cache_stride: cacheStride, scale: scale,
          y: y + offset,
          y_stride: width, workspace: workspace)
        bl_attend(isa, &task)
      }
    }
    return y.values(self.q.count)
  }

  /// Softmax attention in double precision, of every token and head.
  var expected: [Double] {
    let dimension = shape.dimension
    let keys = self.keys.map(Double.init), values = self.values.map(Double.init), q = self.q.map(Double.init)
    var result: [Double] = []
    for row in 0..<shape.queries * shape.heads {
      let positions = shape.firstPosition + row / shape.heads + 1
      let scores = (0..<positions).map { position in
        var sum = 0.0
        for i in 0..<dimension {
          sum += q[row * dimension + i] * keys[position * cacheStride + cacheOffset + i]
        }
        return sum * Double(scale)
      }
      let largest = scores.max() ?? 0
      let weights = scores.map { exp($0 - largest) }
      let total = weights.reduce(0, +)
      var y = [Double](repeating: 0, count: dimension)
      for position in 0..<positions {
        for i in 0..<dimension {
          y[i] += weights[position] * values[position * cacheStride + cacheOffset + i]
        }
      }
      result += y.map { $0 / total }
    }
    return result
  }

  /// The error of a result, with |values| <= 1: scores, of magnitude up to `most`, are sums of `dimension` products
  /// in float, and an error of a score changes a weight by as much, relatively; then exp (2^-20) and sums of as many
  /// weights as there are positions, in blocks of 64.
  var bound: Double {
    let dimension = Double(shape.dimension), positions = Double(shape.firstPosition + shape.queries)
    let most = Double(magnitude * magnitude * scale) * dimension
    // Roundings of sums behave like a random walk: a few times the root of their number.
    let scores = 2 * most * 4 * dimension.squareRoot() * 0x1p-24
    return scores + 0x1p-20 + 4 * (64 + positions / 64) * 0x1p-24
  }
}
