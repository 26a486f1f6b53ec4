/// The columns of a measurement: the one table that CSV, JSON and the documentation are made from.
///
/// A new figure is one line here. Renaming or removing a column, or changing what it means, asks for a new
/// ``BenchResults/currentSchema``; adding one does not.
public enum MeasurementColumns {
  /// All columns in order, those of the counters named last.
  ///
  /// - Parameter counterEvents: Hardware events, one column each.
  public static func all(counterEvents: [String] = []) -> [Column<Measurement>] {
    point + outcome + latency + comparison + weights + operations + modelled + [multiplexed]
      + counterEvents.map(counter)
  }

  /// What was measured.
  static let point: [Column<Measurement>] = [
    Column("model", \.point.model, "model of the catalogue that has this shape"),
    Column("layer_roles", \.point.layerRoles, "its layers with this shape, separated by commas"),
    Column("kernel", \.point.kernel, "kernel name: family-packing-isa"),
    Column("family", \.point.family, "compute family"),
    Column("packing", \.point.packing, "how the weights lie in memory"),
    Column("weights", \.point.weights, "values of a weight: ternary, binary, int8 or float"),
    Column(
      "activations", \.point.activations,
      "values of an activation: int8, int4, int2, ternary, sign or float"),
    Column("exact", \.point.exact, "whether the kernel is bit-exact with the reference"),
    Column("isa", \.point.isa, "instruction set of the kernel"),
    Column("tokens", \.point.tokens, "tokens in the batch (M)"),
    Column("in_features", \.point.inFeatures, "in-features (K)"),
    Column("out_features", \.point.outFeatures, "out-features (N)"),
    Column("threads", \.point.threads, "worker threads"),
    Column("cache", \.point.cache, "where the weights are when a call begins: hot (cache) or cold (DRAM)"),
  ]

  static let outcome: [Column<Measurement>] = [
    Column("status", "measured, wrong (differs from the reference, not timed) or skipped") {
      .text($0.status.name)
    } assign: { row, value in
      guard let name = String(columnValue: value),
        let status = Measurement.Status(name: name, message: row.status.message)
      else { return false }
      row.status = status
      return true
    },
    Column("status_message", "why it is wrong or was skipped") {
      $0.status.message.columnValue
    } assign: { row, value in
      guard let message = String?(columnValue: value) else { return false }
      row.status = Measurement.Status(name: row.status.name, message: message) ?? row.status
      return true
    },
    Column(
      "stop_reason", \.stopReason, "why sampling ended: precision, time-cap, maximum-samples, interrupted"),
    Column(
      "preempted_count", \.preemptedCount,
      "latency samples during which other work took a tenth of the CPU time or more, kept"),
    Column("outlier_count", \.outlierCount, "latency samples beyond 3.5 modified z-scores, kept"),
  ]

  /// Time, and the rates that follow from it.
  static let latency: [Column<Measurement>] =
    estimate(
      \.operatorLatency, "latency", unit: "_s",
      of: "seconds of the whole operator: quantise activations, prepare, multiply, rescale")
    + estimate(\.multiplyLatency, "multiply_latency", unit: "_s", of: "seconds of the multiply alone")
    + [
      Column("weight_bandwidth_gb_per_s", "packed weight bytes per second of operator latency, in 1e9") {
        $0.weightBandwidthBytesPerSecond.map { $0 / 1e9 }.columnValue
      },
      Column("gmac_per_s", "multiply-accumulates (M N K) per second of operator latency, in 1e9") {
        $0.multiplyAccumulatesPerSecond.map { $0 / 1e9 }.columnValue
      },
      Column("energy_j", \.energyJoules, "measured joules of one operator call"),
    ]

  /// Against FP16 and against the machine.
  static let comparison: [Column<Measurement>] =
    estimate(
      \.speedupOverFP16, "speedup", medianName: "speedup_over_fp16",
      of: "times faster than the FP16 baseline in the same rounds, whole operator")
    + [Column("baseline_kernel", \.baselineKernel, "kernel the speed-up is relative to")]
    + [
      Column(
        "roofline_kind", \.roofline, \.kind,
        blank: Roofline(kind: .dramRead, ratePerSecond: 0, boundSeconds: 0),
        "limit of the machine that binds this matmul"),
      Column(
        "roofline_level", \.roofline, \.level, "instruction set level of that limit, that of the kernel"),
      rooflineRate("roofline_limit_bytes_per_s", reads: true, "that limit if it is a read bandwidth"),
      rooflineRate(
        "roofline_limit_mac_per_s", reads: false, "that limit if it is a peak of multiply-accumulates"),
      Column("roofline_bound_s", \.roofline, \.boundSeconds, "least seconds that limit allows"),
    ]
    + estimate(
      \.rooflineShare, "roofline_share", of: "share of that limit reached by the whole operator, 1 being all")
    + [
      Column("roofline_percent", "roofline_share_median in percent") {
        ($0.rooflineShare?.median).map { $0 * 100 }.columnValue
      },
      Column(
        "read_bandwidth_probe_bytes_per_s", \.readBandwidthProbeBytesPerSecond,
        "read bandwidth of the machine, probed between the rounds of this point"),
    ]

  static let weights: [Column<Measurement>] = [
    Column("packed_bytes", \.packedBytes, "bytes of the packed weights, padding and scales included"),
    Column("bits_per_weight", \.bitsPerWeight, "bits stored per weight: 8 packed_bytes / (N K)"),
    Column("zero_share", \.zeroShare, "share of the weights that are zero"),
  ]

  static let operations: [Column<Measurement>] = [
    operation("adds", \.adds, blank: OperationCounts(), "additions and subtractions of values"),
    operation("multiplies", \.multiplies, "multiplications of values"),
    operation("table_reads", \.tableReads, "table look-ups"),
    operation("table_writes", \.tableWrites, "table entries computed"),
    operation("popcounts", \.popcounts, "population counts of a word"),
    operation("logic_operations", \.logicOperations, "logic operations and shifts of a word"),
  ]

  /// The chip beside the kernel.
  static let modelled: [Column<Measurement>] = [
    Column(
      "modelled_design", \.modelled, \.design,
      blank: ModelledMatmul(
        design: "", weightFormat: "", cycles: 0, seconds: 0, dramBytes: 0, energyJoules: 0),
      "chip design with the datapath of this family, from --design"),
    Column(
      "modelled_weight_format", \.modelled, \.weightFormat, "how weights travel to that chip's array"),
    Column("cycles_modelled", \.modelled, \.cycles, "modelled cycles of that chip, DRAM included"),
    Column("latency_modelled_s", \.modelled, \.seconds, "the same in seconds"),
    Column("dram_modelled_bytes", \.modelled, \.dramBytes, "modelled bytes between DRAM and that chip"),
    Column("energy_modelled_j", \.modelled, \.energyJoules, "modelled energy, DRAM and leakage included"),
  ]

  static let multiplexed: Column<Measurement> = Column(
    "counters_multiplexed", \.countersMultiplexed,
    "whether the hardware counters took turns and were scaled up")

  /// The five columns of an estimate.
  private static func estimate(
    _ part: WritableKeyPath<Measurement, Estimate?> & Sendable, _ prefix: String, medianName: String? = nil,
    unit: String = "", of what: String
  ) -> [Column<Measurement>] {
    [
      Column(
        medianName ?? "\(prefix)_median\(unit)", part, \.median,
        blank: Estimate(median: 0, low: 0, high: 0, coverage: 0, count: 0), "median \(what)"),
      Column("\(prefix)_low\(unit)", part, \.low, "lower end of the interval of that median"),
      Column("\(prefix)_high\(unit)", part, \.high, "upper end of the interval of that median"),
      Column("\(prefix)_coverage", part, \.coverage, "probability that the interval holds the true median"),
      Column("\(prefix)_samples", part, \.count, "samples behind it"),
    ]
  }

  private static func operation(
    _ name: String, _ path: WritableKeyPath<OperationCounts, UInt64> & Sendable,
    blank: OperationCounts? = nil, _ what: String
  ) -> Column<Measurement> {
    Column(name, \.operations, path, blank: blank, "\(what) in one call, by the kernel's formula")
  }

  private static func counter(_ event: String) -> Column<Measurement> {
    Column(counterPrefix + event, "hardware event \(event) per operator call") {
      $0.counters[event].columnValue
    } assign: { row, value in
      guard let count = Double?(columnValue: value) else { return false }
      row.counters[event] = count
      return true
    }
  }

  /// What the names of counter columns begin with; the event's own name follows.
  static let counterPrefix = "counter_"

  /// The rate of the limit in the column of its unit; missing in the other.
  private static func rooflineRate(
    _ name: String, reads: Bool, _ description: String
  ) -> Column<Measurement> {
    Column(name, description) { row in
      guard let roofline = row.roofline, roofline.kind.isRead == reads else { return .missing }
      return roofline.ratePerSecond.columnValue
    } assign: { row, value in
      guard let roofline = row.roofline, roofline.kind.isRead == reads else { return value == .missing }
      guard let rate = Double(columnValue: value) else { return false }
      row.roofline?.ratePerSecond = rate
      return true
    }
  }
}

extension Measurement.Status {
  /// The word in the `status` column.
  public var name: String {
    switch self {
    case .measured: "measured"
    case .wrong: "wrong"
    case .skipped: "skipped"
    }
  }

  /// Why it is wrong or was skipped.
  public var message: String? {
    switch self {
    case .measured: nil
    case .wrong(let message), .skipped(let message): message
    }
  }

  /// Whether the result differed from the reference.
  public var isWrong: Bool {
    if case .wrong = self { true } else { false }
  }

  /// Whether the point was not run.
  public var isSkipped: Bool {
    if case .skipped = self { true } else { false }
  }

  init?(name: String, message: String?) {
    switch name {
    case "measured": self = .measured
    case "wrong": self = .wrong(message ?? "")
    case "skipped": self = .skipped(message ?? "")
    default: return nil
    }
  }
}
