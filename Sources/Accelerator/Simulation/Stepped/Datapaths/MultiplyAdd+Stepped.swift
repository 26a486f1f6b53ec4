/// Multipliers and adders.
///
/// The floating-point elements are the same as the integer ones here: their operands are integers of eight bits, all
/// of which FP16 and BF16 represent, and the array stops at the first sum that the format of their sums does not
/// represent. Up to there floating-point arithmetic does not round, and gives what integer arithmetic gives.
final class MultiplyAddElements: WordElements {
  let dotWidth: Int

  init(dotWidth: Int) { self.dotWidth = dotWidth }

  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int
  ) {
    for index in 0..<dotWidth {
      let activations = activations.words + index * activations.stride
      let weights = weights.words + index * weights.stride
      for column in 0..<columns {
        sums[column] &+= Int32(activations[column]) &* Int32(weights[column])
      }
    }
  }
}

extension Int8MAC: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    MultiplyAddElements(dotWidth: element.dotWidth)
  }
}

extension FP16MAC: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    MultiplyAddElements(dotWidth: element.dotWidth)
  }

  func stepFormat(of element: ElementDesign) -> NumberFormat {
    element.accumulatorFormat(products: element.activations)
  }
}

extension BF16MAC: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    MultiplyAddElements(dotWidth: element.dotWidth)
  }

  func stepFormat(of element: ElementDesign) -> NumberFormat {
    element.accumulatorFormat(products: element.activations)
  }
}
