/// What FP16 and BF16 multiply-add elements share: a multiplier and an adder for each product of a step.
struct FloatMAC {
  let format: NumberFormat
  let weightFormat: WeightFormat

  func objection(to element: ElementDesign) -> ElementObjection? {
    guard element.activations == format else {
      return ElementObjection(key: "activations", expected: "\(format)")
    }
    guard element.weights == weightFormat || element.weights.isTernary else {
      return ElementObjection(key: "weights.format", expected: "\(format) or a ternary format")
    }
    return element.objectionToAccumulator(products: format)
  }

  func pieces(of element: ElementDesign) -> [Piece] {
    let bits = element.dotWidth * format.bits
    let sum = element.accumulatorFormat(products: format)
    return [
      Piece(
        .multiply(format), count: element.dotWidth, ofDotWidth: element.dotWidth, per: .multiplyAccumulate,
        in: .arithmetic),
      Piece(
        .add(sum), count: element.dotWidth, ofDotWidth: element.dotWidth, per: .multiplyAccumulate,
        in: .accumulator), element.sumRegister, element.decoder,
    ] + element.operandRegisters(activationBits: bits, weightBits: bits)
  }
}
