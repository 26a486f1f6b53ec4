import Ternary
import Testing

@testable import Accelerator

@Suite struct BufferCapacityTests {
  /// The buffers of a chip by the name that errors call them.
  private let buffers: [(Resource, WritableKeyPath<Design, BufferDesign>)] = [
    (.weightBuffer, \.weightBuffer), (.activationBuffer, \.activationBuffer), (.outputBuffer, \.outputBuffer),
  ]

  @Test func errorSaysHowManyBytesAreMissing() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<300 {
      let chip = try chips.chip().with {
        $0.keepsWeightsOnChip = false
        for (_, buffer) in buffers { $0[keyPath: buffer].bytes = 1 << 20 }
      }
      let size = chips.size()
      for (resource, buffer) in buffers {
        for tiling in [nil, Tiling(tokens: 3, inFeatures: 17, outFeatures: 5, order: .kmn)] {
          let small = try chip.with { $0[keyPath: buffer].bytes = 0 }
          let context = "\(resource) \(size) \(chip.design), seed \(seed)"
          let error = #expect(throws: SimulationError.self, "\(context)") {
            try AnalyticalSimulator().simulate(size, zeroShare: 0, on: small, tiling: tiling)
          }
          guard case .doesNotFit(_, resource, _, let missing) = error else {
            Issue.record("\(String(describing: error)), \(context)")
            continue
          }
          let enough = try chip.with { $0[keyPath: buffer].bytes = missing }
          _ = try AnalyticalSimulator().simulate(size, zeroShare: 0, on: enough, tiling: tiling)
          let stillSmall = try chip.with { $0[keyPath: buffer].bytes = missing - 1 }
          #expect(throws: SimulationError.self, "\(context)") {
            try AnalyticalSimulator().simulate(size, zeroShare: 0, on: stillSmall, tiling: tiling)
          }
        }
      }
    }
  }

  @Test func weightsThatStayOnTheChipNeedNoTile() throws {
    var chips = RandomChips(seed: 1)
    let chip = try chips.chip().with {
      $0.keepsWeightsOnChip = true
      $0.weightBuffer.bytes = 1
    }
    let simulation = try AnalyticalSimulator().simulate(
      MatmulSize(tokens: 5, inFeatures: 50, outFeatures: 60), zeroShare: 0, on: chip, tiling: nil)
    #expect(simulation.traffic.weights.dramBytes == 0)
    #expect(simulation.traffic.weights.bufferReadBytes > 0)
  }

  @Test func sizesOutOfRangeAreRefused() throws {
    var chips = RandomChips(seed: 1)
    let chip = try chips.chip()
    let huge = MatmulSize(tokens: 1 << 24, inFeatures: 1 << 24, outFeatures: 1 << 9)
    #expect(throws: SimulationError.self) {
      try AnalyticalSimulator().simulate(huge, zeroShare: 0, on: chip, tiling: nil)
    }
    for side in [0, -1, Int.min, Int.max, 1 << 24 + 1] {
      for dimension in LoopDimension.allCases {
        var size = MatmulSize(tokens: 4, inFeatures: 4, outFeatures: 4)
        size[dimension] = side
        #expect(throws: SimulationError.self) {
          try AnalyticalSimulator().simulate(size, zeroShare: 0, on: chip, tiling: nil)
        }
      }
    }
  }

  /// The largest that is taken, on the smallest array with the largest buffers, must not overflow.
  @Test(arguments: Dataflow.allCases)
  func largestSizesAreSimulated(_ dataflow: Dataflow) throws {
    var chips = RandomChips(seed: 1)
    let chip = try chips.chip().with {
      $0.array = ArrayDesign(
        rows: 1, columns: 1, dataflow: dataflow, datapath: "bitserial", dotWidth: 1, accumulatorBits: 64)
      $0.weightFormat = .b1
      $0.activationFormat = .integer(bits: 16)
      for (_, buffer) in buffers { $0[keyPath: buffer].bytes = 1 << 40 }
    }
    func simulate(_ size: MatmulSize, _ tiling: Tiling?) throws {
      let result = try AnalyticalSimulator().simulate(size, zeroShare: 0, on: chip, tiling: tiling)
      #expect(result.cycles.array >= size.multiplyAccumulates)
    }
    let cube = MatmulSize(tokens: 1 << 18, inFeatures: 1 << 19, outFeatures: 1 << 19)
    for side in [1 << 18, 1 << 17, 3, 1] {
      try simulate(cube, Tiling(tokens: side, inFeatures: side, outFeatures: side, order: .nkm))
    }
    try simulate(MatmulSize(tokens: 3, inFeatures: 1 << 24, outFeatures: 1 << 24), nil)
  }
}
