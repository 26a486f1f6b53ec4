/// X and W in memory.
struct SteppedOperands {
  /// M×K, row-major.
  var activations: UnsafePointer<Int8>
  /// N×K, row-major.
  var weights: UnsafePointer<Int8>
  /// K.
  var inFeatures: Int
  /// N.
  var outFeatures: Int
  /// No sum, partial or not, is of a larger magnitude.
  var largestSum: UInt32
}

/// A part of a matmul.
struct SteppedTile {
  var operands: SteppedOperands
  var tokens: Range<Int>
  var inFeatures: Range<Int>
  var outFeatures: Range<Int>
  /// Whether the outputs hold partial sums.
  var accumulates: Bool

  /// Groups of in-features that an element takes in one step.
  func groups(of dotWidth: Int) -> Int { (inFeatures.count + dotWidth - 1) / dotWidth }

  /// The activations of one token, by its place in the tile, from an in-feature of the tile on.
  @inline(__always)
  func activations(token: Int, inFeature: Int) -> UnsafePointer<Int8> {
    operands.activations
      + ((tokens.lowerBound &+ token) &* operands.inFeatures &+ inFeatures.lowerBound &+ inFeature)
  }

  /// The weights of one out-feature, by its place in the tile, from an in-feature of the tile on.
  @inline(__always)
  func weights(outFeature: Int, inFeature: Int) -> UnsafePointer<Int8> {
    operands.weights
      + ((outFeatures.lowerBound &+ outFeature) &* operands.inFeatures &+ inFeatures.lowerBound &+ inFeature)
  }

  /// Where the output of a token and an out-feature of the tile is.
  @inline(__always)
  func output(token: Int, outFeature: Int) -> Int {
    (tokens.lowerBound &+ token) &* operands.outFeatures &+ outFeatures.lowerBound &+ outFeature
  }
}

/// The sums that the registers of a design hold without wrapping or rounding.
struct ExactSums {
  /// What holds them.
  let format: NumberFormat
  private let bits: Int32

  init(_ format: NumberFormat) {
    self.format = format
    bits = Int32(min(32, format.exactIntegerBits))
  }

  /// Whether all numbers of magnitudes up to `largest`, and one more below zero, are held.
  func hold(_ largest: UInt32) -> Bool { bits >= 32 || largest >> UInt32(bits - 1) == 0 }
}

extension NumberFormat {
  /// Bits of the two's complement integers that are all represented: the significand and a sign.
  var exactIntegerBits: Int {
    switch self {
    case .float16: 12
    case .bfloat16: 9
    case .float32: 25
    case .integer(let bits): bits
    }
  }
}
