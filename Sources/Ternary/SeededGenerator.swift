/// A seeded random source with equal output on every machine: xoshiro256** (Blackman and Vigna,
/// arXiv 1805.01407), its state filled by SplitMix64. Not for secrets.
public struct SeededGenerator: RandomNumberGenerator, Sendable {
  private var state: (UInt64, UInt64, UInt64, UInt64)

  /// A generator whose sequence follows from the seed alone.
  public init(seed: UInt64) {
    var splitMix = SplitMix64(state: seed)
    state = (splitMix.next(), splitMix.next(), splitMix.next(), splitMix.next())
  }

  /// A generator for one of many independent streams of the same seed, such as the rows of a matrix.
  public init(seed: UInt64, stream: UInt64) {
    // Stream numbers are small and dense: spread them before they meet the seed.
    var spread = SplitMix64(state: stream)
    self.init(seed: seed ^ spread.next())
  }

  /// The next 64 random bits.
  public mutating func next() -> UInt64 {
    let result = rotateLeft(state.1 &* 5, by: 7) &* 9
    let shifted = state.1 << 17
    state.2 ^= state.0
    state.3 ^= state.1
    state.1 ^= state.2
    state.0 ^= state.3
    state.2 ^= shifted
    state.3 = rotateLeft(state.3, by: 45)
    return result
  }
}

/// SplitMix64 (Steele, Lea and Flood, 2014): turns any seed, zero included, into well mixed words.
private struct SplitMix64 {
  var state: UInt64

  mutating func next() -> UInt64 {
    state &+= 0x9E37_79B9_7F4A_7C15
    var word = state
    word = (word ^ (word >> 30)) &* 0xBF58_476D_1CE4_E5B9
    word = (word ^ (word >> 27)) &* 0x94D0_49BB_1331_11EB
    return word ^ (word >> 31)
  }
}

private func rotateLeft(_ word: UInt64, by count: UInt64) -> UInt64 {
  word << count | word >> (64 - count)
}
