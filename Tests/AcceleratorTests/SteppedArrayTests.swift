import Ternary
import Testing

@testable import Accelerator

/// Every cycle of the array against the reference matmul and against the closed forms.
@Suite struct SteppedArrayTests {
  @Test(arguments: SteppedCase.datapaths, Dataflow.allCases)
  func runsEqualTheReferenceAndTheClosedForm(datapath: String, dataflow: Dataflow) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    var stalled = 0
    for _ in 0..<60 {
      let test = try SteppedCase(datapath: datapath, dataflow: dataflow, from: &chips)
      let accumulates = chips.pick([false, true])
      let label = "\(test.chip.design), \(test.size), accumulates \(accumulates), seed \(seed)"

      var outputs = [Int32](repeating: accumulates ? 7 : -99, count: test.size.tokens * test.size.outFeatures)
      let run = try test.run(into: &outputs, accumulates: accumulates)
      let reference = try referenceMatmul(x: test.activations, weights: test.weights)
      #expect(outputs == reference.map { $0 + (accumulates ? 7 : 0) }, "\(label)")

      let closed = ArrayRun(
        test.size, zeroShare: test.weights.zeroShare, on: test.chip, accumulates: accumulates)
      #expect(run.cycles == closed.cycles, "\(label)")
      #expect(run.stallCycles == closed.stallCycles, "\(label)")
      #expect(run.stallingBuffer == closed.stallingBuffer, "\(label)")
      #expect(run.weightReads == closed.weightReads, "\(label)")
      #expect(run.activationReads == closed.activationReads, "\(label)")
      #expect(run.outputWrites == closed.outputWrites, "\(label)")
      #expect(run.outputReads == closed.outputReads, "\(label)")
      #expect(run.occasions.multiplyAccumulates == test.size.multiplyAccumulates, "\(label)")
      #expect(run.occasions.steps == closed.occasions.steps, "\(label)")
      #expect(run.occasions.tables == closed.occasions.tables, "\(label)")
      #expect(run.occasions.weightEntries == closed.occasions.weightEntries, "\(label)")
      let nonzero = test.size.tokens * (test.weights.values.count - test.weights.zeroCount)
      #expect(run.occasions.nonzeroMultiplyAccumulates == Double(nonzero), "\(label)")
      #expect(
        run.occasions.nonzeroMultiplyAccumulates.isSame(as: closed.occasions.nonzeroMultiplyAccumulates),
        "\(label)")
      if run.stallCycles > 0 { stalled += 1 }
    }
    #expect((1...59).contains(stalled), "\(stalled) of 60 stall, seed \(seed)")
  }
}

/// A small matmul and a chip for it.
struct SteppedCase {
  static let datapaths = ["fp16-mac", "bf16-mac", "int8-mac", "addsub", "lut", "bitserial", "popcount"]

  var chip: Chip
  var size: MatmulSize
  var activations: [Int8]
  var weights: TernaryMatrix

  init(datapath: String, dataflow: Dataflow, from chips: inout RandomChips) throws {
    let groupSize = datapath == "lut" ? chips.integer(1...5) : 1
    let dotWidth = groupSize * chips.pick([1, 1, 2, 3, 17])
    let array = ArrayDesign(
      rows: chips.pick([1, 2, 5, 8, 13]), columns: chips.pick([1, 3, 8, 17]), dataflow: dataflow,
      datapath: datapath, dotWidth: dotWidth, accumulatorBits: 32,
      tables: datapath == "lut" ? TableDesign(groupSize: groupSize, sharers: chips.integer(1...20)) : nil)
    let format: NumberFormat =
      switch datapath {
      case "fp16-mac": .float16
      case "bf16-mac": .bfloat16
      case "int8-mac": .integer(bits: 8)
      case "addsub", "lut": chips.pick([.integer(bits: 8), .integer(bits: 11), .integer(bits: 4), .float16])
      case "bitserial": .integer(bits: chips.pick([1, 2, 3, 8, 16]))
      default: .integer(bits: chips.pick([1, 2, 5, 8]))
      }
    let widths = chips.pick([[1e6], [0.5, 3, 10, 77.7]])
    func buffer() -> BufferDesign {
      BufferDesign(bytes: 1 << 20, bytesPerCycle: chips.pick(widths), isDoubleBuffered: true)
    }
    chip = try chips.chip().with {
      $0.array = array
      $0.activationFormat = format
      $0.weightFormat = chips.pick([.t5, .i2s, .tl2])
      $0.weightBuffer = buffer()
      $0.activationBuffer = buffer()
      $0.outputBuffer = buffer()
    }

    // 1, primes, just below, at and above a fold.
    func side(_ fold: Int) -> Int { chips.pick([1, 2, 7, max(1, fold - 1), fold, fold + 1, 2 * fold + 3]) }
    size =
      switch dataflow {
      case .outputStationary:
        MatmulSize(tokens: side(array.rows), inFeatures: side(3 * dotWidth), outFeatures: side(array.columns))
      case .weightStationary:
        MatmulSize(
          tokens: side(9), inFeatures: side(array.rows * dotWidth), outFeatures: side(array.columns))
      case .inputStationary:
        MatmulSize(
          tokens: side(array.columns), inFeatures: side(array.rows * dotWidth), outFeatures: side(9))
      }
    let bits = min(8, format.exactIntegerBits)
    let range = -1 << (bits - 1)...1 << (bits - 1) - 1
    // Floating-point sums are kept where they are exact.
    activations = (0..<size.tokens * size.inFeatures).map { _ in
      Int8(format.isFloat ? chips.integer(-9...9) : chips.integer(range))
    }
    weights = try TernaryMatrix(
      rows: size.outFeatures, columns: size.inFeatures,
      values: (0..<size.outFeatures * size.inFeatures).map { _ in Int8(chips.integer(-1...1)) }, scale: 1)
  }

  /// Runs all of it as one tile.
  func run(into outputs: inout [Int32], accumulates: Bool) throws -> ArrayRun {
    let array = try SteppedArray(chip)
    return try outputs.withUnsafeMutableBufferPointer { outputs in
      try activations.withUnsafeBufferPointer { activations in
        try weights.values.withUnsafeBufferPointer { weights in
          let operands = SteppedOperands(
            activations: try #require(activations.baseAddress), weights: try #require(weights.baseAddress),
            inFeatures: size.inFeatures, outFeatures: size.outFeatures, largestSum: .max)
          let all = SteppedTile(
            operands: operands, tokens: 0..<size.tokens, inFeatures: 0..<size.inFeatures,
            outFeatures: 0..<size.outFeatures, accumulates: accumulates)
          return try array.run(all, outputs: try #require(outputs.baseAddress))
        }
      }
    }
  }
}
