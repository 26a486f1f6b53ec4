import Inference

/// A model run from prompt to tokens with one kernel in its linear layers.
public struct EndToEndMeasurement: Sendable {
  /// What the file calls the model.
  public var model: String
  /// Name of the kernel.
  public var kernel: String
  /// Packing of the weights.
  public var packing: String
  /// Whether its products are bit-exact on int8 activations, so that tokens must be those of all such kernels.
  public var isExact: Bool
  /// Team size.
  public var threads: Int
  /// Whether there are figures.
  public var status: Measurement.Status
  /// What it takes before the first pass, and what it reads.
  public var footprint: ModelFootprint?
  /// Tokens of the prompt.
  public var promptTokens: Int
  /// The prompt, from the first pass to the scores after it.
  public var prefill: PhaseMeasurement?
  /// One token after the prompt.
  public var decode: PhaseMeasurement?
  /// Greedy tokens after the prompt.
  public var tokens: [Int] = []
  /// How many of ``tokens`` are those of the first exact kernel before one differs; `nil` if there was none.
  public var agreeingTokens: Int?

  /// A measurement without figures yet.
  public init(
    model: String, kernel: String, packing: String, isExact: Bool, threads: Int, promptTokens: Int,
    status: Measurement.Status
  ) {
    self.model = model
    self.kernel = kernel
    self.packing = packing
    self.isExact = isExact
    self.threads = threads
    self.promptTokens = promptTokens
    self.status = status
  }
}

/// What a loaded model holds.
public struct ModelFootprint: Sendable, Hashable {
  /// From the opened file to weights that can be multiplied.
  public var loadSeconds: Double
  /// Packed bytes of all linear layers.
  public var linearBytes: Int
  /// Weights of all linear layers: multiply-accumulates of one token.
  public var linearWeights: Int
  /// Bytes of the LM head as it lies in the file.
  public var headBytes: Int
  /// How its elements lie.
  public var headElementName: String
  /// Linear layers that lie in the file as the kernel wants them, and were copied instead of packed.
  public var matricesAsInFile: Int

  /// A footprint with every part given.
  public init(
    loadSeconds: Double, linearBytes: Int, linearWeights: Int, headBytes: Int, headElementName: String,
    matricesAsInFile: Int
  ) {
    self.loadSeconds = loadSeconds
    self.linearBytes = linearBytes
    self.linearWeights = linearWeights
    self.headBytes = headBytes
    self.headElementName = headElementName
    self.matricesAsInFile = matricesAsInFile
  }

  /// Of loaded weights.
  public init(_ weights: ModelWeights, loadSeconds: Double) {
    self.loadSeconds = loadSeconds
    linearBytes = weights.linearBytes
    linearWeights = weights.linearWeights
    headBytes = weights.headBytes
    headElementName = weights.headElementName
    matricesAsInFile = weights.matricesAsInFile
  }
}

/// One phase of a model, against the limit that binds it.
public struct PhaseMeasurement: Sendable {
  /// Seconds of the whole prompt, or of one token.
  public var seconds: Estimate
  /// Which limit it is held against: reading for decode, arithmetic for prefill.
  public var limit: Roofline.Kind
  /// Median of the limit as probed before every sample, in bytes or multiply-accumulates a second; `nil` when the
  /// machine or the kernel has none.
  public var probePerSecond: Double?
  /// What the limit alone would take as a share of each sample: bytes touched over the bandwidth, or the linear
  /// layers' multiply-accumulates over the peak.
  public var shareOfLimit: Estimate?
  /// Bytes that a decoded token reads, at the median; `nil` for prefill.
  public var bytesTouched: Double?
  /// Seconds by part: of the whole prompt, or of one token, averaged over all samples.
  public var parts: [(part: ModelPart, seconds: Double)]
  /// Measured energy of one sample; `nil` where the machine has no meter.
  public var joules: Double?

  /// A phase with every part given.
  public init(
    seconds: Estimate, limit: Roofline.Kind, probePerSecond: Double?, shareOfLimit: Estimate?,
    bytesTouched: Double?, parts: [(part: ModelPart, seconds: Double)], joules: Double?
  ) {
    self.seconds = seconds
    self.limit = limit
    self.probePerSecond = probePerSecond
    self.shareOfLimit = shareOfLimit
    self.bytesTouched = bytesTouched
    self.parts = parts
    self.joules = joules
  }
}
