/// Columns of model simulations.
public enum SimulationColumns {
  /// What was simulated.
  static let subject: [ModelledColumn<ModelSimulation>] = [
    ModelledColumn("model", "id of the model in the catalogue", text: { $0.workload.model.id }),
    ModelledColumn("design", "name of the design", text: { $0.design.name }),
    ModelledColumn("phase", "decode or prefill", text: { "\($0.workload.phase)" }),
    ModelledColumn("tokens", "tokens that each sequence brings", count: { $0.workload.phase.tokens }),
    ModelledColumn("batch", "sequences", count: { $0.workload.batch }),
    ModelledColumn("context", "tokens of each sequence at the end", count: { $0.workload.context }),
    ModelledColumn("chips", "chips that share the model", count: { $0.design.chips.count }),
  ]

  /// The design, as far as results need it to be understood.
  static let design: [ModelledColumn<ModelSimulation>] = [
    ModelledColumn(
      "parallelism", "how chips share the model: tensor or pipeline; none for one chip",
      text: { $0.design.chips.count > 1 ? $0.design.chips.parallelism.rawValue : "none" }),
    ModelledColumn("datapath", "what is in a processing element", text: { $0.design.array.datapath }),
    ModelledColumn(
      "dataflow", "which operand stays in the array", text: { $0.design.array.dataflow.rawValue }),
    ModelledColumn("array_rows", "rows of processing elements", count: { $0.design.array.rows }),
    ModelledColumn("array_columns", "columns of processing elements", count: { $0.design.array.columns }),
    ModelledColumn(
      "dot_width", "products that an element sums in a step", count: { $0.design.array.dotWidth }),
    ModelledColumn("node_nm", "process node", count: { $0.design.technology.nodeNanometres }),
    ModelledColumn("clock_hz", "clock", number: { $0.design.technology.clockHertz }),
    ModelledColumn("weight_format", "how weights are stored", text: { $0.design.weightFormat.rawValue }),
    ModelledColumn(
      "weight_bits", "stored bits of a weight", number: { $0.design.weightFormat.bitsPerWeight }),
    ModelledColumn(
      "activation_format", "what weights are multiplied by", text: { $0.design.activationFormat.description }),
    ModelledColumn("zero_share", "share of the weights taken to be zero", number: { $0.zeroShare }),
    ModelledColumn(
      "lm_head_on", "what runs the LM head, whose weights have 16 bits", text: { $0.headRunsOn.rawValue }),
  ]

  /// One row a simulation.
  public static let run: [ModelledColumn<ModelSimulation>] =
    subject + design + time + energy + traffic + [
      ModelledColumn(
        "area_modelled_mm2", "area of all chips", number: { $0.areaSquareMillimetres }),
      ModelledColumn(
        "area_array_modelled_mm2", "area of their arrays alone",
        number: { $0.areaPerChip.arraySquareMillimetres * Double($0.design.chips.count) }),
      ModelledColumn(
        "weights_bytes", "linear layers in their format, LM head and embedding in 16 bits",
        number: { $0.memory.weightBytes }),
      ModelledColumn(
        "key_values_bytes", "key-value caches of all sequences", number: { $0.memory.keyValueBytes }),
      ModelledColumn("memory_bytes", "weights and key-value caches", number: { $0.memory.bytes }),
    ]

  private static let time: [ModelledColumn<ModelSimulation>] = [
    ModelledColumn("latency_modelled_s", "time of a pass", number: { $0.secondsPerPass }),
    ModelledColumn(
      "interval_modelled_s", "time between passes; shorter in a pipeline", number: { $0.secondsBetweenPasses }
    ),
    ModelledColumn("layer_latency_modelled_s", "time of one layer", number: { $0.secondsPerLayer }),
    ModelledColumn(
      "throughput_modelled_tokens_per_s", "tokens a second, all sequences", number: { $0.tokensPerSecond }),
    ModelledColumn(
      "multiply_accumulates", "products of a pass, attention and LM head included",
      number: { $0.multiplyAccumulates }),
    ModelledColumn(
      "throughput_modelled_tops", "10¹² operations a second, two for a product",
      number: { $0.teraoperationsPerSecond }),
    ModelledColumn(
      "peak_modelled_tops", "10¹² operations a second that the arrays could do",
      number: { $0.peakTeraoperationsPerSecond }),
    ModelledColumn(
      "utilisation_modelled", "share of that peak that the arrays reach, 0 to 1", number: { $0.utilisation }),
    ModelledColumn(
      "binding_modelled", "resource that the most of the time was spent on", text: { $0.binding.rawValue }),
  ]

  private static let energy: [ModelledColumn<ModelSimulation>] =
    [
      ModelledColumn(
        "energy_modelled_j", "energy of a pass, DRAM and leakage included", number: { $0.joulesPerPass }),
      ModelledColumn("energy_per_token_modelled_j", "the same per token", number: { $0.joulesPerToken }),
      ModelledColumn("power_modelled_w", "mean power", number: { $0.watts }),
      ModelledColumn(
        "efficiency_modelled_tops_per_w", "10¹² operations a joule, two for a product",
        number: { $0.teraoperationsPerJoule }),
    ] + energyParts { $0.energy }

  private static let traffic: [ModelledColumn<ModelSimulation>] =
    traffic { $0.dram } + [
      ModelledColumn(
        "dram_per_token_modelled_bytes", "bytes between DRAM and chips per token",
        number: { $0.dramBytesPerToken })
    ]

  /// Energy by part, in the order of the breakdown.
  static func energyParts<Row>(
    _ breakdown: @escaping @Sendable (Row) -> EnergyBreakdown
  ) -> [ModelledColumn<Row>] {
    EnergyBreakdown.Part.allCases.map { part in
      ModelledColumn(
        "energy_\(part.rawValue.replacing("-", with: "_"))_modelled_j", "of that, \(part.rawValue)",
        number: { breakdown($0)[part] * 1e-12 })
    }
  }

  /// Traffic in all, by operand, and by whether it could be avoided.
  static func traffic<Row>(_ traffic: @escaping @Sendable (Row) -> DRAMTraffic) -> [ModelledColumn<Row>] {
    let operands: [(name: String, path: KeyPath<DRAMTraffic, DRAMBytes> & Sendable)] = [
      ("weights", \.weights), ("activations", \.activations), ("outputs", \.outputs),
      ("key_values", \.keyValues),
    ]
    return [
      ModelledColumn(
        "dram_modelled_bytes", "bytes between DRAM and chips", number: { traffic($0).total.bytes }),
      ModelledColumn(
        "dram_compulsory_modelled_bytes", "of that, if every byte moved once",
        number: { traffic($0).total.compulsory }),
    ]
      + operands.flatMap { name, path in
        [
          ModelledColumn(
            "dram_\(name)_modelled_bytes", "of \(name.replacing("_", with: " "))",
            number: { traffic($0)[keyPath: path].bytes }),
          ModelledColumn(
            "dram_\(name)_capacity_modelled_bytes", "of that, fetched again or spilled",
            number: { traffic($0)[keyPath: path].capacity }),
        ]
      }
  }
}
