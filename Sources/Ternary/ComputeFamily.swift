/// A way to multiply by weights: both a family of CPU kernels and an accelerator datapath.
public enum ComputeFamily: String, CaseIterable, Sendable {
  /// The truth for all others.
  case reference
  /// Additions and subtractions only.
  case addsub
  /// Tables of partial sums.
  case lut
  /// Bit-planes of activations.
  case bitserial
  /// One-bit or ternary activations.
  case popcount
  /// Integer multiply-add.
  case mad
  /// Redundant segment reduction.
  case rsr
  /// Floating-point baselines.
  case float
  /// Dense 8-bit baseline.
  case int8

  /// The name for readers.
  public var title: String {
    switch self {
    case .reference: "Reference"
    case .addsub: "Add and subtract"
    case .lut: "Lookup table"
    case .bitserial: "Bit-serial"
    case .popcount: "Popcount"
    case .mad: "Multiply-add"
    case .rsr: "Redundant segment reduction"
    case .float: "Floating point"
    case .int8: "Dense int8"
    }
  }

  /// The idea in one line.
  public var idea: String {
    switch self {
    case .reference: "plain loops with int32 sums: the truth all other families are checked against"
    case .addsub: "adds activations where the weight is +1, subtracts them where it is -1, never multiplies"
    case .lut: "sums every pattern of a few activations once, then looks the weights' patterns up"
    case .bitserial: "ANDs bit-planes of activations with weight planes, counts bits, shifts and adds"
    case .popcount: "one-bit or ternary activations: a logic operation and a bit count per 64 weights"
    case .mad: "unpacks weights to small integers and uses the CPU's integer dot product"
    case .rsr: "sorts the rows of a segment by pattern, so that equal patterns are summed once"
    case .float: "floating-point weights and activations: the baseline to beat"
    case .int8: "8-bit weights with the integer dot product: the dense baseline without unpacking"
    }
  }

  /// Whether the family is a baseline with full-width weights, not a ternary method.
  public var isBaseline: Bool { self == .float || self == .int8 }
}
