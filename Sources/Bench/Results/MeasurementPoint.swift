/// What was measured: one kernel on one matmul under one set of conditions.
public struct MeasurementPoint: Sendable, Hashable {
  /// Where the weights are when a call begins.
  public enum Cache: String, Sendable, Hashable, CaseIterable {
    /// In cache: the same weights call after call.
    case hot
    /// In DRAM: copies in rotation, together several times the last-level cache.
    case cold
  }

  /// Name in the catalogue; `nil` for a shape given by hand.
  public var model: String?
  /// The layers of the model that have this shape, separated by commas: `q,o`. Empty without a model.
  public var layerRoles: String
  /// Kernel name: family-packing-isa, with the activations before the isa if they are not int8.
  public var kernel: String
  /// Compute family, as in Ternary's `ComputeFamily`: `lut`.
  public var family: String
  /// Packing of the weights: `t5`.
  public var packing: String
  /// Values a weight can take: `ternary`, `binary`, `int8` or `float`.
  public var weights: String
  /// Values an activation can take: `int8`, `int4`, `int2`, `ternary`, `sign` or `float`.
  public var activations: String
  /// Whether the kernel is bit-exact with the int32 reference on its activations.
  public var exact: Bool
  /// Instruction set of the kernel: `avx512vnni`.
  public var isa: String
  /// Tokens in the batch (M).
  public var tokens: Int
  /// In-features (K).
  public var inFeatures: Int
  /// Out-features (N).
  public var outFeatures: Int
  /// Worker threads.
  public var threads: Int
  /// Where the weights are when a call begins.
  public var cache: Cache

  /// Creates a point.
  public init(
    model: String? = nil, layerRoles: String = "", kernel: String, family: String, packing: String,
    weights: String, activations: String, exact: Bool, isa: String, tokens: Int, inFeatures: Int,
    outFeatures: Int, threads: Int, cache: Cache
  ) {
    self.model = model
    self.layerRoles = layerRoles
    self.kernel = kernel
    self.family = family
    self.packing = packing
    self.weights = weights
    self.activations = activations
    self.exact = exact
    self.isa = isa
    self.tokens = tokens
    self.inFeatures = inFeatures
    self.outFeatures = outFeatures
    self.threads = threads
    self.cache = cache
  }

  /// Multiply-accumulates of the matmul, zero weights included: M x N x K.
  public var multiplyAccumulates: Double {
    Double(tokens) * Double(inFeatures) * Double(outFeatures)
  }

  /// Names the point within a run, and the same point of another run: kernel, matmul, conditions, layers.
  public var key: String {
    "\(kernel) \(outFeatures)x\(inFeatures) M=\(tokens) threads=\(threads) \(cache.rawValue)"
      + " \(model ?? "-") \(layerRoles)"
  }

  /// How the kernel stands to the question which ternary kernel is fastest.
  public var contest: Contest {
    if weights == "float" || weights == "int8" { return .baseline }
    return exact && weights == "ternary" && activations == "int8" ? .headline : .different
  }

  /// Which kernels may be compared with which.
  public enum Contest: Sendable, Hashable {
    /// Exact ternary weights times int8 activations: all give the same result, so only speed tells them apart.
    case headline
    /// Full-width weights: what the others are held against.
    case baseline
    /// Computes something else: fewer activation bits, binary weights, or a lossy method.
    case different
  }
}
