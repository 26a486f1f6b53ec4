import Ternary

@testable import Accelerator

/// Designs and hand-made simulations for tests of energy and area.
enum EnergyFixture {
  static func design(
    _ datapath: String, node: Int = 7, dotWidth: Int = 4, accumulatorBits: Int = 32,
    activations: NumberFormat = .integer(bits: 8), weights: WeightFormat = .i2s,
    dataflow: Dataflow = .outputStationary, tables: TableDesign? = nil, rows: Int = 16,
    bufferBytes: Int = 1 << 19
  ) -> Design {
    let buffer = BufferDesign(bytes: bufferBytes, bytesPerCycle: 128, isDoubleBuffered: true)
    return Design(
      name: "fixture", summary: "for tests", technology: Technology(nodeNanometres: node, clockHertz: 1e9),
      array: ArrayDesign(
        rows: rows, columns: 16, dataflow: dataflow, datapath: datapath, dotWidth: dotWidth,
        accumulatorBits: accumulatorBits, tables: tables),
      weightFormat: weights, keepsWeightsOnChip: false, activationFormat: activations, weightBuffer: buffer,
      activationBuffer: buffer, outputBuffer: buffer,
      dram: DRAMDesign(
        type: "test", bytesPerSecond: 1e11, efficiency: 0.9, latencySeconds: 1e-7, picojoulesPerBit: 4),
      vectorUnit: VectorUnitDesign(lanes: 64, format: .float16),
      chips: ChipGroup(count: 1, parallelism: .tensor, linkBytesPerSecond: 1e11, linkPicojoulesPerBit: 1))
  }

  /// One design for each datapath, in its usual formats.
  static func design(for datapath: any Datapath) -> Design {
    switch datapath.name {
    case "fp16-mac": design("fp16-mac", activations: .float16, weights: .fp16)
    case "bf16-mac": design("bf16-mac", activations: .bfloat16, weights: .bf16)
    case "int8-mac": design("int8-mac", weights: .int8)
    case "lut": design("lut", tables: TableDesign(groupSize: 2, sharers: 16))
    default: design(datapath.name)
    }
  }

  /// What happens inside an output-stationary array that a matmul divides evenly.
  static func occasions(_ size: MatmulSize, zeroShare: Double, design: Design) -> OccasionCounts {
    let products = size.multiplyAccumulates
    let array = design.array
    let tables =
      array.tables.map {
        products / Double($0.groupSize) / Double($0.sharers)
      } ?? 0
    return OccasionCounts(
      multiplyAccumulates: products, nonzeroMultiplyAccumulates: products * (1 - zeroShare),
      steps: products / Double(array.dotWidth), tables: tables, weightEntries: products / Double(array.rows))
  }

  static func simulation(
    _ size: MatmulSize, zeroShare: Double = 1.0 / 3, design: Design, traffic: Traffic = Traffic()
  ) -> MatmulSimulation {
    MatmulSimulation(
      size: size, zeroShare: zeroShare,
      tiling: Tiling(
        tokens: size.tokens, inFeatures: size.inFeatures, outFeatures: size.outFeatures,
        order: .mnk),
      cycles: CycleBreakdown(
        total: 0, array: 0, bufferStall: 0, dramStall: 0, dramBusy: 0, binding: .array),
      traffic: traffic, occasions: occasions(size, zeroShare: zeroShare, design: design), utilisation: 1)
  }

  /// Picojoules a product in the array, registers included, buffers and DRAM not.
  static func picojoulesPerProduct(_ design: Design, zeroShare: Double = 1.0 / 3) throws -> Double {
    let size = MatmulSize(tokens: 64, inFeatures: 960, outFeatures: 64)
    let energy = try EnergyModel(Chip(design), tables: .shipped()).energy(
      of: simulation(size, zeroShare: zeroShare, design: design))
    return energy.totalPicojoules / size.multiplyAccumulates
  }
}
