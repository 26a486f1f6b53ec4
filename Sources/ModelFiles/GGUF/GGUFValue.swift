/// A value of the metadata of a GGUF file.
public enum GGUFValue: Sendable, Equatable {
  /// 8 bits without sign.
  case uint8(UInt8)
  /// 8 bits with sign.
  case int8(Int8)
  /// 16 bits without sign.
  case uint16(UInt16)
  /// 16 bits with sign.
  case int16(Int16)
  /// 32 bits without sign: what most counts are.
  case uint32(UInt32)
  /// 32 bits with sign.
  case int32(Int32)
  /// IEEE binary32.
  case float32(Float)
  /// One byte, 0 or 1.
  case bool(Bool)
  /// UTF-8 text.
  case string(String)
  /// Values of one type.
  case array(GGUFArray)
  /// 64 bits without sign.
  case uint64(UInt64)
  /// 64 bits with sign.
  case int64(Int64)
  /// IEEE binary64.
  case float64(Double)
}

/// A list in the metadata of a GGUF file. Elements lie side by side: vocabularies have hundreds of thousands.
public enum GGUFArray: Sendable, Equatable {
  /// 8 bits without sign.
  case uint8([UInt8])
  /// 8 bits with sign.
  case int8([Int8])
  /// 16 bits without sign.
  case uint16([UInt16])
  /// 16 bits with sign.
  case int16([Int16])
  /// 32 bits without sign.
  case uint32([UInt32])
  /// 32 bits with sign.
  case int32([Int32])
  /// IEEE binary32.
  case float32([Float])
  /// One byte each, 0 or 1.
  case bool([Bool])
  /// UTF-8 texts.
  case string([String])
  /// 64 bits without sign.
  case uint64([UInt64])
  /// 64 bits with sign.
  case int64([Int64])
  /// IEEE binary64.
  case float64([Double])
}

/// The numbers of value types in a file (ggml-org/ggml, docs/gguf.md).
enum GGUFValueType: UInt32 {
  case uint8, int8, uint16, int16, uint32, int32, float32, bool, string, array, uint64, int64, float64

  /// As other tools print it.
  var name: String {
    switch self {
    case .uint8: "u8"
    case .int8: "i8"
    case .uint16: "u16"
    case .int16: "i16"
    case .uint32: "u32"
    case .int32: "i32"
    case .float32: "f32"
    case .bool: "bool"
    case .string: "str"
    case .array: "arr"
    case .uint64: "u64"
    case .int64: "i64"
    case .float64: "f64"
    }
  }
}

extension GGUFArray {
  /// The type of the elements.
  var elementType: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }

  /// Elements, whatever their type.
  public var count: Int { summary.count }

  /// The first elements, for readers.
  fileprivate var beginning: String { summary.beginning }

  private var summary: (count: Int, beginning: String) {
    switch self {
    case .uint8(let values): Self.summary(values)
    case .int8(let values): Self.summary(values)
    case .uint16(let values): Self.summary(values)
    case .int16(let values): Self.summary(values)
    case .uint32(let values): Self.summary(values)
    case .int32(let values): Self.summary(values)
    case .float32(let values): Self.summary(values)
    case .bool(let values): Self.summary(values)
    case .string(let values): Self.summary(values)
    case .uint64(let values): Self.summary(values)
    case .int64(let values): Self.summary(values)
    case .float64(let values): Self.summary(values)
    }
  }

  private static func summary<Element>(_ values: [Element]) -> (count: Int, beginning: String) {
    let shown = values.prefix(4).map { ($0 as? String).map { "\"\(excerpt($0))\"" } ?? "\($0)" }
    return (values.count, "[" + (shown + (values.count > 4 ? ["..."] : [])).joined(separator: ", ") + "]")
  }
}

extension GGUFValue: CustomStringConvertible {
  /// The type as other tools print it: `u32`, `arr[str, 128256]`.
  public var typeName: String {
    if case .array(let array) = self { return "arr[\(array.elementType.name), \(array.count)]" }
    return type.name
  }

  /// The type's number in a file.
  var type: GGUFValueType {
    switch self {
    case .uint8: .uint8
    case .int8: .int8
    case .uint16: .uint16
    case .int16: .int16
    case .uint32: .uint32
    case .int32: .int32
    case .float32: .float32
    case .bool: .bool
    case .string: .string
    case .array: .array
    case .uint64: .uint64
    case .int64: .int64
    case .float64: .float64
    }
  }

  /// The value on one line; texts and lists are cut.
  public var description: String {
    switch self {
    case .uint8(let value): "\(value)"
    case .int8(let value): "\(value)"
    case .uint16(let value): "\(value)"
    case .int16(let value): "\(value)"
    case .uint32(let value): "\(value)"
    case .int32(let value): "\(value)"
    case .float32(let value): "\(value)"
    case .bool(let value): "\(value)"
    case .string(let value): excerpt(value)
    case .array(let array): array.beginning
    case .uint64(let value): "\(value)"
    case .int64(let value): "\(value)"
    case .float64(let value): "\(value)"
    }
  }
}
