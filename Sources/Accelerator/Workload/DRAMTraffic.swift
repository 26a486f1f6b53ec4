/// Bytes between DRAM and chips, by what they are.
public struct DRAMTraffic: Sendable, Hashable {
  /// Weights, those of the LM head included.
  public var weights = DRAMBytes()
  /// Inputs of matrices, and rows of the embedding.
  public var activations = DRAMBytes()
  /// Outputs of matrices, and partial sums that left the chip.
  public var outputs = DRAMBytes()
  /// The key-value cache, written and read.
  public var keyValues = DRAMBytes()

  /// All of them.
  public var total: DRAMBytes { weights + activations + outputs + keyValues }

  /// The sums of the operands.
  static func + (left: Self, right: Self) -> Self {
    DRAMTraffic(
      weights: left.weights + right.weights, activations: left.activations + right.activations,
      outputs: left.outputs + right.outputs, keyValues: left.keyValues + right.keyValues)
  }

  /// The same traffic `factor` times over.
  static func * (traffic: Self, factor: Double) -> Self {
    DRAMTraffic(
      weights: traffic.weights * factor, activations: traffic.activations * factor,
      outputs: traffic.outputs * factor, keyValues: traffic.keyValues * factor)
  }
}

/// Bytes between DRAM and chips, by whether they could have been avoided.
public struct DRAMBytes: Sendable, Hashable {
  /// If every byte moved once.
  public var compulsory = 0.0
  /// Beyond that: fetched again, or spilled and read back.
  public var capacity = 0.0

  /// Both.
  public var bytes: Double { compulsory + capacity }

  static func + (left: Self, right: Self) -> Self {
    DRAMBytes(compulsory: left.compulsory + right.compulsory, capacity: left.capacity + right.capacity)
  }

  static func * (bytes: Self, factor: Double) -> Self {
    DRAMBytes(compulsory: bytes.compulsory * factor, capacity: bytes.capacity * factor)
  }
}
