import Ternary

/// Takes activations bit by bit: as many cycles a step as an activation has bits, each ending in a shift and an
/// add to the sum of the step.
struct BitSerial: PiecewiseDatapath {
  let name = "bitserial"
  let family = ComputeFamily.bitserial
  let summary = "ANDs one bit of every activation with the weight masks each cycle, counts, shifts and adds"
  let source = "arXiv 1806.08862: AND, population count, shift and accumulate"

  func objection(to element: ElementDesign) -> ElementObjection? {
    BitPlanes.objection(to: element, upToBits: 16)
  }

  func timing(of element: ElementDesign) -> ElementTiming {
    ElementTiming(cyclesPerStep: element.activations.bits, fillCycles: 0)
  }

  func pieces(of element: ElementDesign) -> [Piece] {
    let bitPlanes = BitPlanes(element)
    let times = bitPlanes.planes
    return bitPlanes.pieces(count: 1, times: times) + [
      Piece(.add(.integer(bits: bitPlanes.stepBits)), timesAStep: times, in: .arithmetic),
      Piece(.register(bits: bitPlanes.stepBits), timesAStep: times, in: .arithmetic),
    ] + BitPlanes.surroundings(of: element)
  }
}
