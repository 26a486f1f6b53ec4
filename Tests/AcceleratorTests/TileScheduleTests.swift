import Ternary
import Testing

@testable import Accelerator

@Suite struct TileScheduleTests {
  /// What the closed form must equal: every iteration looked at.
  private func walk(_ schedule: TileSchedule, _ chip: Chip) -> (cycles: Double, tally: SimulationTally) {
    var clock = PingPongClock(chip)
    var tally = SimulationTally()
    for iteration in schedule {
      let run = ArrayRun(iteration.size, zeroShare: 0.3, on: chip, accumulates: iteration.accumulates)
      clock.add(iteration, computeCycles: Double(run.cycles) + run.stallCycles)
      tally.add(run)
      tally.add(iteration.loads)
      tally.add(iteration.stores)
    }
    return (clock.totalCycles, tally)
  }

  @Test func closedFormEqualsEveryIteration() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    var stalled = 0
    for _ in 0..<3000 {
      let chip = try chips.chip().with {
        $0.weightBuffer.bytes = 1 << 30
        $0.activationBuffer.bytes = 1 << 30
        $0.outputBuffer.bytes = 1 << 30
      }
      let size = chips.size()
      let tiling = chips.tiling(of: size)
      let schedule = TileSchedule(size, tiling: tiling)
      let closed = try AnalyticalSimulator().simulate(size, zeroShare: 0.3, on: chip, tiling: tiling)
      let (cycles, tally) = walk(schedule, chip)
      let walked = tally.simulation(
        of: size, zeroShare: 0.3, tiling: schedule.tiling, totalCycles: cycles, on: chip)
      let context = "\(size) \(tiling) \(chip.design), seed \(seed)"
      #expect(closed.cycles.total.isSame(as: cycles), "\(context)")
      #expect(closed.cycles.array == walked.cycles.array, "\(context)")
      #expect(closed.cycles.bufferStall == walked.cycles.bufferStall, "\(context)")
      #expect(closed.cycles.binding == walked.cycles.binding, "\(context)")
      #expect(closed.traffic == walked.traffic, "\(context)")
      #expect(closed.occasions.steps == walked.occasions.steps, "\(context)")
      #expect(closed.occasions.weightEntries == walked.occasions.weightEntries, "\(context)")
      #expect(closed.occasions.multiplyAccumulates == size.multiplyAccumulates, "\(context)")
      #expect(
        closed.occasions.nonzeroMultiplyAccumulates.isSame(as: size.multiplyAccumulates * 0.7), "\(context)")
      if closed.cycles.dramStall > 0 { stalled += 1 }
    }
    #expect(stalled > 1000, "too few cases that wait for DRAM, seed \(seed)")
  }

  /// To the cycle where nothing stalls: DRAM of no latency and more bandwidth than can be asked for, and so with ports.
  @Test func cyclesAreThoseOfTheArrayWhereNothingStalls() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<500 {
      let chip = try chips.chip(portBytesPerCycle: [1e9], dramBytesPerCycle: [.infinity]).with {
        $0.dram.latencySeconds = 0
      }
      let size = chips.size()
      let tiling = chips.tiling(of: size)
      guard let result = try? AnalyticalSimulator().simulate(size, zeroShare: 0, on: chip, tiling: tiling)
      else { continue }
      let cycles = TileSchedule(size, tiling: tiling).reduce(0) {
        $0 + ArrayTiming($1.size, array: chip.design.array, timing: chip.timing).cycles
      }
      #expect(result.cycles.total == Double(cycles), "\(size) \(tiling) \(chip.design), seed \(seed)")
    }
  }

  @Test func tilesCoverEveryProductOnce() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<200 {
      let size = chips.size(upTo: 60)
      let schedule = TileSchedule(size, tiling: chips.tiling(of: size))
      #expect(
        schedule.reduce(0) { $0 + $1.size.multiplyAccumulates } == size.multiplyAccumulates, "seed \(seed)")
      #expect(schedule.reduce(0) { count, _ in count + 1 } == schedule.iterations, "seed \(seed)")
      #expect(Set(schedule.map { [$0.tokens, $0.inFeatures, $0.outFeatures] }).count == schedule.iterations)
      // A partial sum is read back once for every time it was spilled, and each output leaves once.
      var total = TileTransfer()
      for iteration in schedule {
        total += iteration.loads
        total += iteration.stores
      }
      #expect(total.partialSumsBack == total.partialSumsOut, "seed \(seed)")
      #expect(total.outputs == Double(size.tokens * size.outFeatures), "seed \(seed)")
      #expect(total == schedule.transfers, "seed \(seed)")
    }
  }

  /// The example of the model, by hand: three tiles of W pass one tile of X, at 2 bytes a cycle.
  @Test func smallScheduleByHand() throws {
    var chips = RandomChips(seed: 1)
    let chip = try chips.chip().with {
      $0.array = ArrayDesign(
        rows: 2, columns: 2, dataflow: .outputStationary, datapath: "int8-mac", dotWidth: 1,
        accumulatorBits: 32)
      $0.weightFormat = .int8
      $0.keepsWeightsOnChip = false
      for buffer in [\Design.weightBuffer, \.activationBuffer, \.outputBuffer] {
        $0[keyPath: buffer] = BufferDesign(bytes: 1000, bytesPerCycle: 1000, isDoubleBuffered: true)
      }
      $0.dram.bytesPerSecond = 2e9
      $0.dram.latencySeconds = 10e-9
    }
    let size = MatmulSize(tokens: 2, inFeatures: 8, outFeatures: 5)
    let tiling = Tiling(tokens: 2, inFeatures: 8, outFeatures: 2, order: .mkn)
    let overlapped = try AnalyticalSimulator().simulate(size, zeroShare: 0, on: chip, tiling: tiling)
    // Each fold takes 8 + 2 + 2 - 2 = 10 cycles. X is 16 bytes; tiles of W are 16, 16 and 8; of Y 8, 8 and 4. So
    // 10 of latency, 16 for the first load, then max(10, 8), max(10, 4 + 4), max(10, 4), and 2 for the last store.
    #expect(overlapped.cycles.total == 58)
    #expect(overlapped.cycles.dramBusy == 38)
    #expect(overlapped.cycles.binding == .dram)

    // 10 and 16 as before, then 10 + 8 + 4, 10 + 4 + 4 and 10 + 2.
    let serial = try AnalyticalSimulator().simulate(
      size, zeroShare: 0,
      on: try chip.with {
        $0.weightBuffer.isDoubleBuffered = false
        $0.outputBuffer.isDoubleBuffered = false
      }, tiling: tiling)
    #expect(serial.cycles.total == 78)
  }
}
