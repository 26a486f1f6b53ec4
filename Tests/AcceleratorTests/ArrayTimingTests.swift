import Testing

@testable import Accelerator

@Suite struct ArrayTimingTests {
  /// The small cases of SCALE-Sim 3.0: its `Total Cycles` is the index of the last cycle.
  @Test(arguments: [
    (Dataflow.outputStationary, 271), (.weightStationary, 383), (.inputStationary, 311),
  ])
  func smallCasesOfTheReference(_ dataflow: Dataflow, _ totalCycles: Int) {
    let timing = ArrayTiming(
      MatmulSize(tokens: 10, inFeatures: 20, outFeatures: 30),
      array: ArrayDesign(
        rows: 8, columns: 8, dataflow: dataflow, datapath: "int8-mac", dotWidth: 1, accumulatorBits: 32),
      timing: ElementTiming(cyclesPerStep: 1, fillCycles: 0))
    #expect(timing.cycles - 1 == totalCycles)
  }

  @Test func largeCaseOfTheReference() {
    let timing = ArrayTiming(
      MatmulSize(tokens: 512, inFeatures: 512, outFeatures: 512),
      array: ArrayDesign(
        rows: 32, columns: 32, dataflow: .outputStationary, datapath: "int8-mac", dotWidth: 1,
        accumulatorBits: 32),
      timing: ElementTiming(cyclesPerStep: 1, fillCycles: 0))
    #expect(timing.cycles - 1 == 146_943)
  }

  @Test(arguments: Dataflow.allCases)
  func largestMatmulOnOneElementDoesNotTrap(_ dataflow: Dataflow) throws {
    let chip = try SteppedSimulatorTests.chip("bitserial", dataflow, accumulatorBits: 32).with {
      ($0.array.rows, $0.array.columns, $0.array.dotWidth) = (1, 1, 1)
      $0.weightBuffer.bytesPerCycle = 1e-6
      $0.activationBuffer.bytesPerCycle = 1e-6
      $0.outputBuffer.bytesPerCycle = 1e-6
    }
    let side = MatmulSize.largestSide
    let run = ArrayRun(
      MatmulSize(tokens: side, inFeatures: side, outFeatures: side), zeroShare: 0.5, on: chip,
      accumulates: true)
    #expect(run.cycles == .max)
    #expect(run.stallCycles > 1e25)
  }
}
