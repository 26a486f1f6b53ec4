import Bench
import Workloads

@testable import Accelerator
@testable import Reporting

/// A scaling report of round numbers: two models, a third that was not measured on every layer, a wrong kernel, a
/// design that cannot run one of the passes. Nothing of it changes when kernels or simulators do.
enum ScalingFixture {
  static let report = make(runs: [run], entries: entries)
  static let measuredOnly = make(runs: [run], entries: [])
  static let modelledOnly = make(runs: [], entries: entries)

  /// In another order than that of size.
  private static let modelNames = ["2b4t", "700m", "100b"]

  private static func make(runs: [BenchResults], entries: [StudyEntry]) -> ScalingReport {
    ScalingReport(models: models, runs: runs, entries: entries)
  }

  static let models: [LanguageModel] = {
    guard let catalogue = try? ModelCatalogue.builtIn() else { return [] }
    return modelNames.compactMap { try? catalogue.model(named: $0) }
  }()

  // MARK: - Measured

  private struct Kernel {
    var name: String
    var packing: String
    var bits: Double
    /// Times FP16, decode and prefill.
    var speedups: [Double]
    var weights = "ternary"
    var activations = "int8"
    var exact = true
  }

  private static let kernels = [
    Kernel(name: "mad-i2s-avx512vnni", packing: "i2s", bits: 2, speedups: [7, 4]),
    Kernel(name: "mad-t5-avx512vbmi", packing: "t5", bits: 1.6, speedups: [6, 4.5]),
    Kernel(name: "lut-t5-avx512vbmi", packing: "t5", bits: 1.6, speedups: [7.5, 2]),
    Kernel(name: "addsub-planes-avx512", packing: "planes", bits: 2, speedups: [4, 1.5]),
    Kernel(
      name: "popcount-planes-sign-avx2", packing: "planes", bits: 2, speedups: [5, 8], activations: "sign"),
    Kernel(
      name: "float-fp16-avx512", packing: "fp16", bits: 16, speedups: [1, 1], weights: "float",
      activations: "float", exact: false),
  ]

  static let run = BenchResults(
    context: ReportFixture.context,
    measurements: measurements + [wrong],
    warnings: ["the governor is unknown: timings may drift"])

  private static let measurements: [Measurement] = {
    var measurements: [Measurement] = []
    for model in models {
      let shapes = model.matmulShapes(includingHead: false).distinct()
      // Of the largest model only one layer was measured.
      for shape in model.id == "bitnet-100b" ? Array(shapes.prefix(1)) : shapes {
        for (phase, tokens) in [1, 128].enumerated() {
          for kernel in kernels {
            measurements.append(measurement(kernel, shape, model: model, tokens: tokens, phase: phase))
          }
        }
      }
    }
    return measurements
  }()

  private static func measurement(
    _ kernel: Kernel, _ shape: DistinctShape, model: LanguageModel, tokens: Int, phase: Int
  ) -> Measurement {
    let weights = Double(shape.outFeatures * shape.inFeatures)
    let fp16 = phase == 0 ? weights * 2 / 40e9 : weights * Double(tokens) / 100e9
    let latency = fp16 / kernel.speedups[phase]
    let bytes = weights * kernel.bits / 8
    let limit =
      phase == 0
      ? Roofline(kind: .dramRead, ratePerSecond: 44e9, boundSeconds: bytes / 44e9)
      : Roofline(
        kind: kernel.packing == "fp16" ? .fp32FMA : .int8Dot,
        ratePerSecond: kernel.packing == "fp16" ? 150e9 : 700e9,
        boundSeconds: weights * Double(tokens) / (kernel.packing == "fp16" ? 150e9 : 700e9))
    return Measurement(
      point: point(kernel, shape, model: model, tokens: tokens), status: .measured,
      operatorLatency: estimate(latency), stopReason: .precision, packedBytes: Int(bytes),
      bitsPerWeight: kernel.bits, zeroShare: kernel.weights == "ternary" ? 0.31 : nil,
      speedupOverFP16: estimate(kernel.speedups[phase]), baselineKernel: "float-fp16-avx512",
      roofline: limit, rooflineShare: estimate(limit.boundSeconds / latency),
      readBandwidthProbeBytesPerSecond: 44e9)
  }

  private static func point(
    _ kernel: Kernel, _ shape: DistinctShape, model: LanguageModel, tokens: Int
  ) -> MeasurementPoint {
    let parts = kernel.name.split(separator: "-")
    return MeasurementPoint(
      model: model.id, layerRoles: shape.roles.map(\.rawValue).joined(separator: ","), kernel: kernel.name,
      family: String(parts[0]), packing: kernel.packing, weights: kernel.weights,
      activations: kernel.activations, exact: kernel.exact, isa: String(parts[parts.count - 1]),
      tokens: tokens, inFeatures: shape.inFeatures, outFeatures: shape.outFeatures, threads: 2, cache: .cold)
  }

  private static func estimate(_ median: Double) -> Estimate {
    Estimate(median: median, low: median * 0.99, high: median * 1.02, coverage: 0.96, count: 9)
  }

  private static let wrong: Measurement = {
    let broken = Kernel(name: "lut-tl2-avx2", packing: "tl2", bits: 5.0 / 3, speedups: [1, 1])
    let shape = models[0].matmulShapes(includingHead: false).distinct()[0]
    return Measurement(
      point: point(broken, shape, model: models[0], tokens: 1),
      status: .wrong("token 0, row 3: 5 instead of 4"))
  }()

  // MARK: - Modelled

  private static let entries: [StudyEntry] = {
    guard let catalogue = try? DesignCatalogue.shipped() else { return [] }
    let designs = ["fp16-server", "addsub-server", "fp16-edge", "lut-edge"].compactMap {
      try? catalogue.design(named: $0)
    }
    return designs.flatMap { design in
      models.flatMap { model -> [StudyEntry] in
        [Phase.decode, .prefill(tokens: 128)].compactMap { entry(design, designs, model, $0) }
      }
    }
  }()

  private static func entry(
    _ design: Design, _ designs: [Design], _ model: LanguageModel, _ phase: Phase
  ) -> StudyEntry? {
    let context = phase == .decode ? ScalingStudy.decodeContext : nil
    guard let workload = try? InferenceWorkload(model, phase: phase, context: context) else { return nil }
    let baseline = designs.first { $0.array.datapath == "fp16-mac" && $0.dram == design.dram }
    let isTooLarge = design.name == "lut-edge" && model.id == "bitnet-100b"
    return StudyEntry(
      workload: workload, design: design,
      outcome: isTooLarge
        ? .failed("the design has no room for it") : .simulated(simulation(design, workload)),
      baseline: baseline.map { simulation($0, workload) })
  }

  /// Weights, activations and key-value cache pass DRAM once; energy follows from that.
  private static func simulation(_ design: Design, _ workload: InferenceWorkload) -> ModelSimulation {
    let model = workload.model
    let memory = ModelMemory(
      of: workload, weightBits: design.weightFormat.bitsPerWeight, batches: 1)
    let perLayer = memory.linearBytes / Double(model.layers)
    func record(
      _ role: OperationRole, by resource: Resource, share: Double, dram: DRAMTraffic
    ) -> OperationRecord {
      var energy = EnergyBreakdown()
      energy[.dramWeights] = dram.weights.bytes * 32
      energy[.dramKeyValues] = dram.keyValues.bytes * 32
      energy[resource == .vectorUnit ? .vectorUnit : .arithmetic] = perLayer * share
      energy[.weightBuffer] = dram.weights.bytes * 2
      energy[.leakage] = perLayer / 8
      return OperationRecord(
        role: role, scope: .layer, count: model.layers, executedBy: resource, size: nil,
        multiplyAccumulates: 0, cycles: perLayer * share,
        seconds: perLayer * share / design.dram.bytesPerSecond, binding: .dram, dram: dram, linkBytes: 0,
        energy: energy, utilisation: 0.5, matmul: nil)
    }
    let operations = [
      record(
        .matrix(.query), by: .array, share: 0.25,
        dram: DRAMTraffic(weights: DRAMBytes(compulsory: perLayer / 4))),
      record(
        .vector(.scores), by: .vectorUnit, share: 0.125,
        dram: DRAMTraffic(
          keyValues: DRAMBytes(compulsory: memory.keyValueBytes / Double(model.layers)))),
      record(
        .matrix(.down), by: .array, share: 0.75,
        dram: DRAMTraffic(
          weights: DRAMBytes(compulsory: perLayer * 0.75), activations: DRAMBytes(compulsory: 4096),
          outputs: DRAMBytes(compulsory: 2048))),
    ]
    var area = AreaBreakdown()
    area[.arithmetic] = design.array.datapath == "fp16-mac" ? 8 : 3
    let seconds = operations.reduce(0) { $0 + $1.seconds * Double($1.count) }
    return ModelSimulation(
      design: design, workload: workload, zeroShare: 0.31, operations: operations, headRunsOn: .vectorUnit,
      secondsPerPass: seconds, secondsBetweenPasses: seconds,
      energy: operations.reduce(EnergyBreakdown()) { $0 + $1.energy * Double($1.count) }, areaPerChip: area,
      peakMultiplyAccumulatesPerSecond: 1e12, memory: memory)
  }
}
