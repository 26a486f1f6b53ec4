/// A whole model's linear layers, every layer with memory of its own, streamed through once per token.
public struct WholeModelMeasurement: Sendable, Hashable {
  /// Id of the model in the catalogue.
  public var model: String
  /// Name of the kernel.
  public var kernel: String
  /// Packing of the weights.
  public var packing: String
  /// Team size.
  public var threads: Int
  /// Transformer layers.
  public var layers: Int
  /// Weight matrices of all layers.
  public var matrices: Int
  /// Bytes of all packed matrices, which every token reads.
  public var packedBytes: Int
  /// Bits per weight as stored, padding included.
  public var bitsPerWeight: Double
  /// Whether there are figures.
  public var status: Measurement.Status
  /// Seconds of all linear layers for one token; the first token is not among the samples.
  public var secondsPerToken: Estimate?
  /// Median read bandwidth in bytes per second, probed before every token.
  public var readBandwidthProbeBytesPerSecond: Double?
  /// Share of the read bandwidth probed before the same token, 1 being all of it.
  public var shareOfReadBandwidth: Estimate?
  /// The same added up from single layers, and what is not in the linear layers.
  public var layerSum: PassTime?

  /// A measurement with every part given.
  public init(
    model: String, kernel: String, packing: String, threads: Int, layers: Int, matrices: Int,
    packedBytes: Int, bitsPerWeight: Double, status: Measurement.Status, secondsPerToken: Estimate? = nil,
    readBandwidthProbeBytesPerSecond: Double? = nil, shareOfReadBandwidth: Estimate? = nil,
    layerSum: PassTime? = nil
  ) {
    self.model = model
    self.kernel = kernel
    self.packing = packing
    self.threads = threads
    self.layers = layers
    self.matrices = matrices
    self.packedBytes = packedBytes
    self.bitsPerWeight = bitsPerWeight
    self.status = status
    self.secondsPerToken = secondsPerToken
    self.readBandwidthProbeBytesPerSecond = readBandwidthProbeBytesPerSecond
    self.shareOfReadBandwidth = shareOfReadBandwidth
    self.layerSum = layerSum
  }

  /// Packed bytes a second.
  public var weightBandwidthBytesPerSecond: Double? {
    secondsPerToken.map { Double(packedBytes) / $0.median }
  }

  /// How far the sum of single layers is from the whole: 0.02 is two percent more time.
  public var differenceOfLayerSum: Double? {
    guard let whole = secondsPerToken, let sum = layerSum?.linears else { return nil }
    return sum.median / whole.median - 1
  }
}
