import Ternary
import Testing

@testable import Accelerator

/// Whole matmuls, tile by tile.
@Suite struct SteppedSimulatorTests {
  @Test(arguments: SteppedCase.datapaths)
  func agreesWithTheReferenceAndTheAnalyticalSimulator(datapath: String) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<40 {
      let test = try SteppedCase(datapath: datapath, dataflow: chips.pick(Dataflow.allCases), from: &chips)
      let tiling = chips.tiling(of: test.size)
      let label = "\(test.chip.design), \(test.size), \(tiling), seed \(seed)"
      let result = try SteppedSimulator().simulate(
        activations: test.activations, weights: test.weights, on: test.chip, tiling: tiling)
      #expect(
        result.outputs == (try referenceMatmul(x: test.activations, weights: test.weights)), "\(label)")

      let stepped = result.simulation
      let closed = try AnalyticalSimulator().simulate(
        test.size, zeroShare: test.weights.zeroShare, on: test.chip, tiling: tiling)
      #expect(stepped.cycles.array == closed.cycles.array, "\(label)")
      #expect(stepped.cycles.bufferStall == closed.cycles.bufferStall, "\(label)")
      #expect(stepped.cycles.binding == closed.cycles.binding, "\(label)")
      #expect(abs(stepped.cycles.total - closed.cycles.total) <= 0.02 * closed.cycles.total, "\(label)")
      if closed.cycles.dramStall == 0 { #expect(stepped.cycles.total == closed.cycles.total, "\(label)") }
      for operand in Operand.allCases {
        #expect(stepped.traffic[operand].dramBytes.isSame(as: closed.traffic[operand].dramBytes), "\(label)")
        #expect(
          stepped.traffic[operand].bufferReadBytes.isSame(as: closed.traffic[operand].bufferReadBytes),
          "\(label)")
        #expect(
          stepped.traffic[operand].bufferWriteBytes.isSame(as: closed.traffic[operand].bufferWriteBytes),
          "\(label)")
      }
      #expect(stepped.occasions.multiplyAccumulates == test.size.multiplyAccumulates, "\(label)")
      for occasion in Activity.Occasion.allCases {
        #expect(
          stepped.occasions[occasion].isSame(as: closed.occasions[occasion]), "\(occasion), \(label)")
      }
    }
  }

  /// 127 · 16 is the largest multiple of 127 in 12 bits.
  @Test(arguments: ["int8-mac", "addsub", "lut", "bitserial", "popcount"], Dataflow.allCases)
  func sumsThatLeaveTheAccumulatorAreErrors(datapath: String, dataflow: Dataflow) throws {
    let bits = datapath == "int8-mac" ? 17 : 12
    let most = datapath == "int8-mac" ? 516 : 16
    let chip = try Self.chip(datapath, dataflow, accumulatorBits: bits)
    func sum(_ positive: Int, _ negative: Int, inFeatures: Int = 1024) throws -> Int32 {
      let values = Array(repeating: Int8(1), count: positive) + Array(repeating: Int8(-1), count: negative)
      let result = try SteppedSimulator().simulate(
        activations: Array(repeating: 127, count: values.count),
        weights: TernaryMatrix(rows: 1, columns: values.count, values: values, scale: 1), on: chip,
        tiling: Tiling(tokens: 1, inFeatures: inFeatures, outFeatures: 1, order: .mnk))
      return result.outputs[0]
    }
    #expect(try sum(most, 0) == Int32(127 * most))
    #expect(try sum(0, most) == Int32(-127 * most))
    let tooLarge = SteppedError.inexactSum(
      design: chip.design.name, format: .integer(bits: bits), tokens: 0..<1, outFeatures: 0..<1)
    #expect(throws: tooLarge) { try sum(most + 1, 0) }
    #expect(throws: tooLarge) { try sum(0, most + 1) }
    // It comes back in the end, within a tile and over several; bit-serial elements between which sums move hold
    // those of single bits, so that it is only seen between folds of eight.
    #expect(throws: tooLarge) { try sum(most + 8, most + 8) }
    #expect(throws: tooLarge) { try sum(most + 8, most + 8, inFeatures: 4) }
  }

  @Test func sumsThatFloatingPointRoundsAreErrors() throws {
    for (datapath, largest) in [("fp16-mac", 2047), ("bf16-mac", 255)] {
      let chip = try Self.chip(datapath, .outputStationary, accumulatorBits: 16)
      func sum(_ inFeatures: Int) throws -> Int32 {
        let weights = try TernaryMatrix(
          rows: 1, columns: inFeatures, values: Array(repeating: 1, count: inFeatures), scale: 1)
        return try SteppedSimulator().simulate(
          activations: Array(repeating: 1, count: inFeatures), weights: weights, on: chip
        ).outputs[0]
      }
      #expect(try sum(largest) == Int32(largest))
      #expect(throws: SteppedError.self) { try sum(largest + 1) }
    }
  }

  /// The adders within a step are of the activations' format, whatever the accumulator is.
  @Test func sumsOfAStepThatAreRoundedAreErrors() throws {
    let chip = try Self.chip("addsub", .outputStationary, accumulatorBits: 32).with {
      $0.activationFormat = .bfloat16
      $0.array.dotWidth = 4
    }
    let weights = try TernaryMatrix(rows: 1, columns: 4, values: [1, 1, 1, 1], scale: 1)
    let simulator = SteppedSimulator()
    #expect(
      try simulator.simulate(activations: [63, 63, 63, 63], weights: weights, on: chip).outputs == [252])
    #expect(throws: SteppedError.self) {
      try simulator.simulate(activations: [127, 127, 127, 127], weights: weights, on: chip)
    }
  }

  @Test func operandsThatTheDesignDoesNotHaveAreErrors() throws {
    let chip = try Self.chip("addsub", .weightStationary, accumulatorBits: 32)
    let name = chip.design.name
    let weights = try TernaryMatrix(rows: 1, columns: 3, values: [1, 0, -1], scale: 1)
    func expect(_ error: SteppedError, _ activations: [Int8], on chip: Chip) {
      #expect(throws: error) {
        try SteppedSimulator().simulate(activations: activations, weights: weights, on: chip)
      }
    }
    expect(.sizes(activations: 4, inFeatures: 3), [1, 2, 3, 4], on: chip)
    expect(.sizes(activations: 0, inFeatures: 3), [], on: chip)
    expect(
      .activationOutOfRange(design: name, format: .integer(bits: 4), value: 8), [7, -8, 8],
      on: try chip.with { $0.activationFormat = .integer(bits: 4) })
    expect(
      .zeroWeights(design: name, format: .b1), [1, 2, 3], on: try chip.with { $0.weightFormat = .b1 })
    expect(
      .arrayTooLarge(
        design: name, elements: 1 << 26, dotWidth: 2, limit: SteppedArray.largestProductsPerCycle),
      [1, 2, 3],
      on: try chip.with {
        $0.array.rows = 1 << 13
        $0.array.columns = 1 << 13
      })
    #expect(throws: SteppedError.self) {
      try SteppedSimulator().simulate(
        activations: [1, 2, 3], weights: weights, on: try chip.with { $0.activationBuffer.bytes = 0 },
        tiling: Tiling(tokens: 1, inFeatures: 3, outFeatures: 1, order: .mnk))
    }
  }

  /// A small array with large buffers.
  static func chip(_ datapath: String, _ dataflow: Dataflow, accumulatorBits: Int) throws -> Chip {
    var chips = RandomChips(seed: 0)
    return try chips.chip().with {
      $0.array = ArrayDesign(
        rows: 4, columns: 3, dataflow: dataflow, datapath: datapath, dotWidth: 2,
        accumulatorBits: accumulatorBits,
        tables: datapath == "lut" ? TableDesign(groupSize: 2, sharers: 2) : nil)
      switch datapath {
      case "fp16-mac": $0.activationFormat = .float16
      case "bf16-mac": $0.activationFormat = .bfloat16
      default: $0.activationFormat = .integer(bits: 8)
      }
      $0.weightFormat = .i2s
      $0.weightBuffer = BufferDesign(bytes: 1 << 20, bytesPerCycle: 64, isDoubleBuffered: true)
      $0.activationBuffer = $0.weightBuffer
      $0.outputBuffer = $0.weightBuffer
    }
  }
}

@Suite struct ExactAccumulatorTests {
  @Test(arguments: [1, 2, 3, 4, 7, 8, 1000])
  func holdsTheLargestSumAndNoBitIsSpare(inFeatures: Int) throws {
    let bits = ArrayDesign.exactAccumulatorBits(activationBits: 8, inFeatures: inFeatures)
    let chip = try SteppedSimulatorTests.chip("addsub", .outputStationary, accumulatorBits: 32)
    let weights = try TernaryMatrix(
      rows: 1, columns: inFeatures, values: Array(repeating: -1, count: inFeatures), scale: 1)
    func run(accumulatorBits: Int) throws -> [Int32] {
      try SteppedSimulator().simulate(
        activations: Array(repeating: -128, count: inFeatures), weights: weights,
        on: chip.with {
          $0.array.dotWidth = 1
          $0.array.accumulatorBits = accumulatorBits
        }
      ).outputs
    }
    #expect(try run(accumulatorBits: bits) == [Int32(128 * inFeatures)])
    #expect(throws: (any Error).self) { try run(accumulatorBits: bits - 1) }
  }
}
