/// A chip: everything the simulators need to know of it, all defaults filled in.
///
/// Quantities are plain numbers with the unit in the name. The file form, with units in its values, is read by
/// `Design+YAML.swift`.
public struct Design: Sendable, Hashable {
  /// The name on the command line and in reports.
  public var name: String
  /// One line for readers.
  public var summary: String
  /// Process node and clock.
  public var technology: Technology
  /// The processing elements.
  public var array: ArrayDesign
  /// How weights are stored, in memory and in the weight buffer.
  public var weightFormat: WeightFormat
  /// Whether all weights of the model stay in the weight buffers of the chips, so that none is fetched from DRAM.
  public var keepsWeightsOnChip: Bool
  /// What the array multiplies the weights by.
  public var activationFormat: NumberFormat
  /// Buffer between DRAM and the array for weights.
  public var weightBuffer: BufferDesign
  /// Buffer between DRAM and the array for activations.
  public var activationBuffer: BufferDesign
  /// Buffer for results and partial sums.
  public var outputBuffer: BufferDesign
  /// Memory outside the chip.
  public var dram: DRAMDesign
  /// Where attention, softmax, norms and rescaling run.
  public var vectorUnit: VectorUnitDesign
  /// How many such chips work together.
  public var chips: ChipGroup

  /// Creates a design from all its parts.
  public init(
    name: String, summary: String, technology: Technology, array: ArrayDesign, weightFormat: WeightFormat,
    keepsWeightsOnChip: Bool, activationFormat: NumberFormat, weightBuffer: BufferDesign,
    activationBuffer: BufferDesign, outputBuffer: BufferDesign, dram: DRAMDesign,
    vectorUnit: VectorUnitDesign,
    chips: ChipGroup
  ) {
    self.name = name
    self.summary = summary
    self.technology = technology
    self.array = array
    self.weightFormat = weightFormat
    self.keepsWeightsOnChip = keepsWeightsOnChip
    self.activationFormat = activationFormat
    self.weightBuffer = weightBuffer
    self.activationBuffer = activationBuffer
    self.outputBuffer = outputBuffer
    self.dram = dram
    self.vectorUnit = vectorUnit
    self.chips = chips
  }
}

/// Process node and clock.
public struct Technology: Sendable, Hashable {
  /// 45 and 7 have measured operation energies; nodes between are interpolated.
  public var nodeNanometres: Int
  /// Clock of the array, the buffers and the vector unit.
  public var clockHertz: Double

  /// Creates a technology.
  public init(nodeNanometres: Int, clockHertz: Double) {
    self.nodeNanometres = nodeNanometres
    self.clockHertz = clockHertz
  }
}

/// One of the three buffers between DRAM and the array.
public struct BufferDesign: Sendable, Hashable {
  /// Capacity, both halves together if it is double-buffered.
  public var bytes: Int
  /// What its port to the array moves in a cycle.
  public var bytesPerCycle: Double
  /// Whether one half is filled while the array uses the other.
  public var isDoubleBuffered: Bool

  /// Creates a buffer.
  public init(bytes: Int, bytesPerCycle: Double, isDoubleBuffered: Bool) {
    self.bytes = bytes
    self.bytesPerCycle = bytesPerCycle
    self.isDoubleBuffered = isDoubleBuffered
  }

  /// What one tile may take.
  public var tileBytes: Int { isDoubleBuffered ? bytes / 2 : bytes }
}

/// Memory outside the chip.
public struct DRAMDesign: Sendable, Hashable {
  /// Name of the type in the DRAM table: `lpddr5x`.
  public var type: String
  /// Peak bandwidth of one chip's memory.
  public var bytesPerSecond: Double
  /// Share of the peak that long bursts reach.
  public var efficiency: Double
  /// Seconds until the first byte of a transfer arrives.
  public var latencySeconds: Double
  /// Energy of moving one bit.
  public var picojoulesPerBit: Double

  /// Creates a memory.
  public init(
    type: String, bytesPerSecond: Double, efficiency: Double, latencySeconds: Double, picojoulesPerBit: Double
  ) {
    self.type = type
    self.bytesPerSecond = bytesPerSecond
    self.efficiency = efficiency
    self.latencySeconds = latencySeconds
    self.picojoulesPerBit = picojoulesPerBit
  }
}

/// Where everything runs that is not a product with a weight matrix.
public struct VectorUnitDesign: Sendable, Hashable {
  /// Operations a cycle: one multiply-add, exponential, division or comparison each.
  public var lanes: Int
  /// What it computes in.
  public var format: NumberFormat

  /// Creates a vector unit.
  public init(lanes: Int, format: NumberFormat) {
    self.lanes = lanes
    self.format = format
  }
}

/// Several equal chips that work on one model.
public struct ChipGroup: Sendable, Hashable {
  /// How the model is divided.
  public enum Parallelism: String, CaseIterable, Sendable {
    /// Every matrix is cut, and partial results are combined after each pair of matrices.
    case tensor
    /// Each chip has some of the layers, and hidden states travel from chip to chip.
    case pipeline
  }

  /// How many.
  public var count: Int
  /// How the model is divided among them.
  public var parallelism: Parallelism
  /// Bandwidth of each chip's link to the others, in each direction.
  public var linkBytesPerSecond: Double
  /// Energy of moving one bit between chips.
  public var linkPicojoulesPerBit: Double

  /// Creates a group.
  public init(
    count: Int, parallelism: Parallelism, linkBytesPerSecond: Double, linkPicojoulesPerBit: Double
  ) {
    self.count = count
    self.parallelism = parallelism
    self.linkBytesPerSecond = linkBytesPerSecond
    self.linkPicojoulesPerBit = linkPicojoulesPerBit
  }
}
