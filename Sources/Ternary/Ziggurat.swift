import Foundation

/// Gaussian samples by the ziggurat method (Marsaglia and Tsang, Journal of Statistical Software 5(8), 2000):
/// the density is covered by 256 strips of equal area, and almost every sample costs one random word, one
/// table read and one multiplication.
struct Ziggurat: Sendable {
  /// The strips for the standard normal density.
  static let standard = Ziggurat()

  private static let strips = 256
  /// Where the lowest strip turns into the tail, and the area of each strip, for 256 strips.
  private static let tailStart = 3.6541528853610088
  private static let stripArea = 0.00492867323399

  /// Right edge of each strip, widest first; the first is the width a rectangle of the tail strip would have.
  private let edges: [Float]
  /// exp(-x²/2) at each edge.
  private let heights: [Float]

  private init() {
    var edges = [Self.stripArea / exp(-0.5 * Self.tailStart * Self.tailStart), Self.tailStart]
    while edges.count < Self.strips {
      let edge = edges[edges.count - 1]
      edges.append(sqrt(-2 * log(Self.stripArea / edge + exp(-0.5 * edge * edge))))
    }
    edges.append(0)
    self.edges = edges.map(Float.init)
    heights = edges.map { Float(exp(-0.5 * $0 * $0)) }
  }

  /// Writes samples of standard deviation `scale`.
  func fill(
    _ samples: UnsafeMutableBufferPointer<Float>, scale: Float, using generator: inout SeededGenerator
  ) {
    edges.withUnsafeBufferPointer { edges in
      heights.withUnsafeBufferPointer { heights in
        for index in 0..<samples.count {
          samples[index] = scale * sample(edges, heights, using: &generator)
        }
      }
    }
  }

  /// One sample. Bits 0 to 7 of a random word choose the strip, the top 24 the signed position in it.
  @inline(__always)
  private func sample(
    _ edges: UnsafeBufferPointer<Float>, _ heights: UnsafeBufferPointer<Float>,
    using generator: inout SeededGenerator
  ) -> Float {
    while true {
      let word = generator.next()
      let strip = Int(word & 255)
      let position = (Float(Int64(bitPattern: word) >> 40) + 0.5) * 0x1p-23
      let x = position * edges[strip]
      if x.magnitude < edges[strip + 1] { return x }
      if strip == 0 { return x < 0 ? -tail(using: &generator) : tail(using: &generator) }
      let height = heights[strip] + uniform(using: &generator) * (heights[strip + 1] - heights[strip])
      if height < exp(-0.5 * x * x) { return x }
    }
  }

  /// A sample beyond ``tailStart`` (Marsaglia, Technometrics 6(1), 1964).
  private func tail(using generator: inout SeededGenerator) -> Float {
    let start = Float(Self.tailStart)
    while true {
      let beyond = -log(uniform(using: &generator)) / start
      if -2 * log(uniform(using: &generator)) > beyond * beyond { return start + beyond }
    }
  }

  /// Uniform in (0, 1), both ends excluded.
  private func uniform(using generator: inout SeededGenerator) -> Float {
    (Float(generator.next() >> 41) + 0.5) * 0x1p-23
  }
}
