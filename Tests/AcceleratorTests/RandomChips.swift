import Ternary

@testable import Accelerator

/// Chips and matmuls of all kinds for tests of what must hold for every one.
struct RandomChips {
  private var random: SeededGenerator

  init(seed: UInt64) { random = SeededGenerator(seed: seed) }

  mutating func integer(_ range: ClosedRange<Int>) -> Int { .random(in: range, using: &random) }

  mutating func pick<Element>(_ elements: [Element]) -> Element {
    elements[Int.random(in: 0..<elements.count, using: &random)]
  }

  /// Sides from 1 to `largest`, small ones more often.
  mutating func size(upTo largest: Int = 300) -> MatmulSize {
    func side(_ chips: inout Self) -> Int { chips.integer(1...chips.pick([1, 8, 40, largest])) }
    return MatmulSize(tokens: side(&self), inFeatures: side(&self), outFeatures: side(&self))
  }

  /// Any tiling of a matmul, whether or not it suits a chip.
  mutating func tiling(of size: MatmulSize) -> Tiling {
    func tile(_ side: Int, _ chips: inout Self) -> Int {
      (side + chips.integer(0...6)) / chips.integer(1...7) + chips.integer(0...1)
    }
    return Tiling(
      tokens: max(1, tile(size.tokens, &self)), inFeatures: max(1, tile(size.inFeatures, &self)),
      outFeatures: max(1, tile(size.outFeatures, &self)), order: pick(LoopOrder.allCases))
  }

  mutating func buffer(bytes: Int, bytesPerCycle: [Double]) -> BufferDesign {
    BufferDesign(
      bytes: bytes, bytesPerCycle: pick(bytesPerCycle), isDoubleBuffered: pick([true, true, false]))
  }

  /// A chip whose buffers hold any fold of its array, and often little more.
  mutating func chip(
    portBytesPerCycle: [Double] = [4, 20, 64, 1000], dramBytesPerCycle: [Double] = [0.5, 4, 30.5, 200]
  ) throws -> Chip {
    let array = ArrayDesign(
      rows: pick([1, 2, 4, 8, 13]), columns: pick([1, 3, 4, 8, 16]), dataflow: pick(Dataflow.allCases),
      datapath: pick(["addsub", "int8-mac"]), dotWidth: pick([1, 2, 4, 5]), accumulatorBits: 32)
    let largestSide = max(array.rows * array.dotWidth, array.rows, array.columns)
    let least = largestSide * max(array.columns, array.rows, array.dotWidth) * 4 * 2
    let roomy = pick([1, 1, 3, 10, 100])
    let dramBytesPerSecond = pick(dramBytesPerCycle) * 1e9
    return try Chip(
      Design(
        name: "random", summary: "", technology: Technology(nodeNanometres: 7, clockHertz: 1e9), array: array,
        weightFormat: array.datapath == "addsub" ? pick([.t5, .i2s, .tq1]) : .int8,
        keepsWeightsOnChip: pick([false, false, false, true]), activationFormat: .integer(bits: 8),
        weightBuffer: buffer(bytes: integer(least...2 * least) * roomy, bytesPerCycle: portBytesPerCycle),
        activationBuffer: buffer(bytes: integer(least...2 * least) * roomy, bytesPerCycle: portBytesPerCycle),
        outputBuffer: buffer(bytes: integer(least...2 * least) * roomy, bytesPerCycle: portBytesPerCycle),
        dram: DRAMDesign(
          type: "test", bytesPerSecond: dramBytesPerSecond, efficiency: 1,
          latencySeconds: pick([0, 100e-9]), picojoulesPerBit: 4),
        vectorUnit: VectorUnitDesign(lanes: 8, format: .float16),
        chips: ChipGroup(count: 1, parallelism: .tensor, linkBytesPerSecond: 1e9, linkPicojoulesPerBit: 1)))
  }
}

extension Chip {
  /// The same chip after a change to its design.
  func with(_ change: (inout Design) -> Void) throws -> Chip {
    var design = design
    change(&design)
    return try Chip(design)
  }
}

extension Double {
  /// Equal but for the order in which sums were rounded.
  func isSame(as other: Double) -> Bool { abs(self - other) <= 1e-9 * Swift.max(1, abs(self), abs(other)) }
}
