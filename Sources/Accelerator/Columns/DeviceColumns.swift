/// Columns of roofline estimates; the names of simulations where they mean the same.
public enum DeviceColumns {
  /// One row an estimate.
  public static let all: [ModelledColumn<DeviceEstimate>] = [
    ModelledColumn("model", "id of the model in the catalogue", text: { $0.workload.model.id }),
    ModelledColumn("device", "id of the device", text: { $0.device.id }),
    ModelledColumn("phase", "decode or prefill", text: { "\($0.workload.phase)" }),
    ModelledColumn("tokens", "tokens that each sequence brings", count: { $0.workload.phase.tokens }),
    ModelledColumn("batch", "sequences of a pass", count: { $0.workload.batch }),
    ModelledColumn("context", "tokens of each sequence at the end", count: { $0.workload.context }),
    ModelledColumn("devices", "devices in a pipeline", count: { $0.devices }),
    ModelledColumn("weight_bits", "stored bits of a weight", number: { $0.weightBits }),
    ModelledColumn("latency_modelled_s", "least time of a pass", number: { $0.secondsPerPass }),
    ModelledColumn("interval_modelled_s", "least time between passes", number: { $0.secondsBetweenPasses }),
    ModelledColumn(
      "throughput_modelled_tokens_per_s", "most tokens a second", number: { $0.tokensPerSecond }),
    ModelledColumn(
      "memory_bound_modelled", "share of the time that memory binds, 0 to 1", number: { $0.memoryBoundShare }),
    ModelledColumn(
      "energy_per_token_modelled_j", "at the device's full power",
      number: { estimate in
        estimate.device.watts.map { $0.value * Double(estimate.devices) / estimate.tokensPerSecond }
      }),
    ModelledColumn("memory_bytes", "weights and key-value caches", number: { $0.memory.bytes }),
    ModelledColumn("fits", "whether the devices can hold it") { $0.fits.map(ModelledValue.flag) ?? .missing },
  ]
}
