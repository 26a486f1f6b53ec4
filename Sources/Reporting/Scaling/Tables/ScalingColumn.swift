import Accelerator
import Bench
import Workloads

/// A row of `scaling.csv`.
enum ScalingRow: Sendable {
  case measured(MeasuredModel)
  case modelled(ModelledModel)
}

/// A documented column of `scaling.csv`.
struct ScalingColumn: Sendable {
  /// Snake case with the unit last; `modelled` is in the name of what was not measured.
  let name: String
  /// One line.
  let description: String
  let value: @Sendable (ScalingRow) -> ColumnValue

  private init(
    _ name: String, _ description: String, value: @escaping @Sendable (ScalingRow) -> ColumnValue
  ) {
    self.name = name
    self.description = description
    self.value = value
  }

  /// Of both kinds of rows.
  private static func both(
    _ name: String, _ description: String, _ measured: @escaping @Sendable (MeasuredModel) -> ColumnValue,
    _ modelled: @escaping @Sendable (ModelledModel) -> ColumnValue
  ) -> ScalingColumn {
    ScalingColumn(name, description) { row in
      switch row {
      case .measured(let model): measured(model)
      case .modelled(let model): modelled(model)
      }
    }
  }

  private static func measured(
    _ name: String, _ description: String, _ value: @escaping @Sendable (MeasuredModel) -> Double?
  ) -> ScalingColumn {
    both(name, description, { number(value($0)) }, { _ in .missing })
  }

  private static func modelled(
    _ name: String, _ description: String, _ value: @escaping @Sendable (ModelledModel) -> Double?
  ) -> ScalingColumn {
    both(name, description, { _ in .missing }, { number(value($0)) })
  }

  private static func number(_ value: Double?) -> ColumnValue {
    value.flatMap { $0.isFinite ? .number($0) : nil } ?? .missing
  }

  private static func integer(_ value: Int) -> ColumnValue { .integer(UInt64(max(value, 0))) }

  /// All columns in order.
  static let all: [ScalingColumn] =
    subject + [.kernel, .family] + weights + measuredTime + modelledTime + memory + modelledEnergy
    + modelledTraffic

  private static let subject: [ScalingColumn] = [
    both("model", "id of the model in the catalogue", { .text($0.model.id) }, { .text($0.model.id) }),
    both(
      "parameters", "weights of linear layers, embedding and LM head, a tied matrix once",
      { integer($0.model.totalParameters) }, { integer($0.model.totalParameters) }),
    both(
      "linear_parameters", "weights of linear layers", { integer($0.model.linearParameters) },
      { integer($0.model.linearParameters) }),
    both(
      "phase", "decode: one token; prefill: a prompt", { .text($0.point.tokens == 1 ? "decode" : "prefill") },
      { .text("\($0.phase)") }),
    both(
      "tokens", "tokens at once (M)", { integer($0.point.tokens) }, { integer($0.entry.workload.tokens) }),
    both(
      "context", "tokens in the key-value cache at the end; empty where attention is not part of the figure",
      { _ in .missing }, { integer($0.entry.workload.context) }),
    both("threads", "worker threads", { integer($0.point.threads) }, { _ in .missing }),
    both(
      "kind", "measured: added up from layers measured on this CPU; modelled: simulated chip",
      { _ in .text("measured") }, { _ in .text("modelled") }),
  ]

  private static let kernel = both(
    "kernel_or_design", "kernel, or design of the chip", { .text($0.point.kernel) }, { .text($0.design) })
  private static let family = both(
    "family", "compute family of the kernel, or datapath of the chip", { .text($0.point.family) },
    { .text($0.entry.design.array.datapath) })

  private static let weights: [ScalingColumn] = [
    both(
      "packing", "how linear weights are stored", { .text($0.point.packing) },
      { .text($0.entry.design.weightFormat.rawValue) }),
    both(
      "bits_per_weight", "stored bits of a linear weight, padding and scales of measured kernels included",
      { number($0.bitsPerWeight) }, { number($0.entry.design.weightFormat.bitsPerWeight) }),
    both(
      "activations", "what weights are multiplied by", { .text($0.point.activations) },
      { .text($0.entry.design.activationFormat.description) }),
    both(
      "exact", "whether the kernel is bit-exact with the reference on its activations; empty for chips",
      { .flag($0.point.exact) }, { _ in .missing }),
  ]

  private static let measuredTime: [ScalingColumn] = [
    measured(
      "linears_latency_s", "linear layers of one pass: sum over layers of count times median, cold weights"
    ) { $0.linears.median },
    measured("linears_latency_low_s", "the same sum of the lower ends of the layers' intervals") {
      $0.linears.low
    },
    measured("linears_latency_high_s", "the same sum of the upper ends") { $0.linears.high },
    measured(
      "speedup_over_fp16",
      "times faster than FP16, linear layers: paired ratios of the layers, weighted by their time"
    ) { $0.speedup?.median },
    measured("speedup_low", "the same of the lower ends of the ratios' intervals") { $0.speedup?.low },
    measured("speedup_high", "the same of the upper ends") { $0.speedup?.high },
    measured(
      "head_latency_modelled_s",
      "LM head for one token: its FP16 bytes at the rate measured for FP16 weights of the largest layer"
    ) { $0.headModelledSeconds },
    measured("linears_energy_j", "linear layers of one pass; empty where the machine measures none") {
      $0.linearJoules
    },
  ]

  private static let modelledTime: [ScalingColumn] = [
    modelled("latency_modelled_s", "one pass: linear layers, attention, norms, LM head") {
      $0.simulation.secondsPerPass
    },
    modelled("speedup_modelled", "times as many tokens a second as FP16 on a chip with the same memory") {
      $0.entry.speedup
    },
  ]

  private static let memory: [ScalingColumn] = [
    both(
      "linear_bytes", "linear layers as stored", { number($0.linearBytes) },
      { number($0.simulation.memory.linearBytes) }),
    both(
      "embedding_bytes", "embedding and LM head, 16 bits a weight",
      { number(ModelBytes($0.model).embedding) }, { number($0.simulation.memory.embeddingBytes) }),
    both(
      "key_values_bytes", "key-value cache, 16 bits, of \(ModelBytes.context) tokens, or of `context`",
      { number(ModelBytes($0.model).keyValues) }, { number($0.simulation.memory.keyValueBytes) }),
    both(
      "memory_bytes", "all of these", { number($0.linearBytes + ModelBytes($0.model).besides) },
      { number($0.simulation.memory.bytes) }),
  ]

  private static let modelledEnergy: [ScalingColumn] =
    [
      modelled("energy_per_token_modelled_j", "energy of a token, DRAM and leakage included") {
        $0.simulation.joulesPerToken
      },
      modelled("energy_saving_modelled", "times less than FP16 on a chip with the same memory") {
        $0.entry.energySaving
      },
    ]
    + EnergyShare.allCases.map { share in
      modelled("energy_\(share.columnName)_per_token_modelled_j", "of that, \(share.description)") {
        share.joulesPerToken($0.simulation)
      }
    } + [
      modelled("power_modelled_w", "mean power, memory included") { $0.simulation.watts },
      modelled("area_modelled_mm2", "area of all chips, DRAM not included") {
        $0.simulation.areaSquareMillimetres
      },
      both(
        "binding_modelled", "resource that the most of the time was spent on", { _ in .missing },
        { .text($0.simulation.binding.rawValue) }),
    ]

  private static let modelledTraffic: [ScalingColumn] =
    [
      modelled("dram_per_token_modelled_bytes", "bytes between DRAM and chips per token") {
        $0.simulation.dramBytesPerToken
      },
      modelled("dram_saving_modelled", "times less than FP16 on a chip with the same memory") {
        $0.trafficSaving
      },
    ]
    + TrafficOperand.allCases.map { operand in
      modelled("dram_\(operand.columnName)_per_token_modelled_bytes", "of that, \(operand.rawValue)") {
        operand.bytesPerToken($0.simulation)
      }
    }
}
