/// Turns tokens into text one by one, as they are generated. A character whose bytes are spread over several tokens
/// appears with the last of them.
public struct TokenStream: Sendable {
  private let tokenizer: Tokenizer
  private var pending: [UInt8] = []
  private var isAtBeginning = true

  /// A stream at the beginning of a text.
  public init(_ tokenizer: Tokenizer) { self.tokenizer = tokenizer }

  /// The text that the token completes, often none. All of them and ``finish()`` joined are what
  /// ``Tokenizer/decode(_:)`` gives.
  public mutating func append(_ token: Int) -> String {
    tokenizer.appendBytes(of: token, to: &pending)
    if isAtBeginning, !pending.isEmpty {
      isAtBeginning = false
      if tokenizer.stripsSpacePrefix, pending.first == UInt8(ascii: " ") { pending.removeFirst() }
    }
    let complete = pending.count - Self.incompleteSuffix(pending)
    defer { pending.removeFirst(complete) }
    return String(decoding: pending[..<complete], as: UTF8.self)
  }

  /// What is left at the end of the text: U+FFFD if the last character is incomplete.
  public mutating func finish() -> String {
    defer {
      pending = []
      isAtBeginning = true
    }
    return String(decoding: pending, as: UTF8.self)
  }

  /// How many bytes at the end could yet become a character: a beginning of a sequence that the Unicode Standard's
  /// table 3-7 calls well-formed.
  private static func incompleteSuffix(_ bytes: [UInt8]) -> Int {
    for length in 1...3 where length <= bytes.count {
      let lead = bytes[bytes.count - length]
      if lead & 0xC0 == 0x80 { continue }
      guard (0xC2...0xF4).contains(lead), length < ClassifiedText.length(lead: lead) else { return 0 }
      guard length > 1 else { return 1 }
      let second = bytes[bytes.count - length + 1]
      let allowed: ClosedRange<UInt8> =
        switch lead {
        case 0xE0: 0xA0...0xBF
        case 0xED: 0x80...0x9F
        case 0xF0: 0x90...0xBF
        case 0xF4: 0x80...0x8F
        default: 0x80...0xBF
        }
      return allowed.contains(second) ? length : 0
    }
    return 0
  }
}
