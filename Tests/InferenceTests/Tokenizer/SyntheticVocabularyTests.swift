import ModelFiles
import Testing

@testable import Inference

@Suite struct SyntheticVocabularyTests {
  @Test(arguments: [512, 513, 777, 1023, 1024, 4096, 32_002, 128_256])
  func otherProgramsCanLoadThem(size: Int) throws {
    for description in [
      try SyntheticVocabulary.byteLevel(size: size), try SyntheticVocabulary.sentencePiece(size: size),
    ] {
      #expect(description.tokens.count == size && Set(description.tokens).count == size)
      #expect(description.tokenKinds.count == size && !description.tokens.contains(""))
      #expect(description.scores.count == (description.kind == .sentencePieceBPE ? size : 0))
      let tokenizer = try Tokenizer(description)
      #expect(tokenizer.vocabularySize == size)
      let tokens = tokenizer.encode(SyntheticVocabulary.trainingText)
      #expect(tokens.first == description.beginOfText)
      #expect(tokenizer.decode(tokens) == SyntheticVocabulary.trainingText)
      #expect(tokens.allSatisfy { [.normal, .byte].contains(description.tokenKinds[$0]) || $0 == tokens[0] })
      #expect(Double(tokens.count) < 0.65 * Double(SyntheticVocabulary.trainingText.utf8.count))
    }
  }

  @Test func theLayoutIsThatOfLlama() throws {
    let byteLevel = try SyntheticVocabulary.byteLevel(size: 128_256)
    #expect(
      [byteLevel.beginOfText, byteLevel.endOfText, byteLevel.endOfTurn] == [128_000, 128_001, 128_009])
    #expect(byteLevel.tokens[128_009] == "<|eot_id|>" && byteLevel.merges.count > 700)
    #expect(try Tokenizer(byteLevel).endTokens == [128_001, 128_009])
    let sentencePiece = try SyntheticVocabulary.sentencePiece(size: 32_000)
    #expect(sentencePiece.tokens.prefix(4) == ["<unk>", "<s>", "</s>", "<0x00>"])
    #expect(sentencePiece.tokens[258] == "<0xFF>" && sentencePiece.scores[259...300].allSatisfy { $0 <= 0 })
    #expect(try Tokenizer(sentencePiece).endTokens == [2])
  }
}
