/// What operations cost at one node, in picojoules a use or in square micrometres: the same rules hold for both,
/// since energy goes with the hardware that works.
struct OperationCosts: Sendable {
  private let integerAdditions: [(bits: Double, cost: Double)]
  private let int8Multiply: Double
  private let float16Add: Double
  private let float16Multiply: Double
  private let float32Add: Double
  private let float32Multiply: Double
  private let bfloat16Adder: Double
  private let bfloat16Multiplier: Double
  private let fullAdder: Double
  private let gate: Double
  private let selectBit: Double
  private let multiplexerBit: Double
  private let registerBit: Double

  /// Energies in picojoules.
  init(energiesFrom tables: CostTables, scaling: NodeScaling) {
    func energy(_ quantity: CostQuantity) -> Double {
      scaling.energy(
        coarse: tables[quantity, at: NodeScaling.coarseAnchor],
        fine: tables[quantity, at: NodeScaling.fineAnchor])
    }
    func additions(at node: Int) -> [(bits: Double, cost: Double)] {
      let widths: [(Double, CostQuantity)] = [
        (8, .int8AddEnergy), (16, .int16AddEnergy), (32, .int32AddEnergy),
      ]
      return widths.compactMap { bits, quantity in tables.optional(quantity, at: node).map { (bits, $0) } }
    }
    let coarse = additions(at: NodeScaling.coarseAnchor)
    let fine = additions(at: NodeScaling.fineAnchor)
    let int8Add = energy(.int8AddEnergy)
    // A register is known at 45 nm only.
    let register = tables[.register16Energy, at: NodeScaling.coarseAnchor] / 16
    self.init(
      integerAdditions: [8.0, 16, 32].map { bits in
        (
          bits,
          scaling.energy(
            coarse: linearInterpolated(at: bits, in: coarse), fine: linearInterpolated(at: bits, in: fine))
        )
      },
      multiplyInt8: energy(.int8MultiplyEnergy),
      float16: (energy(.float16AddEnergy), energy(.float16MultiplyEnergy)),
      float32: (energy(.float32AddEnergy), energy(.float32MultiplyEnergy)),
      registerBit: register * int8Add / tables[.int8AddEnergy, at: NodeScaling.coarseAnchor],
      tables: tables)
  }

  /// Areas in square micrometres.
  init(areasFrom tables: CostTables, scaling: NodeScaling) {
    func area(_ quantity: CostQuantity) -> Double {
      tables[quantity, at: NodeScaling.coarseAnchor] * scaling.area
    }
    self.init(
      integerAdditions: [(8, area(.int8AddArea)), (32, area(.int32AddArea))],
      multiplyInt8: area(.int8MultiplyArea),
      float16: (area(.float16AddArea), area(.float16MultiplyArea)),
      float32: (area(.float32AddArea), area(.float32MultiplyArea)),
      registerBit: tables[.flipFlopGates] * area(.int8AddArea) / 8 / tables[.fullAdderGates],
      tables: tables)
  }

  private init(
    integerAdditions: [(bits: Double, cost: Double)], multiplyInt8: Double,
    float16: (add: Double, multiply: Double), float32: (add: Double, multiply: Double), registerBit: Double,
    tables: CostTables
  ) {
    self.integerAdditions = integerAdditions
    int8Multiply = multiplyInt8
    (float16Add, float16Multiply) = float16
    (float32Add, float32Multiply) = float32
    bfloat16Adder = tables[.bfloat16Adder]
    bfloat16Multiplier = tables[.bfloat16Multiplier]
    fullAdder = linearInterpolated(at: 8, in: integerAdditions) / 8
    gate = fullAdder / tables[.fullAdderGates]
    selectBit = gate * tables[.selectGates]
    multiplexerBit = gate * tables[.multiplexerGates]
    self.registerBit = registerBit
  }

  /// What one use, or one piece, of the operation costs.
  subscript(operation: Operation) -> Double {
    switch operation {
    case .multiply(let format): multiply(format)
    case .add(let format): add(format)
    case .select(let bits): selectBit * Double(bits)
    case .logic(let bits): gate * Double(bits)
    case .popcount(let bits): fullAdder * Double(bits - bits.nonzeroBitCount)
    case .register(let bits), .tableWrite(_, let bits): registerBit * Double(bits)
    case .tableRead(let entries, let bits): multiplexerBit * Double(entries - 1) * Double(bits)
    case .decode(let format): decode(format)
    }
  }

  private func multiply(_ format: NumberFormat) -> Double {
    switch format {
    case .float16: float16Multiply
    case .bfloat16: float16Multiply * bfloat16Multiplier
    case .float32: float32Multiply
    case .integer(let bits): int8Multiply * Double(bits * bits) / 64
    }
  }

  private func add(_ format: NumberFormat) -> Double {
    switch format {
    case .float16: float16Add
    case .bfloat16: float16Add * bfloat16Adder
    case .float32: float32Add
    case .integer(let bits): linearInterpolated(at: Double(bits), in: integerAdditions)
    }
  }

  private func decode(_ format: WeightFormat) -> Double {
    switch format {
    case .fp16, .bf16, .int8: 0
    case .i2s, .tq2: 2 * gate
    case .b1: gate
    case .t5, .tq1, .ideal: add(.integer(bits: 10))
    case .tl2: add(.integer(bits: 6)) + selectBit
    }
  }
}

/// Linear between neighbouring points, in proportion to the position outside them. Points ascend.
private func linearInterpolated(at position: Double, in points: [(bits: Double, cost: Double)]) -> Double {
  guard let first = points.first, let last = points.last else { return 0 }
  guard let upper = points.firstIndex(where: { $0.bits >= position }) else {
    return last.cost * position / last.bits
  }
  if points[upper].bits == position { return points[upper].cost }
  guard upper > 0 else { return first.cost * position / first.bits }
  let (low, high) = (points[upper - 1], points[upper])
  return low.cost + (high.cost - low.cost) * (position - low.bits) / (high.bits - low.bits)
}
