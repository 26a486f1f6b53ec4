import ModelFiles
import Testing

@testable import Inference

@Suite struct TokenizerErrorTests {
  private static let byteLevel = Result { try SyntheticVocabulary.byteLevel(size: 512) }
  private static let sentencePiece = Result { try SyntheticVocabulary.sentencePiece(size: 512) }

  private func expect(
    _ error: TokenizerError, _ description: Result<TokenizerDescription, any Error>,
    _ change: (inout TokenizerDescription) -> Void, _ location: SourceLocation = #_sourceLocation
  ) throws {
    var description = try description.get()
    change(&description)
    #expect(throws: error, sourceLocation: location) { try Tokenizer(description) }
    #expect(!error.description.isEmpty && !error.description.contains("\n"))
  }

  @Test func ofAnyVocabulary() throws {
    for good in [Self.byteLevel, Self.sentencePiece] {
      _ = try Tokenizer(good.get())
      try expect(.vocabularySize(0, allowed: 1...16_777_215), good) { $0.tokens = [] }
      try expect(.listLength(list: "token kinds", count: 511, tokens: 512), good) {
        $0.tokenKinds.removeLast()
      }
      try expect(.tokenOutsideVocabulary(role: "begin of text", token: 512, tokens: 512), good) {
        $0.beginOfText = 512
      }
      try expect(.tokenOutsideVocabulary(role: "end of turn", token: -1, tokens: 512), good) {
        $0.endOfTurn = -1
      }
      try expect(.tokenOutsideVocabulary(role: "unknown token", token: .max, tokens: 512), good) {
        $0.unknown = .max
      }
    }
  }

  @Test func ofByteLevelVocabularies() throws {
    try expect(.missingByte(33), Self.byteLevel) {
      $0.tokens[0] = "<|other|>"
      $0.merges = []
    }
    try expect(.duplicateToken("!", first: 0, second: 1), Self.byteLevel) { $0.tokens[1] = "!" }
    for merge in ["", " ", "ab", "a ", " b", "a b c", "a  b", "世 b", "a 世"] {
      try expect(.malformedMerge(merge, rank: 3), Self.byteLevel) { $0.merges[3] = merge }
    }
    try expect(.mergeWithoutToken("zq xj", rank: 0, missing: "zqxj"), Self.byteLevel) {
      $0.merges[0] = "zq xj"
    }
    let known = ["llama-bpe", "llama3", "llama-v3", "falcon3", "gpt-2", "default"]
    try expect(.unknownPreTokenizer("qwen\n2", known: known), Self.byteLevel) { $0.preTokenizer = "qwen\n2" }
  }

  @Test func ofSentencePieceVocabularies() throws {
    try expect(.listLength(list: "scores", count: 0, tokens: 512), Self.sentencePiece) { $0.scores = [] }
    try expect(.malformedScore(token: 300), Self.sentencePiece) { $0.scores[300] = .nan }
    for text in ["<0x4>", "<0x041>", "<0x+4>", "<0xGG>", "", "<0x４>"] {
      try expect(.malformedByteToken(text, token: 5), Self.sentencePiece) { $0.tokens[5] = text }
    }
    try expect(.duplicateToken("▁t", first: 259, second: 260), Self.sentencePiece) {
      ($0.tokens[259], $0.tokens[260]) = ("▁t", "▁t")
    }
    try expect(.noUnknownToken, Self.sentencePiece) {
      $0.unknown = nil
      $0.tokenKinds[100] = .unused
    }
  }

  @Test(arguments: [-1, 0, 511, 16_777_216, .max]) func ofSyntheticSizes(size: Int) {
    let error = TokenizerError.vocabularySize(size, allowed: 512...16_777_215)
    #expect(throws: error) { try SyntheticVocabulary.byteLevel(size: size) }
    #expect(throws: error) { try SyntheticVocabulary.sentencePiece(size: size) }
  }
}
