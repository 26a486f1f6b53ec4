import Foundation

/// Cosines and sines of the rotary embedding: position p turns pair i by p · θ^(-2i/d) (arXiv 2104.09864).
struct RotaryAngles: Sendable {
  /// Pairs of a head: half of its elements.
  let pairs: Int
  private let cosines: [Float]
  private let sines: [Float]

  /// Angles of positions 0 ..< positions, computed in double precision.
  init(base: Double, headDimension: Int, positions: Int) {
    pairs = headDimension / 2
    let frequencies = (0..<pairs).map { pow(base, -2 * Double($0) / Double(headDimension)) }
    var cosines: [Float] = []
    var sines: [Float] = []
    cosines.reserveCapacity(positions * pairs)
    sines.reserveCapacity(positions * pairs)
    for position in 0..<positions {
      for frequency in frequencies {
        cosines.append(Float(cos(Double(position) * frequency)))
        sines.append(Float(sin(Double(position) * frequency)))
      }
    }
    self.cosines = cosines
    self.sines = sines
  }

  /// Calls `body` with cosine and sine of the first pair at a position; the others follow.
  func at(position: Int, _ body: (UnsafePointer<Float>, UnsafePointer<Float>) -> Void) {
    cosines.withUnsafeBufferPointer { cosines in
      sines.withUnsafeBufferPointer { sines in
        guard let cosine = cosines.baseAddress, let sine = sines.baseAddress else { return }
        body(cosine + position * pairs, sine + position * pairs)
      }
    }
  }
}
