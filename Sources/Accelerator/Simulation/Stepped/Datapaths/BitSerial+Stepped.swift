extension BitSerial: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    BitSerialElements(element, columns: columns)
  }
}

/// One bit of each activation in a cycle, the lowest first: the weights of those that are set are counted with their
/// signs, and the count is added at the place of the bit.
///
/// Which bit it is travels with the operand that moves along the row, as a word with that bit set, and one with what
/// it is worth, which is negative for the sign bit.
private final class BitSerialElements: SteppedElements {
  private let dotWidth: Int
  private let bits: Int
  private let activationsStay: Bool
  /// Counts of a row of elements.
  private let counts: UnsafeMutablePointer<Int16>

  init(_ element: ElementDesign, columns: Int) {
    dotWidth = element.dotWidth
    bits = element.activations.bits
    activationsStay = element.dataflow == .inputStationary
    counts = .allocate(capacity: columns)
  }

  deinit { counts.deallocate() }

  var activationWords: Int { activationsStay ? dotWidth : dotWidth + 2 }
  var weightWords: Int { activationsStay ? dotWidth + 2 : dotWidth }

  func encode(activations: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeAsWords(activations, count: count, dotWidth: dotWidth, into: registers)
    guard !activationsStay else { return }
    for index in 0..<count { registers.words[index * registers.stride] &= 1 << Int16(cycle) }
    encodePlace(of: cycle, into: registers)
  }

  func encode(weights: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeAsWords(weights, count: count, dotWidth: dotWidth, into: registers)
    if activationsStay { encodePlace(of: cycle, into: registers) }
  }

  private func encodePlace(of bit: Int, into registers: RegisterRow) {
    let place: Int16 = 1 << Int16(bit)
    registers.words[dotWidth * registers.stride] = place
    registers.words[(dotWidth + 1) * registers.stride] = bit == bits - 1 ? 0 &- place : place
  }

  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int
  ) {
    let moving = activationsStay ? weights : activations
    let place = moving.words + dotWidth * moving.stride
    let worth = place + moving.stride
    counts.update(repeating: 0, count: columns)
    for index in 0..<dotWidth {
      let activations = activations.words + index * activations.stride
      let weights = weights.words + index * weights.stride
      for column in 0..<columns {
        let isSet: Int16 = activations[column] & place[column] == 0 ? 0 : -1
        counts[column] &+= weights[column] & isSet
      }
    }
    for column in 0..<columns { sums[column] &+= Int32(counts[column]) &* Int32(worth[column]) }
  }
}
