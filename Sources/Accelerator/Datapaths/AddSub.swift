import Ternary

/// Selects an activation, its negative or zero by the weight, and adds: no multiplier.
///
/// Zero weights are gated: the adders that an activation of weight zero would go through keep still in that share
/// of the time, only its select works. The add to the running sum is spared by a zero weight only where it is the
/// one weight of the step.
struct AddSub: PiecewiseDatapath {
  let name = "addsub"
  let family = ComputeFamily.addsub
  let summary = "adds activations where the weight is +1, subtracts them where it is -1, skips zeros"
  let source = "arXiv 2402.17764, section 2: matrix products of additions alone"

  func objection(to element: ElementDesign) -> ElementObjection? {
    let tooWide = element.activations.isFloat ? nil : element.objectionToIntegers(upToBits: 16)
    return element.objectionToTernary() ?? tooWide
      ?? element.objectionToAccumulator(products: element.activations)
  }

  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 0) }

  func pieces(of element: ElementDesign) -> [Piece] {
    let width = element.dotWidth
    let activations = element.activations
    let selects = Piece(
      .select(bits: activations.bits), count: width, ofDotWidth: width, per: .multiplyAccumulate,
      in: .arithmetic)
    let tree = adderTree(inputs: width, of: activations).map {
      Piece(
        .add($0.format), count: $0.adders, ofDotWidth: width, per: .nonzeroMultiplyAccumulate, in: .arithmetic
      )
    }
    let accumulate = Piece(
      .add(element.accumulatorFormat(products: activations)), count: 1, uses: 1,
      per: width == 1 ? .nonzeroMultiplyAccumulate : .step, in: .accumulator)
    return [selects] + tree + [accumulate, element.sumRegister, element.decoder]
      + element.operandRegisters(
        activationBits: width * activations.bits, weightBits: width * element.ternaryWeightBits)
  }
}
