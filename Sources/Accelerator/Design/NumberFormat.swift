/// How a number is represented in hardware.
public enum NumberFormat: Sendable, Hashable, CustomStringConvertible {
  /// IEEE half precision.
  case float16
  /// The upper half of IEEE single precision.
  case bfloat16
  /// IEEE single precision.
  case float32
  /// Two's complement of so many bits.
  case integer(bits: Int)

  /// Bits of one number.
  public var bits: Int {
    switch self {
    case .float16, .bfloat16: 16
    case .float32: 32
    case .integer(let bits): bits
    }
  }

  /// Whether it is a floating-point format.
  public var isFloat: Bool {
    if case .integer = self { false } else { true }
  }

  /// `fp16`, `bf16`, `fp32`, `int8`.
  public var description: String {
    switch self {
    case .float16: "fp16"
    case .bfloat16: "bf16"
    case .float32: "fp32"
    case .integer(let bits): "int\(bits)"
    }
  }
}
