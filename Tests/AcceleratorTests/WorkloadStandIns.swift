import Workloads

@testable import Accelerator

/// Every byte moves once and the array or DRAM never waits for the other: figures that can be worked out by hand.
struct RooflineMatmuls: MatmulSimulator {
  func simulate(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SimulationError) -> MatmulSimulation {
    let design = chip.design
    let (m, k, n) = (Double(size.tokens), Double(size.inFeatures), Double(size.outFeatures))
    let weights = design.keepsWeightsOnChip ? 0 : k * n * design.weightFormat.bitsPerWeight / 8
    let traffic = Traffic(
      weights: OperandTraffic(compulsoryBytes: weights),
      activations: OperandTraffic(compulsoryBytes: m * k * Double(design.activationFormat.bits) / 8),
      outputs: OperandTraffic(compulsoryBytes: m * n * 2))
    let array = size.multiplyAccumulates / chip.peakMultiplyAccumulatesPerCycle
    let dram = traffic.dramBytes / chip.dramBytesPerCycle
    return MatmulSimulation(
      size: size, zeroShare: zeroShare,
      tiling: Tiling(
        tokens: size.tokens, inFeatures: size.inFeatures, outFeatures: size.outFeatures,
        order: .mnk),
      cycles: CycleBreakdown(
        total: max(array, dram), array: array, bufferStall: 0, dramStall: max(0, dram - array),
        dramBusy: dram,
        binding: dram > array ? .dram : .array),
      traffic: traffic, occasions: OccasionCounts(multiplyAccumulates: size.multiplyAccumulates),
      utilisation: array / max(array, dram))
  }
}

extension Design {
  /// An FP16 chip, or with a ternary weight format an add/sub one.
  static func small(
    _ format: WeightFormat = .fp16, chips: Int = 1, _ parallelism: ChipGroup.Parallelism = .tensor
  )
    -> Design
  {
    Design(
      name: "small-\(format.rawValue)", summary: "for tests",
      technology: Technology(nodeNanometres: 7, clockHertz: 1e9),
      array: ArrayDesign(
        rows: 64, columns: 32, dataflow: .outputStationary,
        datapath: format.isTernary ? "addsub" : "fp16-mac",
        dotWidth: format.isTernary ? 4 : 1, accumulatorBits: format.isTernary ? 24 : 16),
      weightFormat: format, keepsWeightsOnChip: false,
      activationFormat: format.isTernary ? .integer(bits: 8) : .float16,
      weightBuffer: BufferDesign(bytes: 1 << 19, bytesPerCycle: 256, isDoubleBuffered: true),
      activationBuffer: BufferDesign(bytes: 1 << 18, bytesPerCycle: 128, isDoubleBuffered: true),
      outputBuffer: BufferDesign(bytes: 1 << 17, bytesPerCycle: 128, isDoubleBuffered: true),
      dram: DRAMDesign(
        type: "lpddr5x", bytesPerSecond: 100e9, efficiency: 1, latencySeconds: 0, picojoulesPerBit: 4),
      vectorUnit: VectorUnitDesign(lanes: 64, format: .float16),
      chips: ChipGroup(
        count: chips, parallelism: parallelism, linkBytesPerSecond: 50e9, linkPicojoulesPerBit: 1))
  }

  func simulate(_ workload: InferenceWorkload) throws -> ModelSimulation {
    try ModelSimulator(self, matmuls: RooflineMatmuls(), tables: .shipped()).simulate(workload)
  }
}

extension LanguageModel {
  static func named(_ name: String) throws -> LanguageModel {
    try ModelCatalogue.builtIn().model(named: name)
  }
}

func isClose(_ left: Double, _ right: Double, within tolerance: Double = 1e-9) -> Bool {
  abs(left - right) <= tolerance * max(abs(left), abs(right))
}
