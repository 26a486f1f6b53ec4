extension AddSub: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    AddSubElements(dotWidth: element.dotWidth)
  }
}

/// Selectors and adders. A weight is two's complement of two bits: the low one says whether the activation is let
/// through, the high one whether it is negated.
private final class AddSubElements: WordElements {
  let dotWidth: Int

  init(dotWidth: Int) { self.dotWidth = dotWidth }

  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int
  ) {
    for index in 0..<dotWidth {
      let activations = activations.words + index * activations.stride
      let weights = weights.words + index * weights.stride
      for column in 0..<columns {
        let passes = 0 &- (weights[column] & 1)
        let negates = weights[column] >> 15
        sums[column] &+= Int32(((activations[column] & passes) ^ negates) &- negates)
      }
    }
  }
}
