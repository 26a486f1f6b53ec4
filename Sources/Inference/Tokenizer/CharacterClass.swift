/// What the pre-tokenizers tell apart.
enum CharacterClass {
  /// `\p{L}`.
  case letter
  /// `\p{N}`.
  case number
  /// `[\r\n]`, which are white space too.
  case newline
  /// `\s` without newlines: Unicode's White_Space.
  case space
  /// `[^\s\p{L}\p{N}]`: marks, punctuation, symbols, unassigned code points.
  case other

  var isWhiteSpace: Bool { self == .newline || self == .space }

  @inline(__always) init(ascii byte: UInt8) {
    switch byte {
    case 0x41...0x5A, 0x61...0x7A: self = .letter
    case 0x30...0x39: self = .number
    case 0x0A, 0x0D: self = .newline
    case 0x09, 0x0B, 0x0C, 0x20: self = .space
    default: self = .other
    }
  }

  /// By the Unicode tables of Swift's standard library. They may be newer than those of another tokenizer: letters and
  /// digits that one of them does not know yet are `other` there.
  init(_ scalar: Unicode.Scalar) {
    let properties = scalar.properties
    switch properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter: self = .letter
    case .decimalNumber, .letterNumber, .otherNumber: self = .number
    default: self = properties.isWhitespace ? .space : .other
    }
  }
}

/// A stretch of UTF-8 text, read character by character with their classes.
struct ClassifiedText {
  /// Valid UTF-8 from the beginning to ``end``.
  let bytes: [UInt8]
  /// Where the stretch ends.
  let end: Int

  /// The class of the character that begins at `offset`, and its length in bytes; `nil` at the end.
  @inline(__always) func character(at offset: Int) -> (kind: CharacterClass, length: Int)? {
    guard offset < end else { return nil }
    let lead = bytes[offset]
    if lead < 0x80 { return (CharacterClass(ascii: lead), 1) }
    return beyondASCII(at: offset)
  }

  /// Where the run of characters of one class ends that begins at `offset`.
  @inline(__always) func endOfRun(of kind: CharacterClass, from offset: Int) -> Int {
    var offset = offset
    while let next = character(at: offset), next.kind == kind { offset += next.length }
    return offset
  }

  private func beyondASCII(at offset: Int) -> (kind: CharacterClass, length: Int) {
    let length = Self.length(lead: bytes[offset])
    guard offset + length <= end else { return (.other, end - offset) }
    var value = UInt32(bytes[offset] & (0x7F >> UInt8(length)))
    for following in bytes[(offset + 1)..<(offset + length)] { value = value << 6 | UInt32(following & 0x3F) }
    return (Unicode.Scalar(value).map { CharacterClass($0) } ?? .other, length)
  }

  /// How many bytes a character has, by its first byte.
  @inline(__always) static func length(lead: UInt8) -> Int {
    lead < 0xC0 ? 1 : lead < 0xE0 ? 2 : lead < 0xF0 ? 3 : 4
  }
}
