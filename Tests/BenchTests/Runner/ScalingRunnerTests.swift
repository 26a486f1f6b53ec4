import KernelZoo
import Testing
import Workloads

@testable import Bench

@Suite struct ScalingRunnerTests {
  private func runner(_ names: [String]) throws -> ScalingRunner {
    let catalogue = try ModelCatalogue.builtIn()
    let baseline = try #require(KernelRegistry.kernel(named: "float-fp16-scalar"))
    return ScalingRunner(
      models: try names.map { try catalogue.model(named: $0) },
      kernels: KernelRegistry.all.filter { $0.instructionSetName == "scalar" }, baseline: baseline,
      threads: 1,
      machine: FakeMachine(), seed: 1, secondsPerPoint: 0.01)
  }

  private func measurement(_ kernel: Kernel, tokens: Int, seconds: Double?) -> Measurement {
    Measurement(
      point: MeasurementPoint(
        kernel: kernel, shape: BenchShape(outFeatures: 8, inFeatures: 8),
        conditions: .init(tokens: tokens, threads: 1, cache: .cold)),
      status: seconds == nil ? .wrong("5 instead of 4") : .measured,
      operatorLatency: seconds.map {
        Estimate(median: $0, low: $0, high: $0, coverage: 0.95, count: 9)
      })
  }

  @Test func aShapeThatSeveralModelsHaveIsMeasuredOnce() throws {
    // The models of 3 and 3.9 billion parameters have equal layers.
    let runner = try runner(["700m", "3b", "3.9b"])
    #expect(runner.shapes.count == 6)
    #expect(
      runner.trial.shapes == [
        BenchShape(
          model: "bitnet-3b", role: "gate,up", outFeatures: 8640, inFeatures: 3200, countPerToken: 52)
      ])
  }

  @Test func theFastestOfEachFamilyAndPhaseGoesOn() throws {
    let runner = try runner(["700m"])
    func kernel(_ name: String) throws -> Kernel { try #require(KernelRegistry.kernel(named: name)) }
    let trial = try [
      measurement(kernel("mad-i2s-scalar"), tokens: 1, seconds: 2),
      measurement(kernel("mad-tq2-scalar"), tokens: 1, seconds: 1),
      measurement(kernel("mad-i2s-scalar"), tokens: 128, seconds: 3),
      measurement(kernel("mad-tq2-scalar"), tokens: 128, seconds: 4),
      measurement(kernel("lut-tl1-scalar"), tokens: 1, seconds: 5),
      // Neither what is wrong nor what computes something else can win.
      measurement(kernel("lut-tl2-scalar"), tokens: 1, seconds: nil),
      measurement(kernel("lut-b1i-scalar"), tokens: 1, seconds: 0.1),
    ]
    let finalists = ScalingRunner.finalists(of: trial)
    #expect(finalists == [1: ["mad-tq2-scalar", "lut-tl1-scalar"], 128: ["mad-i2s-scalar"]])
    let layers = runner.layers(after: trial)
    #expect(layers.shapes.count == 2, "all but the trial's")
    func names(_ tokens: Int) -> Set<String> {
      Set(layers.kernels(under: .init(tokens: tokens, threads: 1, cache: .cold)).map(\.name))
    }
    #expect(names(1) == ["mad-tq2-scalar", "lut-tl1-scalar", "float-fp16-scalar"])
    #expect(names(128) == ["mad-i2s-scalar", "float-fp16-scalar"])
  }
}
