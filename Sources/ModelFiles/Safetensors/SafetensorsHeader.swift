/// The header of a safetensors file: 8 bytes of little-endian length, then that many bytes of JSON, then the
/// data of the tensors (github.com/huggingface/safetensors).
///
/// The JSON is read by a parser for exactly this format, not by a general one: it never recurses, never holds
/// more than the tensors it lists, and knows where doubled keys and odd numbers are.
struct SafetensorsHeader {
  /// The longest header read, as in the reference implementation.
  static let maximumBytes = 100_000_000
  /// The most tensors read: real files have some thousands.
  static let maximumTensors = 1_000_000
  /// The most dimensions of one tensor.
  static let maximumRank = 16

  private(set) var tensors: [SafetensorsTensor] = []
  private(set) var metadata: [String: String] = [:]

  private let file: String
  private let dataStart: Int
  private let dataBytes: Int

  /// Reads and checks the header of a whole file; `file` is its name in errors.
  init(of bytes: UnsafeRawBufferPointer, file: String) throws(ModelFileError) {
    func failure(_ message: String) -> ModelFileError {
      ModelFileError(file: file, tensor: nil, message: message)
    }
    guard bytes.count >= 8 else {
      throw failure("is no safetensors file: \(bytes.count) bytes are less than the 8 of a header length")
    }
    let length = UInt64(littleEndian: bytes.loadUnaligned(as: UInt64.self))
    guard length <= UInt64(Self.maximumBytes) else {
      throw failure(
        "is no safetensors file: its header would have \(length) bytes, at most \(Self.maximumBytes) are allowed"
      )
    }
    guard length <= UInt64(bytes.count - 8) else {
      throw failure(
        "is cut short: a header of \(length) bytes does not fit the \(bytes.count) bytes of the file")
    }
    self.file = file
    dataStart = 8 + Int(length)
    dataBytes = bytes.count - dataStart
    var json = JSONScanner(
      bytes: UnsafeRawBufferPointer(rebasing: bytes[8..<dataStart]), file: file, part: .header)
    try readTensors(from: &json)
    try json.expectEnd()
    try checkOverlaps()
  }

  private mutating func readTensors(from json: inout JSONScanner) throws(ModelFileError) {
    var names = Set<String>()
    try json.expect("{")
    if json.accept("}") { return }
    repeat {
      let name = try json.string()
      guard names.insert(name).inserted else {
        throw ModelFileError(file: file, tensor: name, message: "is listed twice")
      }
      try json.expect(":")
      if name == "__metadata__" {
        metadata = try readMetadata(from: &json)
      } else {
        guard tensors.count < Self.maximumTensors else {
          throw ModelFileError(
            file: file, tensor: nil,
            message: "lists more than \(Self.maximumTensors) tensors, the most that are read")
        }
        tensors.append(try readTensor(named: name, from: &json))
      }
    } while json.accept(",")
    try json.expect("}")
  }

  private func readMetadata(from json: inout JSONScanner) throws(ModelFileError) -> [String: String] {
    var metadata: [String: String] = [:]
    try json.expect("{")
    if json.accept("}") { return metadata }
    repeat {
      let key = try json.string()
      try json.expect(":")
      metadata[key] = try json.string()
    } while json.accept(",")
    try json.expect("}")
    return metadata
  }

  private func readTensor(
    named name: String, from json: inout JSONScanner
  ) throws(ModelFileError) -> SafetensorsTensor {
    func failure(_ message: String) -> ModelFileError {
      ModelFileError(file: file, tensor: name, message: message)
    }
    var type: SafetensorsElementType?
    var shape: [Int]?
    var offsets: [Int]?
    try json.expect("{")
    repeat {
      let key = try json.string()
      try json.expect(":")
      switch key {
      case "dtype" where type == nil: type = SafetensorsElementType(description: try json.string())
      case "shape" where shape == nil: shape = try json.integers(atMost: Self.maximumRank)
      case "data_offsets" where offsets == nil: offsets = try json.integers(atMost: 2)
      default:
        throw failure("has the key '\(excerpt(key))', expected dtype, shape and data_offsets once each")
      }
    } while json.accept(",")
    try json.expect("}")
    guard let type, let shape, let offsets else {
      let missing = type == nil ? "dtype" : shape == nil ? "shape" : "data_offsets"
      throw failure("has no \(missing)")
    }
    guard offsets.count == 2 else {
      throw failure("has \(offsets.count) data_offsets, expected a begin and an end")
    }
    let (begin, end) = (offsets[0], offsets[1])
    guard begin <= end else { throw failure("ends at byte \(end) of the data, before it begins at \(begin)") }
    guard end <= dataBytes else {
      throw failure("ends at byte \(end) of the data, but the file has only \(dataBytes)")
    }
    if let bits = type.bits {
      guard let expected = Self.byteCount(shape: shape, bits: bits) else {
        throw failure("has a shape of more elements than can be counted")
      }
      guard expected == end - begin else {
        throw failure("has \(end - begin) bytes, but \(expected) follow from shape \(shape) of \(type)")
      }
    }
    return SafetensorsTensor(
      name: name, elementType: type, shape: shape, byteRange: dataStart + begin..<dataStart + end)
  }

  /// Bytes of a dense tensor, elements of less than a byte packed; `nil` if that is no number of 64 bits.
  static func byteCount(shape: [Int], bits: Int) -> Int? {
    var total = bits
    for dimension in shape {
      let (product, overflow) = total.multipliedReportingOverflow(by: dimension)
      if overflow { return nil }
      total = product
    }
    return total / 8 + (total % 8 == 0 ? 0 : 1)
  }

  private func checkOverlaps() throws(ModelFileError) {
    let ordered = tensors.filter { !$0.byteRange.isEmpty }
      .sorted { $0.byteRange.lowerBound < $1.byteRange.lowerBound }
    for (tensor, next) in zip(ordered, ordered.dropFirst())
    where next.byteRange.lowerBound < tensor.byteRange.upperBound {
      throw ModelFileError(
        file: file, tensor: next.name, message: "overlaps the data of tensor '\(excerpt(tensor.name))'")
    }
  }
}
