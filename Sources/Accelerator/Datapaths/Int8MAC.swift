import Ternary

/// Eight-bit integer multiply-add, as in the first TPU: products of 16 bits, an adder tree and an accumulator.
struct Int8MAC: PiecewiseDatapath {
  let name = "int8-mac"
  let family = ComputeFamily.int8
  let summary = "multiplies INT8 by INT8 and adds"
  let source = "structure: arXiv 1704.04760; operation energies: arXiv 2310.11453, table 2"

  private let operand = NumberFormat.integer(bits: 8)
  private let product = NumberFormat.integer(bits: 16)

  func objection(to element: ElementDesign) -> ElementObjection? {
    guard element.activations == operand else {
      return ElementObjection(key: "activations", expected: "\(operand)")
    }
    guard element.weights == .int8 || element.weights.isTernary else {
      return ElementObjection(key: "weights.format", expected: "int8 or a ternary format")
    }
    return element.objectionToAccumulator(products: product)
  }

  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 0) }

  func pieces(of element: ElementDesign) -> [Piece] {
    let width = element.dotWidth
    let multipliers = Piece(
      .multiply(operand), count: width, ofDotWidth: width, per: .multiplyAccumulate, in: .arithmetic)
    let tree = adderTree(inputs: width, of: product).map {
      Piece(.add($0.format), count: $0.adders, ofDotWidth: width, per: .multiplyAccumulate, in: .arithmetic)
    }
    let sum = Piece(.add(element.accumulatorFormat(products: product)), in: .accumulator)
    return [multipliers] + tree + [sum, element.sumRegister, element.decoder]
      + element.operandRegisters(activationBits: width * operand.bits, weightBits: width * operand.bits)
  }
}
