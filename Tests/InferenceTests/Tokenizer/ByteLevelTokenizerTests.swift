import ModelFiles
import Testing

@testable import Inference

@Suite struct ByteLevelTokenizerTests {
  /// A few merges on all bytes: tokens 256 and on are `th`, `the`, `Ġthe`, `in`, `1234`.
  private static func description(_ preTokenizer: String = "llama-bpe") -> TokenizerDescription {
    let tokens =
      ByteAlphabet.tokenOrder.map { ByteAlphabet.text(of: [$0]) } + [
        "th", "the", "Ġthe", "in", "1234", "athe",
      ]
    return RandomVocabulary.description(
      .byteLevelBPE, preTokenizer, tokens, [], ["i n", "t h", "th e", "Ġ the"])
  }

  private static func token(_ byte: Unicode.Scalar) -> Int {
    ByteAlphabet.tokenOrder.firstIndex(of: UInt8(byte.value)) ?? -1
  }

  @Test func theAlphabetIsThatOfGPT2() {
    #expect(ByteAlphabet.text(of: Array(" \n\u{0}é!".utf8) + [0x7F, 0xAD]) == "ĠĊĀÃ©!ġŃ")
    #expect(
      ByteAlphabet.tokenOrder.prefix(3) == [33, 34, 35] && ByteAlphabet.tokenOrder.suffix(2) == [160, 173])
    var bytes: [UInt8] = [1]
    #expect(ByteAlphabetReader().append("ĠĊĀÃ©!ġŃ".utf8, to: &bytes))
    #expect(bytes == [1, 32, 10, 0, 0xC3, 0xA9, 33, 0x7F, 0xAD])
    #expect(!ByteAlphabetReader().append("a b".utf8, to: &bytes) && bytes.count == 9)
    #expect(!ByteAlphabetReader().append("世".utf8, to: &bytes) && bytes.count == 9)
  }

  @Test func mergesApplyByRank() throws {
    let tokenizer = try Tokenizer(Self.description())
    #expect(tokenizer.encode("the the thin") == [257, 258, Self.token(" "), 256, 259])
    #expect(tokenizer.encode("") == [])
    #expect(tokenizer.vocabularySize == 262)
  }

  @Test func onlyLlama3TakesWholePiecesAsTheyAre() throws {
    let whole = try Tokenizer(Self.description())
    let merged = try Tokenizer(Self.description("gpt-2"))
    #expect(whole.encode("athe") == [261])
    #expect(merged.encode("athe") == [Self.token("a"), 257])
    // Three digits at most in Llama 3's pieces: the token of four is never a piece.
    #expect(whole.encode("1234") == ["1", "2", "3", "4"].map { Self.token($0) })
    #expect(merged.encode("1234") == ["1", "2", "3", "4"].map { Self.token($0) })
  }

  @Test(arguments: [
    ("llama-bpe", "I'LL we'ſt  don't", ["I", "'LL", " we", "'ſ", "t", " ", " don", "'t"]),
    ("llama-bpe", "a\u{A0}b!?\r\n\n x  \n  y ", ["a", "\u{A0}b", "!?\r\n\n", " x", "  \n", " ", " y", " "]),
    ("llama-bpe", "12345 6\u{85}\u{3000}世界👍🏽!", ["123", "45", " ", "6", "\u{85}", "\u{3000}世界", "👍🏽!"]),
    ("gpt-2", "I'LL we'll  12345\n\n x", ["I", "'", "LL", " we", "'ll", " ", " 12345", "\n\n", " x"]),
  ])
  func textIsSplit(preTokenizer: String, text: String, pieces: [String]) throws {
    let classified = ClassifiedText(bytes: Array(text.utf8), end: text.utf8.count)
    let splitter = try PreTokenizer(named: preTokenizer)
    var (found, offset) = ([String](), 0)
    while offset < classified.end {
      let end = splitter.endOfPiece(in: classified, from: offset)
      found.append(String(decoding: classified.bytes[offset..<end], as: UTF8.self))
      offset = end
    }
    #expect(found == pieces)
  }

  @Test(arguments: ["llama-bpe", "gpt-2"], [11, 12] as [UInt64])
  func everyTextComesBack(preTokenizer: String, seed: UInt64) throws {
    let tokenizer = try Tokenizer(
      RandomVocabulary.byteLevel(size: 1500, preTokenizer: preTokenizer, seed: seed))
    var random = RandomText(seed: seed)
    for _ in 0..<2000 {
      let text = random.next()
      // As scalars: equality of strings ignores how marks are composed.
      let decoded = tokenizer.decode(tokenizer.encode(text))
      #expect(Array(decoded.utf8) == Array(text.utf8), "seed \(seed), text \(text.debugDescription)")
    }
  }

  /// Quadratic merging would take minutes.
  @Test(.timeLimit(.minutes(1))) func longWordsAreNotQuadratic() throws {
    let word = String(repeating: "inthe", count: 100_000)
    for description in [Self.description(), try SyntheticVocabulary.sentencePiece(size: 1000)] {
      let tokenizer = try Tokenizer(description)
      #expect(tokenizer.decode(tokenizer.encode(word)) == word)
    }
    #expect(try Tokenizer(Self.description()).encode(word).count == 200_000)
  }

  @Test func specialTokensAreMatchedWhereWanted() throws {
    var description = Self.description()
    description.tokens += ["<|eot_id|>", "<|eot_id|><|eot_id|>", "<<", "th"]
    description.tokens[265] = "the the"
    description.tokenKinds += [.control, .control, .userDefined, .userDefined]
    description.beginOfText = 262
    description.endOfText = 0
    description.addsBeginOfText = true
    let tokenizer = try Tokenizer(description)
    #expect(tokenizer.endTokens == [0, 262])
    let text = "<<|eot_id|><|eot_id|>the the<|eot_id|>the"
    #expect(tokenizer.encode(text, parsingSpecialTokens: true).prefix(2) == [262, 264])
    #expect(
      tokenizer.encode("x" + text.dropFirst(), addingSpecialTokens: false, parsingSpecialTokens: true)
        == [Self.token("x"), 263, 265, 262, 257])
    let plain = tokenizer.encode("<|eot_id|>the the", addingSpecialTokens: false)
    #expect(plain.last == 265 && !plain.contains(262) && tokenizer.decode(plain) == "<|eot_id|>the the")
    #expect(tokenizer.decode([262, 257, 263, -1, 266, 265]) == "thethe the")
  }

  @Test func ofTwoEqualMergesTheLaterCounts() throws {
    var description = Self.description()
    description.tokens += ["he"]
    description.tokenKinds += [.normal]
    description.merges = ["t h", "h e", "t h", "th e"]
    #expect(try Tokenizer(description).encode("xthe") == [Self.token("x"), Self.token("t"), 262])
  }
}
