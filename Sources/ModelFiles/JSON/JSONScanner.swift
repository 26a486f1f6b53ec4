/// Reads JSON piece by piece, as the caller expects it.
///
/// Strict: strings must be UTF-8 without control characters, numbers that count whole and not negative.
struct JSONScanner {
  /// What the JSON is in its file, for errors.
  enum Part {
    /// The header of a safetensors file, behind 8 bytes of length.
    case header
    /// All of it.
    case wholeFile
  }

  private let bytes: UnsafeRawBufferPointer
  private let file: String
  private let part: Part
  private var position = 0

  /// Starts before the first byte of `bytes`, which must outlive this value; `file` is its name in errors.
  init(bytes: UnsafeRawBufferPointer, file: String, part: Part = .wholeFile) {
    self.bytes = bytes
    self.file = file
    self.part = part
  }

  /// The next character that is not space; `nil` at the end.
  mutating func peek() -> Unicode.Scalar? {
    skipSpace()
    return position < bytes.count ? Unicode.Scalar(bytes[position]) : nil
  }

  /// Steps over one character of punctuation.
  mutating func expect(_ character: Unicode.Scalar) throws(ModelFileError) {
    guard accept(character) else { throw unexpected("'\(character)'") }
  }

  /// Steps over one character of punctuation if it is next.
  mutating func accept(_ character: Unicode.Scalar) -> Bool {
    skipSpace()
    guard position < bytes.count, bytes[position] == UInt8(ascii: character) else { return false }
    position += 1
    return true
  }

  /// Nothing but space may follow.
  mutating func expectEnd() throws(ModelFileError) {
    skipSpace()
    guard position == bytes.count else { throw unexpected("the end") }
  }

  /// A list of whole numbers from 0.
  mutating func integers(atMost limit: Int) throws(ModelFileError) -> [Int] {
    var integers: [Int] = []
    try expect("[")
    if accept("]") { return integers }
    repeat {
      guard integers.count < limit else { throw unexpected("a list of at most \(limit) numbers") }
      integers.append(try integer())
    } while accept(",")
    try expect("]")
    return integers
  }

  private mutating func integer() throws(ModelFileError) -> Int {
    skipSpace()
    let start = position
    var value = 0
    while position < bytes.count, let digit = decimalDigit(bytes[position]) {
      let (shifted, overflow) = value.multipliedReportingOverflow(by: 10)
      let (sum, carry) = shifted.addingReportingOverflow(digit)
      guard !overflow, !carry else {
        position = start
        throw unexpected("a whole number of 63 bits")
      }
      value = sum
      position += 1
    }
    // "1.5", "1e3" and "-1" are JSON but not counts; "01" is not even JSON.
    let isWhole = position < bytes.count && !".eE".utf8.contains(bytes[position])
    let hasLeadingZero = position > start + 1 && bytes[start] == UInt8(ascii: "0")
    guard position > start, isWhole, !hasLeadingZero else {
      position = start
      throw unexpected("a whole number from 0")
    }
    return value
  }

  /// Steps over a word such as `null`.
  mutating func expect(word: StaticString) throws(ModelFileError) {
    skipSpace()
    let end = position + word.utf8CodeUnitCount
    let fits = word.withUTF8Buffer { end <= bytes.count && bytes[position..<end].elementsEqual($0) }
    guard fits else { throw unexpected("\(word)") }
    position = end
  }

  /// A number as JSON writes it: `-1.5e-3`.
  mutating func number() throws(ModelFileError) -> JSONValue {
    skipSpace()
    let start = position
    func digits() -> Int { bytes[position...].prefix { decimalDigit($0) != nil }.count }
    func next(isOneOf characters: String) -> Bool {
      position < bytes.count && characters.utf8.contains(bytes[position])
    }
    if next(isOneOf: "-") { position += 1 }
    let whole = digits()
    let hasLeadingZero = whole > 1 && next(isOneOf: "0")
    position += whole
    var isValid = whole > 0 && !hasLeadingZero
    var isWhole = true
    if isValid, next(isOneOf: ".") {
      position += 1
      let fraction = digits()
      position += fraction
      isValid = fraction > 0
      isWhole = false
    }
    if isValid, next(isOneOf: "eE") {
      position += 1
      if next(isOneOf: "+-") { position += 1 }
      let exponent = digits()
      position += exponent
      isValid = exponent > 0
      isWhole = false
    }
    let text = String(decoding: bytes[start..<position], as: UTF8.self)
    if isValid, isWhole, let integer = Int(text) { return .integer(integer) }
    if isValid, text.utf8.count <= 400, let real = Double(text), real.isFinite { return .real(real) }
    position = start
    throw unexpected("a number")
  }

  /// A string, its escapes resolved.
  mutating func string() throws(ModelFileError) -> String {
    skipSpace()
    let start = position
    guard accept("\"") else { throw unexpected("a string") }
    // Most strings have no escapes: those are taken as they are.
    let plain = bytes[position...].prefix { $0 >= 32 && $0 != UInt8(ascii: "\"") && $0 != UInt8(ascii: "\\") }
    var text = Array(plain)
    position += plain.count
    while position < bytes.count {
      let byte = bytes[position]
      position += 1
      switch byte {
      case UInt8(ascii: "\""):
        guard let string = String(validating: text, as: UTF8.self) else {
          position = start
          throw unexpected("UTF-8 text")
        }
        return string
      case UInt8(ascii: "\\"): text += Array(String(try escapedCharacter()).utf8)
      case 0..<32:
        position -= 1
        throw unexpected("text without control characters")
      default: text.append(byte)
      }
    }
    position = start
    throw unexpected("a string that ends")
  }

  /// What follows a backslash.
  private mutating func escapedCharacter() throws(ModelFileError) -> Unicode.Scalar {
    guard position < bytes.count else { throw unexpected("an escaped character") }
    let byte = bytes[position]
    position += 1
    switch byte {
    case UInt8(ascii: "\""), UInt8(ascii: "\\"), UInt8(ascii: "/"): return Unicode.Scalar(byte)
    case UInt8(ascii: "b"): return "\u{8}"
    case UInt8(ascii: "f"): return "\u{C}"
    case UInt8(ascii: "n"): return "\n"
    case UInt8(ascii: "r"): return "\r"
    case UInt8(ascii: "t"): return "\t"
    case UInt8(ascii: "u"):
      let first = try fourHexadecimalDigits()
      if let scalar = Unicode.Scalar(first) { return scalar }
      // A surrogate: only a high one with a low one after it is a character.
      if first < 0xDC00, position + 1 < bytes.count, bytes[position] == UInt8(ascii: "\\"),
        bytes[position + 1] == UInt8(ascii: "u")
      {
        position += 2
        let second = try fourHexadecimalDigits()
        if (0xDC00..<0xE000).contains(second),
          let scalar = Unicode.Scalar(0x10000 + (first - 0xD800) << 10 + (second - 0xDC00))
        {
          return scalar
        }
      }
      throw unexpected("a pair of surrogates")
    default:
      position -= 1
      throw unexpected("an escaped character")
    }
  }

  private mutating func fourHexadecimalDigits() throws(ModelFileError) -> UInt32 {
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard position < bytes.count, let digit = hexadecimalDigit(bytes[position]) else {
        throw unexpected("four hexadecimal digits")
      }
      value = value << 4 | UInt32(digit)
      position += 1
    }
    return value
  }

  private mutating func skipSpace() {
    while position < bytes.count, " \t\n\r".utf8.contains(bytes[position]) { position += 1 }
  }

  /// An error at the current place.
  func unexpected(_ expected: String) -> ModelFileError {
    let found: String
    if position < bytes.count {
      let byte = bytes[position]
      found = (32..<127).contains(byte) ? "'\(Unicode.Scalar(byte))'" : "byte \(byte)"
    } else {
      found = "its end"
    }
    let message =
      switch part {
      case .header:
        "has a broken header: expected \(expected) at byte \(8 + position) of the file, found \(found)"
      case .wholeFile: "is broken JSON: expected \(expected) at byte \(position), found \(found)"
      }
    return ModelFileError(file: file, tensor: nil, message: message)
  }
}

private func decimalDigit(_ byte: UInt8) -> Int? {
  (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) ? Int(byte - UInt8(ascii: "0")) : nil
}

private func hexadecimalDigit(_ byte: UInt8) -> Int? { Character(Unicode.Scalar(byte)).hexDigitValue }
