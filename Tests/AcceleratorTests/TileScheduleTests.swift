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
}
