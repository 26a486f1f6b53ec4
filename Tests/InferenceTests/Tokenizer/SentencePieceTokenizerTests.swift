import ModelFiles
import Testing

@testable import Inference

@Suite struct SentencePieceTokenizerTests {
  /// `<unk>`, `<s>`, then pieces with their scores.
  private static func description(_ pieces: [(String, Float)]) -> TokenizerDescription {
    var description = RandomVocabulary.description(
      .sentencePieceBPE, "", ["<unk>", "<s>"] + pieces.map(\.0), [0, 0] + pieces.map(\.1), [])
    description.tokenKinds[0] = .unknown
    description.tokenKinds[1] = .control
    (description.unknown, description.beginOfText) = (0, 1)
    return description
  }

  private static let letters: [(String, Float)] = [("a", -10), ("b", -10), ("c", -10), ("▁", -10)]

  private static func texts(_ text: String, _ description: TokenizerDescription) throws -> [String] {
    try Tokenizer(description).encode(text).map { description.tokens[$0] }
  }

  @Test func theHighestScoreMergesFirst() throws {
    let description = Self.description(Self.letters + [("ab", -2), ("bc", -1), ("abc", -3)])
    #expect(try Self.texts("abc", description) == ["abc"])
    #expect(try Self.texts("abab", description) == ["ab", "ab"])
    let without = Self.description(Self.letters + [("ab", -2), ("bc", -1)])
    #expect(try Self.texts("abc", without) == ["a", "bc"])
  }

  @Test func ofEqualScoresTheLeftmostMergesFirst() throws {
    let description = Self.description(Self.letters + [("ab", -1), ("bc", -1), ("aa", -1), ("aaa", -1)])
    #expect(try Self.texts("abc", description) == ["ab", "c"])
    #expect(try Self.texts("caaaa", description) == ["c", "aaa", "a"])
  }

  @Test func aSpaceGoesBeforeTextAndIsTakenAway() throws {
    var description = Self.description(Self.letters + [("▁a", -1), ("▁▁", -2), ("b▁", -3)])
    #expect(try Self.texts("a b a", description) == ["a", "▁", "b", "▁a"])
    description.addsSpacePrefix = true
    description.addsBeginOfText = true
    #expect(try Self.texts("a b", description) == ["<s>", "▁a", "▁", "b"])
    #expect(try Self.texts("  b", description) == ["<s>", "▁▁", "▁", "b"])
    #expect(try Self.texts("", description) == ["<s>"])
    let tokenizer = try Tokenizer(description)
    for text in ["a b", "  b", " ", "", "b b  "] { #expect(tokenizer.decode(tokenizer.encode(text)) == text) }
    let special = tokenizer.encode("a<s>a", parsingSpecialTokens: true)
    #expect(special.map { description.tokens[$0] } == ["<s>", "▁a", "<s>", "▁a"])
    #expect(tokenizer.decode(special) == "a a")
  }

  @Test func unknownCharactersAreBytesOrOneUnknownToken() throws {
    let description = Self.description(Self.letters)
    #expect(try Self.texts("a世界b世", description) == ["a", "<unk>", "b", "<unk>"])
    let whole = try SyntheticVocabulary.sentencePiece(size: 512)
    #expect(try Self.texts("世", whole) == ["<s>", "▁", "<0xE4>", "<0xB8>", "<0x96>"])
  }

  @Test func textNeverSpellsControlOrByteTokens() throws {
    var description = try SyntheticVocabulary.sentencePiece(size: 1000)
    for piece in ["<s", "<0x4", "<0x41", "<0x", "<0", "x4", "1>", "<", ">"] {
      description.tokens.append(piece)
      description.tokenKinds.append(.normal)
      description.scores.append(1)
    }
    #expect(try Self.texts("<s><0x41>", description).contains { $0 == "<0x41>" || $0 == "</s>" } == false)
    let tokenizer = try Tokenizer(description)
    #expect(tokenizer.decode(tokenizer.encode("<s><0x41>")) == "<s><0x41>")
    #expect(tokenizer.encode("<s>", addingSpecialTokens: false, parsingSpecialTokens: true) == [1])
  }

  /// Cutting the text at spaces, where no piece could cross one, changes nothing.
  @Test(arguments: [21, 22, 23] as [UInt64]) func cuttingAtSpacesChangesNothing(seed: UInt64) throws {
    var description = RandomVocabulary.sentencePiece(size: 600, hasBytes: true, seed: seed)
    for token in description.tokens.indices where description.tokens[token].dropFirst().contains("▁") {
      description.tokenKinds[token] = .unused
    }
    let cutting = try Tokenizer(description)
    // A piece that crosses spaces, but is made of characters that no text has.
    description.tokens.append("\u{10FFFD}▁\u{10FFFD}")
    description.tokenKinds.append(.normal)
    description.scores.append(0)
    let whole = try Tokenizer(description)
    var random = RandomText(seed: seed)
    for _ in 0..<1000 {
      let text = random.next()
      #expect(cutting.encode(text) == whole.encode(text), "seed \(seed), text \(text.debugDescription)")
    }
  }
}
