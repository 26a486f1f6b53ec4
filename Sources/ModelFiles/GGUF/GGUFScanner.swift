/// Reads the header of a GGUF file from front to back. Nothing is allocated before the file has been found long
/// enough to hold it.
struct GGUFScanner {
  private let bytes: UnsafeRawBufferPointer
  private let file: String
  /// The next byte, from the beginning of the file.
  private(set) var position = 0

  /// Starts at the first of `bytes`, which must outlive this value; `file` is its name in errors.
  init(bytes: UnsafeRawBufferPointer, file: String) {
    self.bytes = bytes
    self.file = file
  }

  /// Bytes that are left.
  var remaining: Int { bytes.count - position }

  /// A whole number.
  @inline(__always)
  mutating func integer<Value: FixedWidthInteger & BitwiseCopyable>(
    _ what: @autoclosure () -> String
  ) throws(ModelFileError) -> Value {
    let size = MemoryLayout<Value>.size
    guard remaining >= size else { throw cutShort(what(), needed: UInt64(size)) }
    let value = bytes.loadUnaligned(fromByteOffset: position, as: Value.self)
    position += size
    return Value(littleEndian: value)
  }

  /// A text behind its length of 64 bits.
  @inline(__always)
  mutating func string(
    atMost limit: Int = .max, _ what: @autoclosure () -> String
  ) throws(ModelFileError) -> String {
    let start = position
    let length: UInt64 = try integer(what())
    guard length <= UInt64(remaining) else { throw cutShort(what(), needed: length) }
    guard length <= UInt64(limit) else {
      throw failure("has \(length) bytes of \(what()) at byte \(start), at most \(limit) are read")
    }
    let text = UnsafeRawBufferPointer(rebasing: bytes[position..<position + Int(length)])
    guard let string = String(validating: text.assumingMemoryBound(to: UInt8.self), as: UTF8.self) else {
      throw failure("has \(what()) at byte \(start) that is not UTF-8 text")
    }
    position += Int(length)
    return string
  }

  /// A value behind its type; `key` is for errors.
  mutating func value(of key: String) throws(ModelFileError) -> GGUFValue {
    let what = "the value of the key '\(excerpt(key))'"
    switch try valueType(what) {
    case .uint8: return .uint8(try integer(what))
    case .int8: return .int8(try integer(what))
    case .uint16: return .uint16(try integer(what))
    case .int16: return .int16(try integer(what))
    case .uint32: return .uint32(try integer(what))
    case .int32: return .int32(try integer(what))
    case .float32: return .float32(Float(bitPattern: try integer(what)))
    case .bool: return .bool(try bool(what))
    case .string: return .string(try string(what))
    case .array: return .array(try array(what))
    case .uint64: return .uint64(try integer(what))
    case .int64: return .int64(try integer(what))
    case .float64: return .float64(Double(bitPattern: try integer(what)))
    }
  }

  private mutating func valueType(_ what: String) throws(ModelFileError) -> GGUFValueType {
    let start = position
    let number: UInt32 = try integer("the type of " + what)
    guard let type = GGUFValueType(rawValue: number) else {
      throw failure("has \(what) with the unknown type \(number) at byte \(start), types are 0 to 12")
    }
    return type
  }

  private mutating func bool(_ what: String) throws(ModelFileError) -> Bool {
    let start = position
    let byte: UInt8 = try integer(what)
    guard byte <= 1 else {
      throw failure("has \(what) with the byte \(byte) at byte \(start), expected 0 or 1")
    }
    return byte == 1
  }

  private mutating func array(_ what: String) throws(ModelFileError) -> GGUFArray {
    let type = try valueType(what)
    let count: UInt64 = try integer(what)
    switch type {
    case .uint8: return .uint8(try integers(count, what))
    case .int8: return .int8(try integers(count, what))
    case .uint16: return .uint16(try integers(count, what))
    case .int16: return .int16(try integers(count, what))
    case .uint32: return .uint32(try integers(count, what))
    case .int32: return .int32(try integers(count, what))
    case .uint64: return .uint64(try integers(count, what))
    case .int64: return .int64(try integers(count, what))
    case .float32: return .float32(try integers(count, what).map { Float(bitPattern: $0) })
    case .float64: return .float64(try integers(count, what).map { Double(bitPattern: $0) })
    case .bool:
      try expect(count, elementBytes: 1, what)
      var flags: [Bool] = []
      for _ in 0..<count { flags.append(try bool(what)) }
      return .bool(flags)
    case .string:
      try expect(count, elementBytes: 8, what)
      var strings: [String] = []
      strings.reserveCapacity(min(Int(count), 1 << 20))
      for _ in 0..<count { strings.append(try string(what)) }
      return .string(strings)
    case .array: throw failure("has \(what) as a list of lists, which no model needs and this reader refuses")
    }
  }

  private mutating func integers<Value: FixedWidthInteger & BitwiseCopyable>(
    _ count: UInt64, _ what: String
  ) throws(ModelFileError) -> [Value] {
    let size = MemoryLayout<Value>.size
    try expect(count, elementBytes: size, what)
    let (start, count) = (position, Int(count))
    position += count * size
    return [Value](unsafeUninitializedCapacity: count) { values, initialized in
      for index in 0..<count {
        values[index] = Value(
          littleEndian: bytes.loadUnaligned(fromByteOffset: start + index * size, as: Value.self))
      }
      initialized = count
    }
  }

  /// That the rest of the file can hold `count` elements of at least that many bytes.
  func expect(_ count: UInt64, elementBytes: Int, _ what: String) throws(ModelFileError) {
    guard count <= UInt64(remaining / elementBytes) else {
      throw failure(
        "is cut short: \(what) would have \(count) elements of at least \(elementBytes) bytes each, "
          + "but \(remaining) bytes are left at byte \(position)")
    }
  }

  private func cutShort(_ what: String, needed: UInt64) -> ModelFileError {
    failure(
      "is cut short: \(what) needs \(needed) bytes at byte \(position), but the file ends at byte \(bytes.count)"
    )
  }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file, tensor: nil, message: message)
  }
}
