/// The characters that stand for bytes in byte-level vocabularies, as GPT-2 chose them: printable characters of
/// Latin-1 stand for themselves, the other bytes, in their order, for the characters from U+0100 on.
enum ByteAlphabet {
  /// The bytes in the order of GPT-2's first 256 tokens: those that stand for themselves, then the others.
  static let tokenOrder: [UInt8] = {
    let themselves = Array(33...126) + Array(161...172) + Array(174...255)
    return (themselves + (0...255).filter { !themselves.contains($0) }).map { UInt8($0) }
  }()

  /// The character of each byte.
  static let characters: [Character] = {
    var characters = (0...255).map { Character(Unicode.Scalar(UInt8($0))) }
    for (number, byte) in tokenOrder[188...].enumerated() {
      characters[Int(byte)] = Unicode.Scalar(UInt32(256 + number)).map { Character($0) } ?? " "
    }
    return characters
  }()

  /// Bytes as text in the alphabet.
  static func text(of bytes: some Sequence<UInt8>) -> String { String(bytes.map { characters[Int($0)] }) }
}

/// Reads text in the alphabet. A value rather than a global, so that loading a vocabulary looks nothing up twice.
struct ByteAlphabetReader {
  /// By character, from U+0000 to the last of the alphabet; negative for characters that stand for no byte.
  private let bytes: [Int16]

  init() {
    var bytes = [Int16](repeating: -1, count: 256 + 68)
    for (byte, character) in ByteAlphabet.characters.enumerated() {
      for scalar in character.unicodeScalars { bytes[Int(scalar.value)] = Int16(byte) }
    }
    self.bytes = bytes
  }

  /// Adds the bytes that `text` stands for; adds nothing and returns false if a character is not in the alphabet.
  func append(_ text: some Sequence<UInt8>, to output: inout [UInt8]) -> Bool {
    let count = output.count
    var lead = 0
    for byte in text {
      // The alphabet ends below U+0800: one or two bytes of UTF-8 for each character.
      let value: Int
      if byte < 0x80 {
        value = Int(byte)
      } else if byte >= 0xC0 {
        lead = Int(byte)
        continue
      } else {
        value = (lead - 0xC0) << 6 | Int(byte & 0x3F)
      }
      guard value >= 0, value < bytes.count, bytes[value] >= 0 else {
        output.removeSubrange(count...)
        return false
      }
      output.append(UInt8(bytes[value]))
    }
    return true
  }
}
