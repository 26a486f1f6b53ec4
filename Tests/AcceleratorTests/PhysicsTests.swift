import Ternary
import Testing

@testable import Accelerator

/// What no chip and no tiling can get around.
@Suite struct PhysicsTests {
  private func forRandomChips(
    _ count: Int, _ body: (Chip, MatmulSize, inout RandomChips, _ context: String) throws -> Void
  ) throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<count {
      let chip = try chips.chip()
      let size = chips.size()
      try body(chip, size, &chips, "\(size) \(chip.design), seed \(seed)")
    }
  }

  private func simulate(_ size: MatmulSize, _ chip: Chip, tolerance: Double = 0.01) throws -> MatmulSimulation
  {
    try AnalyticalSimulator(tolerance: tolerance).simulate(size, zeroShare: 0.3, on: chip, tiling: nil)
  }

  @Test func timeIsNoLessThanAnyRoofAllows() throws {
    try forRandomChips(600) { chip, size, _, context in
      let result = try simulate(size, chip)
      let cycles = result.cycles
      let least = cycles.total * (1 + 1e-9)
      #expect(size.multiplyAccumulates / chip.peakMultiplyAccumulatesPerCycle <= least, "\(context)")
      #expect(result.utilisation > 0 && result.utilisation <= 1, "\(context)")
      #expect(cycles.dramBusy <= least, "\(context)")
      #expect(result.traffic.dramBytes / chip.dramBytesPerCycle <= least, "\(context)")
      #expect(
        (cycles.array + cycles.bufferStall + cycles.dramStall).isSame(as: cycles.total), "\(context)")
      let (traffic, design) = (result.traffic, chip.design)
      let spilledOut = (traffic.outputs.dramBytes - traffic.outputs.compulsoryBytes) / 2
      let sumBytes = Double(design.array.accumulatorBits) / 8
      let storedBytes = traffic.outputs.compulsoryBytes / 2 * sumBytes + spilledOut
      let ports = [
        (traffic.weights.bufferReadBytes, design.weightBuffer),
        (traffic.activations.bufferReadBytes, design.activationBuffer),
        // Sums that DRAM takes and brings do not pass the port to the array.
        (
          traffic.outputs.bufferReadBytes - storedBytes + traffic.outputs.bufferWriteBytes - spilledOut,
          design.outputBuffer
        ),
      ]
      for (bytes, buffer) in ports { #expect(bytes / buffer.bytesPerCycle <= least, "\(buffer) \(context)") }
    }
  }

  @Test func trafficIsAtLeastCompulsoryAndNoProductIsLost() throws {
    try forRandomChips(600) { chip, size, chips, context in
      let tiling = chips.pick([nil, chips.tiling(of: size)])
      guard
        let result = try? AnalyticalSimulator().simulate(size, zeroShare: 0.3, on: chip, tiling: tiling)
      else { return }
      #expect(result.occasions.multiplyAccumulates == size.multiplyAccumulates, "\(context)")
      let bytes = ElementBytes(chip.design)
      let once = [
        Operand.weights: Double(size.inFeatures * size.outFeatures) * bytes.fetchedWeight,
        .activations: Double(size.tokens * size.inFeatures) * bytes.activation,
        .outputs: Double(size.tokens * size.outFeatures) * 2,
      ]
      for operand in Operand.allCases {
        #expect(result.traffic[operand].compulsoryBytes == once[operand], "\(operand) \(context)")
        #expect(result.traffic[operand].capacityBytes >= 0, "\(operand) \(context)")
      }
    }
  }

  /// A wider port, a faster DRAM or a larger buffer.
  private let improvements: [(String, (inout Design, Double) -> Void)] = [
    ("DRAM", { $0.dram.bytesPerSecond *= $1 }),
    ("weight port", { $0.weightBuffer.bytesPerCycle *= $1 }),
    ("activation port", { $0.activationBuffer.bytesPerCycle *= $1 }),
    ("output port", { $0.outputBuffer.bytesPerCycle *= $1 }),
    ("weight buffer", { $0.weightBuffer.bytes = Int(Double($0.weightBuffer.bytes) * $1) }),
    ("activation buffer", { $0.activationBuffer.bytes = Int(Double($0.activationBuffer.bytes) * $1) }),
    ("output buffer", { $0.outputBuffer.bytes = Int(Double($0.outputBuffer.bytes) * $1) }),
  ]

  @Test func moreIsNeverWorse() throws {
    try forRandomChips(150) { chip, size, chips, context in
      let tiling = chips.tiling(of: size)
      for (name, improve) in improvements {
        let factor = chips.pick([1.01, 1.3, 2, 17])
        let better = try chip.with { improve(&$0, factor) }
        let context = "\(factor) times the \(name), \(context)"
        if let before = try? AnalyticalSimulator().simulate(size, zeroShare: 0.3, on: chip, tiling: tiling) {
          let after = try AnalyticalSimulator().simulate(size, zeroShare: 0.3, on: better, tiling: tiling)
          #expect(after.cycles.total <= before.cycles.total * (1 + 1e-9), "\(context)")
          #expect(after.traffic == before.traffic, "\(context)")
        }
        // At the same cycles to within the tolerance, the traffic is no more.
        let search = TileSearch(chip, tolerance: 0.01)
        let fastest = (try simulate(size, chip, tolerance: 0), try simulate(size, better, tolerance: 0))
        if search.mostCycles(sameAs: fastest.0.cycles.total)
          == search.mostCycles(sameAs: fastest.1.cycles.total)
        {
          let (before, after) = (try simulate(size, chip), try simulate(size, better))
          #expect(after.traffic.dramBytes <= before.traffic.dramBytes * (1 + 1e-9), "\(context)")
        }
        for tolerance in [0, 0.01, .infinity] {
          let (before, after) = (
            try simulate(size, chip, tolerance: tolerance), try simulate(size, better, tolerance: tolerance)
          )
          let context = "tolerance \(tolerance), \(context)"
          if tolerance.isFinite {
            #expect(after.cycles.total <= before.cycles.total * (1 + tolerance + 1e-9), "\(context)")
          }
          if tolerance.isInfinite {
            #expect(after.traffic.dramBytes <= before.traffic.dramBytes * (1 + 1e-9), "\(context)")
          }
          if tolerance.isInfinite, name.hasSuffix("port") || name == "DRAM" {
            #expect(after.cycles.total <= before.cycles.total * (1 + 1e-9), "\(context)")
          }
        }
      }
    }
  }

  /// On an array that waits for nothing, and a matmul that fills the larger one exactly. Otherwise the larger array may
  /// be slower: with tiles of a larger fold to load first, or with ports that were wide enough for the smaller.
  @Test func doublingTheArrayIsNotSlower() throws {
    try forRandomChips(400) { chip, _, chips, context in
      let ideal = try chip.with {
        for buffer in [\Design.weightBuffer, \.activationBuffer, \.outputBuffer] {
          $0[keyPath: buffer] = BufferDesign(bytes: 1 << 40, bytesPerCycle: 1e9, isDoubleBuffered: true)
        }
        $0.dram.bytesPerSecond = .infinity
        $0.dram.latencySeconds = 0
      }
      let double = try ideal.with {
        if chips.pick([true, false]) { $0.array.rows *= 2 } else { $0.array.columns *= 2 }
      }
      let axes = ArrayAxes(double.design.array)
      var size = MatmulSize(tokens: 1, inFeatures: 1, outFeatures: 1)
      for dimension in LoopDimension.allCases {
        size[dimension] = axes.unit(of: dimension) * chips.integer(1...5)
      }
      let (small, large) = (try simulate(size, ideal), try simulate(size, double))
      #expect(large.cycles.total <= small.cycles.total, "\(size) \(context)")
    }
  }

  @Test func equalInputsGiveEqualResults() throws {
    try forRandomChips(50) { chip, size, _, context in
      let first = try simulate(size, chip)
      #expect(try simulate(size, chip) == first, "\(context)")
      let again = try AnalyticalSimulator().simulate(size, zeroShare: 0.3, on: chip, tiling: first.tiling)
      #expect(again == first, "\(context)")
    }
  }

  /// One token: each weight is used once, so no tiling need fetch one twice, and the array can use one row at most with
  /// outputs stationary.
  @Test func decodingReadsEveryWeightOnce() throws {
    try forRandomChips(300) { chip, size, _, context in
      var size = size
      size.tokens = 1
      let result = try simulate(size, chip)
      #expect(result.traffic.weights.capacityBytes == 0, "\(result.tiling) \(context)")
      if chip.design.array.dataflow == .outputStationary {
        #expect(result.utilisation <= 1 / Double(chip.design.array.rows) + 1e-9, "\(context)")
      }
    }
  }
}
