/// What datapaths have in common: registers for the operands, decoders at the edge of the array, the running sum.
extension ElementDesign {
  /// What the running sum is kept in. `products` is what is added to it.
  func accumulatorFormat(products: NumberFormat) -> NumberFormat {
    guard products.isFloat else { return .integer(bits: accumulatorBits) }
    return accumulatorBits == 32 ? .float32 : products
  }

  /// The register of the running sum, written once a step: it either stays in the element or moves on to the next.
  var sumRegister: Piece { Piece(.register(bits: accumulatorBits), in: .accumulator) }

  /// The registers of X and W. One that passes through the array is written every step. A weight that stays is
  /// written when it enters, over a bus; an activation that stays is too rare to count.
  ///
  /// - Parameters:
  ///   - activationBits: Of all activations of a step together.
  ///   - weightBits: Of all weights of a step together.
  func operandRegisters(activationBits: Int, weightBits: Int) -> [Piece] {
    let activations = Operation.register(bits: activationBits)
    let weights = Operation.register(bits: weightBits)
    let activationUses = dataflow == .inputStationary ? 0.0 : 1
    let weightPiece =
      dataflow == .weightStationary
      ? Piece(weights, count: 1, uses: 1 / Double(dotWidth), per: .weightEntry, in: .registers)
      : Piece(weights, in: .registers)
    return [
      Piece(activations, count: 1, uses: activationUses, per: .step, in: .registers), weightPiece,
    ]
  }

  /// The decoder of stored weights at the edge of the array.
  var decoder: Piece { Piece(.decode(weights), count: 0, uses: 1, per: .weightEntry, in: .weightDecoder) }

  /// Bits of a weight within an array that takes ternary weights: a mask of +1 and one of -1, or a sign alone.
  var ternaryWeightBits: Int { weights == .b1 ? 1 : 2 }

  /// Objections of every datapath that takes ternary weights as they are.
  func objectionToTernary() -> ElementObjection? {
    weights.isTernary
      ? nil : ElementObjection(key: "weights.format", expected: "a ternary or binary format such as t5")
  }

  /// Objects to activations that are not integers of few enough bits.
  func objectionToIntegers(upToBits limit: Int) -> ElementObjection? {
    if case .integer(1...limit) = activations { return nil }
    return ElementObjection(key: "activations", expected: "integers of 1 to \(limit) bits")
  }

  /// Objects to an accumulator that the sum of one step may not fit.
  ///
  /// - Parameter products: What one product takes.
  func objectionToAccumulator(products: NumberFormat) -> ElementObjection? {
    let key = "array.accumulator-bits"
    if products.isFloat {
      return accumulatorBits == 16 || accumulatorBits == 32
        ? nil : ElementObjection(key: key, expected: "16 or 32, the widths of floating-point sums,")
    }
    let needed = products.bits + ceilingLog2(dotWidth)
    return (needed...64).contains(accumulatorBits)
      ? nil
      : ElementObjection(
        key: key,
        expected:
          "\(needed) to 64 bits, so that the sum of \(dotWidth) products of \(products.bits) bits fits,")
  }
}

extension NumberFormat {
  /// The format of a sum that needs so many bits more. Floating-point sums are rounded instead.
  func widened(by bits: Int) -> NumberFormat {
    guard case .integer(let own) = self else { return self }
    return .integer(bits: own + bits)
  }
}

/// The adders of a balanced tree that sums so many numbers; each level's are a bit wider than those before.
func adderTree(inputs: Int, of format: NumberFormat) -> [(adders: Int, format: NumberFormat)] {
  var levels: [(adders: Int, format: NumberFormat)] = []
  var remaining = inputs
  while remaining > 1 {
    levels.append((remaining / 2, format.widened(by: levels.count + 1)))
    remaining -= remaining / 2
  }
  return levels
}

/// The bits it takes to number so many things.
func ceilingLog2(_ count: Int) -> Int {
  count <= 1 ? 0 : Int.bitWidth - (count - 1).leadingZeroBitCount
}
