extension Popcount: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    PopcountElements(element, columns: columns)
  }
}

/// All bit-planes of the activations at once: each is ANDed with the masks of +1 and of -1, the ones are counted, and
/// the differences of the counts are added at the places of their bits.
///
/// A word is a mask of 16 in-features: plane after plane of activations, the masks of +1 and then those of -1.
private final class PopcountElements: SteppedElements {
  private let masks: Int
  private let bits: Int
  /// Counts of a row of elements.
  private let counts: UnsafeMutablePointer<Int16>

  init(_ element: ElementDesign, columns: Int) {
    masks = (element.dotWidth + 15) / 16
    bits = element.activations.bits
    counts = .allocate(capacity: columns)
  }

  deinit { counts.deallocate() }

  var activationWords: Int { masks * bits }
  var weightWords: Int { masks * 2 }

  func encode(activations: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    for bit in 0..<bits {
      encodeMasks(count: count, from: bit * masks, into: registers) { activations[$0] >> Int8(bit) & 1 == 1 }
    }
  }

  func encode(weights: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeMasks(count: count, from: 0, into: registers) { weights[$0] > 0 }
    encodeMasks(count: count, from: masks, into: registers) { weights[$0] < 0 }
  }

  @inline(__always)
  private func encodeMasks(
    count: Int, from first: Int, into registers: RegisterRow, _ isSet: (Int) -> Bool
  ) {
    for mask in 0..<masks {
      var word: UInt16 = 0
      for index in 16 * mask..<max(16 * mask, min(count, 16 * mask + 16)) where isSet(index) {
        word |= 1 << UInt16(index % 16)
      }
      registers.words[(first + mask) * registers.stride] = Int16(bitPattern: word)
    }
  }

  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int
  ) {
    for bit in 0..<bits {
      counts.update(repeating: 0, count: columns)
      for mask in 0..<masks {
        let plane = activations.words + (bit * masks + mask) * activations.stride
        let positive = weights.words + mask * weights.stride
        let negative = weights.words + (masks + mask) * weights.stride
        for column in 0..<columns {
          counts[column] &+=
            Int16(truncatingIfNeeded: (plane[column] & positive[column]).nonzeroBitCount)
            &- Int16(truncatingIfNeeded: (plane[column] & negative[column]).nonzeroBitCount)
        }
      }
      let worth: Int32 = bit == bits - 1 ? -(1 << Int32(bit)) : 1 << Int32(bit)
      for column in 0..<columns { sums[column] &+= Int32(counts[column]) &* worth }
    }
  }
}
