/// The hardware for one bit-plane of activations: AND with the masks of +1 and of -1, count both, subtract.
struct BitPlanes {
  /// Bits of the difference of both counts.
  let countBits: Int
  /// Bits of an activation, which is as many planes.
  let planes: Int
  /// Bits of the sum of a step.
  let stepBits: Int
  private let dotWidth: Int

  init(_ element: ElementDesign) {
    dotWidth = element.dotWidth
    planes = element.activations.bits
    countBits = ceilingLog2(dotWidth + 1) + 1
    stepBits = planes + ceilingLog2(dotWidth)
  }

  /// Hardware for `count` planes at once, each used `times` a step.
  func pieces(count: Int, times: Int) -> [Piece] {
    [
      Piece(.logic(bits: 2 * dotWidth), count: count, timesAStep: times, in: .arithmetic),
      Piece(.popcount(bits: dotWidth), count: 2 * count, timesAStep: times, in: .arithmetic),
      Piece(.add(.integer(bits: countBits)), count: count, timesAStep: times, in: .arithmetic),
    ]
  }

  /// What elements on bit-planes have besides: the running sum, the decoder, the registers of operands.
  static func surroundings(of element: ElementDesign) -> [Piece] {
    [
      Piece(.add(.integer(bits: element.accumulatorBits)), in: .accumulator), element.sumRegister,
      element.decoder,
    ]
      + element.operandRegisters(
        activationBits: element.dotWidth * element.activations.bits,
        weightBits: element.dotWidth * element.ternaryWeightBits)
  }

  static func objection(to element: ElementDesign, upToBits limit: Int) -> ElementObjection? {
    element.objectionToTernary() ?? element.objectionToIntegers(upToBits: limit)
      ?? element.objectionToAccumulator(products: element.activations)
  }
}
