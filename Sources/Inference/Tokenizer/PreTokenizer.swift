/// Splits text into the pieces that merges never cross. Written by hand for two published expressions: exact, and
/// many times as fast as a general matcher of expressions.
enum PreTokenizer: Sendable {
  /// Llama 3:
  /// `(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+`
  case llama3
  /// GPT-2: `'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+`
  case gpt2

  /// The names that files use (`tokenizer.ggml.pre`). llama.cpp reads `default`, its name for "not known", as a chain of
  /// expressions of its own; here it is GPT-2's, which most vocabularies without a name were trained with.
  private static let names: [(name: String, preTokenizer: PreTokenizer)] = [
    ("llama-bpe", .llama3), ("llama3", .llama3), ("llama-v3", .llama3), ("falcon3", .llama3),
    ("gpt-2", .gpt2), ("default", .gpt2),
  ]

  /// By the name in a file; no name is Llama 3's.
  init(named name: String) throws(TokenizerError) {
    guard let known = Self.names.first(where: { $0.name == name || name.isEmpty }) else {
      throw .unknownPreTokenizer(name, known: Self.names.map(\.name))
    }
    self = known.preTokenizer
  }

  /// Where the piece ends that begins at `start`, which is before the end of the text.
  @inline(__always) func endOfPiece(in text: ClassifiedText, from start: Int) -> Int {
    switch self {
    case .llama3: Self.endOfLlama3Piece(in: text, from: start)
    case .gpt2: Self.endOfGPT2Piece(in: text, from: start)
    }
  }

  private static func endOfLlama3Piece(in text: ClassifiedText, from start: Int) -> Int {
    guard let first = text.character(at: start) else { return start }
    if let end = endOfContraction(in: text, from: start, ignoringCase: true) { return end }
    let second = start + first.length
    switch first.kind {
    case .letter:
      return text.endOfRun(of: .letter, from: second)
    case .number:
      return endOfNumber(in: text, from: second, digitsLeft: 2)
    case .other:
      if text.character(at: second)?.kind == .letter { return text.endOfRun(of: .letter, from: second) }
      return text.endOfRun(of: .newline, from: text.endOfRun(of: .other, from: second))
    case .space, .newline:
      let following = text.character(at: second)?.kind
      if first.kind == .space, following == .letter { return text.endOfRun(of: .letter, from: second) }
      if text.bytes[start] == UInt8(ascii: " "), following == .other {
        return text.endOfRun(of: .newline, from: text.endOfRun(of: .other, from: second))
      }
      return endOfWhiteSpace(in: text, from: start, stoppingAfterNewlines: true)
    }
  }

  private static func endOfGPT2Piece(in text: ClassifiedText, from start: Int) -> Int {
    guard let first = text.character(at: start) else { return start }
    if let end = endOfContraction(in: text, from: start, ignoringCase: false) { return end }
    let second = start + first.length
    guard first.kind.isWhiteSpace else { return text.endOfRun(of: first.kind, from: second) }
    if text.bytes[start] == UInt8(ascii: " "), let next = text.character(at: second), !next.kind.isWhiteSpace
    {
      return text.endOfRun(of: next.kind, from: second)
    }
    return endOfWhiteSpace(in: text, from: start, stoppingAfterNewlines: false)
  }

  private static func endOfNumber(in text: ClassifiedText, from offset: Int, digitsLeft: Int) -> Int {
    guard digitsLeft > 0, let next = text.character(at: offset), next.kind == .number else { return offset }
    return endOfNumber(in: text, from: offset + next.length, digitsLeft: digitsLeft - 1)
  }

  /// `\s*[\r\n]+`, if wanted, then `\s+(?!\S)`, then `\s+`: up to the last newline of the run; else all of the run at
  /// the end of the text; else all but its last character, which goes with what follows.
  private static func endOfWhiteSpace(
    in text: ClassifiedText, from start: Int, stoppingAfterNewlines: Bool
  ) -> Int {
    var (offset, last, afterNewline) = (start, start, start)
    while let next = text.character(at: offset), next.kind.isWhiteSpace {
      last = offset
      offset += next.length
      if next.kind == .newline { afterNewline = offset }
    }
    if stoppingAfterNewlines, afterNewline > start { return afterNewline }
    return offset == text.end || last == start ? offset : last
  }

  /// `'s|'t|'re|'ve|'m|'ll|'d`. Regardless of case, the long s (U+017F) is an s too.
  @inline(__always) private static func endOfContraction(
    in text: ClassifiedText, from start: Int, ignoringCase: Bool
  ) -> Int? {
    guard text.bytes[start] == UInt8(ascii: "'"), start + 1 < text.end else { return nil }
    let lowercase: UInt8 = ignoringCase ? 0x20 : 0
    let second = text.bytes[start + 1]
    let third = start + 2 < text.end ? text.bytes[start + 2] : 0
    if ignoringCase, second == 0xC5, third == 0xBF { return start + 3 }
    switch (asciiLetter(second, or: lowercase), asciiLetter(third, or: lowercase)) {
    case (UInt8(ascii: "s"), _), (UInt8(ascii: "t"), _), (UInt8(ascii: "m"), _), (UInt8(ascii: "d"), _):
      return start + 2
    case (UInt8(ascii: "r"), UInt8(ascii: "e")), (UInt8(ascii: "v"), UInt8(ascii: "e")),
      (UInt8(ascii: "l"), UInt8(ascii: "l")):
      return start + 3
    default: return nil
    }
  }

  /// Setting the bit of lowercase makes no other character of ASCII, and no byte beyond it, a lowercase letter.
  private static func asciiLetter(_ byte: UInt8, or bit: UInt8) -> UInt8 { byte | bit }
}
