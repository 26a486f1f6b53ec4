/// What multiplying by one weight matrix takes on one chip. Bytes and counts are of the whole matmul.
public struct MatmulSimulation: Sendable, Hashable {
  /// The matmul.
  public var size: MatmulSize
  /// Share of the weights that are zero.
  public var zeroShare: Double
  /// How it was cut.
  public var tiling: Tiling
  /// Where the time went.
  public var cycles: CycleBreakdown
  /// Bytes over each wire, by operand.
  public var traffic: Traffic
  /// What happened in the array.
  public var occasions: OccasionCounts
  /// Multiply-accumulates over what the array could have done in that time, from 0 to 1.
  public var utilisation: Double

  /// Creates a result.
  public init(
    size: MatmulSize, zeroShare: Double, tiling: Tiling, cycles: CycleBreakdown, traffic: Traffic,
    occasions: OccasionCounts, utilisation: Double
  ) {
    self.size = size
    self.zeroShare = zeroShare
    self.tiling = tiling
    self.cycles = cycles
    self.traffic = traffic
    self.occasions = occasions
    self.utilisation = utilisation
  }
}

/// What can make a chip wait.
public enum Resource: String, CaseIterable, Sendable {
  /// The elements of the array.
  case array
  /// The port of the weight buffer.
  case weightBuffer = "weight-buffer"
  /// The port of the activation buffer.
  case activationBuffer = "activation-buffer"
  /// The port of the output buffer.
  case outputBuffer = "output-buffer"
  /// Memory outside the chip.
  case dram
  /// The vector unit.
  case vectorUnit = "vector-unit"
  /// The link between chips.
  case link
}

/// Cycles of a matmul, by what they were spent on.
public struct CycleBreakdown: Sendable, Hashable {
  /// From the first request to DRAM until the last byte is back there.
  public var total: Double
  /// What an array that never waits takes: folds times cycles a fold.
  public var array: Double
  /// Cycles that the array waited for a buffer's port.
  public var bufferStall: Double
  /// Cycles that it waited for DRAM, first load and last store included.
  public var dramStall: Double
  /// Cycles that DRAM was moving bytes.
  public var dramBusy: Double
  /// The resource that the most of the time was spent on.
  public var binding: Resource

  /// Creates a breakdown.
  public init(
    total: Double, array: Double, bufferStall: Double, dramStall: Double, dramBusy: Double, binding: Resource
  ) {
    self.total = total
    self.array = array
    self.bufferStall = bufferStall
    self.dramStall = dramStall
    self.dramBusy = dramBusy
    self.binding = binding
  }
}

/// Bytes that one operand moved.
public struct OperandTraffic: Sendable, Hashable {
  /// Between DRAM and the chip, if every byte moved once: what no tiling can avoid.
  public var compulsoryBytes: Double
  /// Between DRAM and the chip beyond that: fetched again, or partial sums spilled and read back.
  public var capacityBytes: Double
  /// Out of the buffer, to the array or to DRAM.
  public var bufferReadBytes: Double
  /// Into the buffer, from DRAM or from the array.
  public var bufferWriteBytes: Double

  /// Creates traffic.
  public init(
    compulsoryBytes: Double = 0, capacityBytes: Double = 0, bufferReadBytes: Double = 0,
    bufferWriteBytes: Double = 0
  ) {
    self.compulsoryBytes = compulsoryBytes
    self.capacityBytes = capacityBytes
    self.bufferReadBytes = bufferReadBytes
    self.bufferWriteBytes = bufferWriteBytes
  }

  /// Bytes between DRAM and the chip.
  public var dramBytes: Double { compulsoryBytes + capacityBytes }
}

/// Bytes over each wire, by operand.
public struct Traffic: Sendable, Hashable {
  /// W.
  public var weights: OperandTraffic
  /// X.
  public var activations: OperandTraffic
  /// Y and its partial sums.
  public var outputs: OperandTraffic

  /// Creates traffic.
  public init(
    weights: OperandTraffic = OperandTraffic(), activations: OperandTraffic = OperandTraffic(),
    outputs: OperandTraffic = OperandTraffic()
  ) {
    self.weights = weights
    self.activations = activations
    self.outputs = outputs
  }

  /// The traffic of one operand.
  public subscript(operand: Operand) -> OperandTraffic {
    switch operand {
    case .weights: weights
    case .activations: activations
    case .outputs: outputs
    }
  }

  /// Bytes between DRAM and the chip, all operands.
  public var dramBytes: Double { weights.dramBytes + activations.dramBytes + outputs.dramBytes }
}
