import Ternary

/// Texts of all that tokenizers treat differently: words, digits, contractions, white space of all kinds, scripts with
/// and without cases, marks, emoji of several scalars, and code points that are no characters.
///
/// Only characters that Unicode had by version 15 are drawn, and unassigned code points that no version is likely to
/// assign: standard libraries and the reference know different versions, and what one knows as a letter is unassigned to
/// the other. (Swift 6.3 has version 17, tokenizers 0.23.3 has 16; they differ in the 4,644 letters and 13 digits that
/// came with 17, and in nothing else.)
struct RandomText {
  private var generator: SeededGenerator

  init(seed: UInt64) { generator = SeededGenerator(seed: seed) }

  mutating func next() -> String {
    var text = ""
    for _ in 0..<Int.random(in: 0...24, using: &generator) { text += part() }
    return text
  }

  private mutating func part() -> String {
    switch Int.random(in: 0..<12, using: &generator) {
    case 0, 1, 2: pick(Self.words)
    case 3: pick(Self.contractions)
    case 4, 5: repeated(Self.whiteSpace)
    case 6: repeated("0123456789٣४²Ⅷ½𝟗".map(String.init))
    case 7: repeated("!?.,;:'\"-_()[]<>/\\|@#$%^&*+=~`…«»–€×".map(String.init))
    case 8: pick(Self.emoji)
    case 9: repeated(Self.oddities)
    case 10: ranges()
    default: repeated("abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ".map(String.init))
    }
  }

  private mutating func pick(_ choices: [String]) -> String { choices.randomElement(using: &generator) ?? "" }

  private mutating func repeated(_ choices: [String]) -> String {
    (0..<Int.random(in: 1...5, using: &generator)).map { _ in pick(choices) }.joined()
  }

  /// Some characters of a script, or any at all.
  private mutating func ranges() -> String {
    let range = Self.blocks.randomElement(using: &generator) ?? 0...0x10FFFF
    var text = ""
    for _ in 0..<Int.random(in: 1...6, using: &generator) {
      guard let scalar = Unicode.Scalar(UInt32.random(in: range, using: &generator)),
        let age = scalar.properties.age, age.major <= 15
      else { continue }
      text.unicodeScalars.append(scalar)
    }
    return text
  }

  private static let words = [
    "the", " the", " balance", "weights", " and", "of", " machine", "Measure", " HELLO", "straße", " naïve",
    "Ω",
    "mirror\n", "\tnumbers", "世界", "你好", "こんにちは", "한국어", "مرحبا", "हिन्दी", "ภาษาไทย", "ελληνικά", "Ёлка",
    "e\u{301}", "x\u{300}\u{301}\u{302}", "ǅ", "ʰ", "ª", "<0x41>", "<s>", "<|eot_id|>", "▁", "▁▁the", "<unk>",
  ]
  private static let contractions = [
    "'s", "'t", "'re", "'ve", "'m", "'ll", "'d", "'S", "'T", "'RE", "'Ve", "'M", "'lL", "'D", "'\u{17F}",
    "'x", "''s",
    "'r", "'v", "'l", "'ſt", "don't", "I'LL", "we'Re", "\u{2019}s", "'\u{212A}", "' s", "'re\u{301}", "'",
  ]
  private static let whiteSpace = [
    " ", " ", " ", "\n", "\r", "\r\n", "\t", "\u{B}", "\u{C}", "\u{85}", "\u{A0}", "\u{1680}", "\u{2003}",
    "\u{2028}", "\u{2029}", "\u{202F}", "\u{205F}", "\u{3000}", "\u{200B}", "\u{FEFF}", "\u{180E}", "\u{1C}",
  ]
  private static let emoji = [
    "😀", "👍🏽", "👩‍👩‍👧‍👦", "🇨🇭", "❤️", "1️⃣", "🏴󠁧󠁢󠁳󠁣󠁴󠁿", " 🙂", "🙂a",
  ]
  private static let oddities = [
    "\u{0}", "\u{7F}", "\u{80}", "\u{D7FF}", "\u{E000}", "\u{F8FF}", "\u{FFFD}", "\u{FFFE}", "\u{FFFF}",
    "\u{378}",
    "\u{1FFFE}", "\u{50000}", "\u{E0080}", "\u{F0000}", "\u{10FFFF}", "\u{AD}", "\u{200D}",
  ]
  private static let blocks: [ClosedRange<UInt32>] = [
    0x00...0x7F, 0x80...0xFF, 0x100...0x24F, 0x300...0x36F, 0x370...0x52F, 0x590...0x6FF, 0x900...0x97F,
    0xE00...0xE7F, 0x1100...0x11FF, 0x2000...0x206F, 0x2100...0x218F, 0x2460...0x24FF, 0x3040...0x30FF,
    0x4E00...0x9FFF, 0xAC00...0xD7A3, 0xFB00...0xFB4F, 0x10000...0x103FF, 0x1D400...0x1D7FF,
    0x1F300...0x1F6FF,
    0x20000...0x2A6DF, 0...0x10FFFF,
  ]
}
