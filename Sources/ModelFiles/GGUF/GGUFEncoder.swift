/// The bytes of a header, little-endian.
struct GGUFEncoder {
  private(set) var bytes: [UInt8] = []

  /// A whole number of any width.
  mutating func append<Value: FixedWidthInteger>(_ value: Value) {
    withUnsafeBytes(of: value.littleEndian) { bytes.append(contentsOf: $0) }
  }

  /// A text behind its length.
  mutating func append(_ text: String) {
    append(UInt64(text.utf8.count))
    bytes.append(contentsOf: text.utf8)
  }

  /// A value behind its type.
  mutating func append(_ value: GGUFValue) {
    append(value.type.rawValue)
    switch value {
    case .uint8(let number): append(number)
    case .int8(let number): append(number)
    case .uint16(let number): append(number)
    case .int16(let number): append(number)
    case .uint32(let number): append(number)
    case .int32(let number): append(number)
    case .float32(let number): append(number.bitPattern)
    case .bool(let flag): append(UInt8(flag ? 1 : 0))
    case .string(let text): append(text)
    case .array(let array): append(array)
    case .uint64(let number): append(number)
    case .int64(let number): append(number)
    case .float64(let number): append(number.bitPattern)
    }
  }

  private mutating func append(_ array: GGUFArray) {
    append(array.elementType.rawValue)
    append(UInt64(array.count))
    switch array {
    case .uint8(let numbers): bytes += numbers
    case .int8(let numbers): numbers.forEach { append($0) }
    case .uint16(let numbers): numbers.forEach { append($0) }
    case .int16(let numbers): numbers.forEach { append($0) }
    case .uint32(let numbers): numbers.forEach { append($0) }
    case .int32(let numbers): numbers.forEach { append($0) }
    case .float32(let numbers): numbers.forEach { append($0.bitPattern) }
    case .bool(let flags): flags.forEach { append(UInt8($0 ? 1 : 0)) }
    case .string(let texts): texts.forEach { append($0) }
    case .uint64(let numbers): numbers.forEach { append($0) }
    case .int64(let numbers): numbers.forEach { append($0) }
    case .float64(let numbers): numbers.forEach { append($0.bitPattern) }
    }
  }
}
