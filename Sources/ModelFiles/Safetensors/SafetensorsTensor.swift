/// The type of a tensor's elements, by its name in the file: `F32`, `BF16`, `I64`.
public struct SafetensorsElementType: Sendable, Hashable, CustomStringConvertible {
  /// 32-bit floating point.
  public static let float32 = Self(description: "F32")
  /// IEEE 16-bit floating point.
  public static let float16 = Self(description: "F16")
  /// The upper half of a 32-bit floating point.
  public static let bfloat16 = Self(description: "BF16")
  /// 8 bits without sign.
  public static let unsigned8 = Self(description: "U8")

  /// The name in the file.
  public let description: String

  /// Bits of one element, `nil` for a type this reader has not heard of.
  public var bits: Int? {
    switch description {
    case "F4": 4
    case "F6_E2M3", "F6_E3M2": 6
    case "BOOL", "U8", "I8", "F8_E5M2", "F8_E4M3", "F8_E8M0", "F8_E5M2FNUZ", "F8_E4M3FNUZ": 8
    case "U16", "I16", "F16", "BF16": 16
    case "U32", "I32", "F32": 32
    case "U64", "I64", "F64", "C64": 64
    default: nil
    }
  }

  /// The same layout among the element types of models, which has those that can be read as floats.
  var stored: TensorElementType? {
    switch self {
    case .float32: .float32
    case .float16: .float16
    case .bfloat16: .bfloat16
    default: nil
    }
  }

  /// Whether matrices of this type can be read as floats.
  public var isReadable: Bool { stored != nil }
}

/// What the header of a file says about one tensor. The header has been checked against the file.
public struct SafetensorsTensor: Sendable, Hashable {
  /// The name, unique in the file.
  public let name: String
  /// The type of the elements.
  public let elementType: SafetensorsElementType
  /// Elements along each dimension, outermost first.
  public let shape: [Int]
  /// Where the elements lie, from the beginning of the file, row-major and little-endian.
  public let byteRange: Range<Int>

  /// Whether this is a matrix of weights that can be read and quantised.
  public var isQuantizableMatrix: Bool {
    elementType.isReadable && shape.count == 2 && !byteRange.isEmpty
  }
}
