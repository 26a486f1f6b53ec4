/// What moves between DRAM and the buffers, in elements: counts are exact where bytes of 1.6-bit weights are not.
public struct TileTransfer: Sendable, Hashable {
  /// Weights loaded, or used from the chip's own if it keeps them.
  public var weights: Double
  /// Activations loaded.
  public var activations: Double
  /// Partial sums read back.
  public var partialSumsBack: Double
  /// Partial sums spilled.
  public var partialSumsOut: Double
  /// Finished outputs stored.
  public var outputs: Double

  /// Creates a transfer, of nothing unless said otherwise.
  public init(
    weights: Double = 0, activations: Double = 0, partialSumsBack: Double = 0, partialSumsOut: Double = 0,
    outputs: Double = 0
  ) {
    self.weights = weights
    self.activations = activations
    self.partialSumsBack = partialSumsBack
    self.partialSumsOut = partialSumsOut
    self.outputs = outputs
  }

  /// Both together.
  public static func += (left: inout Self, right: Self) {
    left.weights += right.weights
    left.activations += right.activations
    left.partialSumsBack += right.partialSumsBack
    left.partialSumsOut += right.partialSumsOut
    left.outputs += right.outputs
  }
}

/// Bytes, with fractions, that one element takes.
public struct ElementBytes: Sendable, Hashable {
  /// A weight in its buffer.
  public let weight: Double
  /// A weight in DRAM traffic: none for a chip that keeps its weights.
  public let fetchedWeight: Double
  /// An activation, in DRAM and in its buffer.
  public let activation: Double
  /// A running sum, in the output buffer or spilled.
  public let partialSum: Double
  /// A finished output in DRAM.
  public let output = 2.0

  /// The formats of a design.
  public init(_ design: Design) {
    weight = design.weightFormat.bitsPerWeight / 8
    fetchedWeight = design.keepsWeightsOnChip ? 0 : weight
    activation = Double(design.activationFormat.bits) / 8
    partialSum = Double(design.array.accumulatorBits) / 8
  }

  /// Bytes over the wires of DRAM.
  public func bytes(_ transfer: TileTransfer) -> Double {
    transfer.weights * fetchedWeight + transfer.activations * activation
      + (transfer.partialSumsBack + transfer.partialSumsOut) * partialSum + transfer.outputs * output
  }
}
