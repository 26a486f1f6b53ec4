import ModelFiles
import Testing

@testable import Inference

@Suite struct TokenStreamTests {
  @Test(arguments: [0, 1], [31, 32] as [UInt64])
  func theTextIsThatOfDecodingAndNeverBroken(kind: Int, seed: UInt64) throws {
    let tokenizer = try Tokenizer(
      kind == 0 ? SyntheticVocabulary.byteLevel(size: 512) : SyntheticVocabulary.sentencePiece(size: 512))
    var random = RandomText(seed: seed)
    for _ in 0..<1000 {
      let middle = random.next().unicodeScalars.filter { $0 != "\u{FFFD}" }
      let text = "👩‍👩‍👧‍👦" + String(String.UnicodeScalarView(middle)) + "🇨🇭"
      let tokens = tokenizer.encode(text)
      var stream = TokenStream(tokenizer)
      let parts = tokens.map { stream.append($0) }
      #expect(
        !parts.joined().unicodeScalars.contains("\u{FFFD}"), "seed \(seed), text \(text.debugDescription)")
      #expect(stream.finish().isEmpty)
      #expect(parts.joined() == tokenizer.decode(tokens) && parts.contains(""))
    }
  }

  /// Token by token or at once: bytes that are no UTF-8 become the same replacement characters.
  @Test(
    arguments: [
      [0xF0, 0x9F, 0x99, 0x82], [0xF0, 0x9F], [0xF0, 0x41], [0x80, 0x80], [0xE0, 0x80, 0x80],
      [0xED, 0xA0, 0x80],
      [0xF4, 0x90, 0x80, 0x80], [0xF0, 0x80, 0x80], [0xE4, 0xB8, 0xE4, 0xB8, 0x96], [0xC3, 0xC3, 0xA9],
      [0xF0, 0x9F, 0x99, 0xF0, 0x9F, 0x99, 0x82], [0xC2], [0xE4, 0xB8],
    ] as [[UInt8]])
  func brokenTextIsReplacedAlike(bytes: [UInt8]) throws {
    let tokenizer = try Tokenizer(SyntheticVocabulary.sentencePiece(size: 512))
    let tokens = bytes.map { 3 + Int($0) }
    var stream = TokenStream(tokenizer)
    let text = tokens.map { stream.append($0) }.joined() + stream.finish()
    #expect(text == String(decoding: bytes, as: UTF8.self))
    #expect(tokenizer.decode(tokens) == text)
    // What cannot become a character any more is not held back.
    #expect(stream.append(3 + 0x41) == "A" && stream.finish().isEmpty)
  }

  @Test func aCharacterAppearsWithItsLastByte() throws {
    var stream = TokenStream(try Tokenizer(SyntheticVocabulary.sentencePiece(size: 512)))
    #expect(
      [0x20, 0xF0, 0x9F, 0x99, 0x82, 0x20].map { stream.append(3 + $0) } == ["", "", "", "", "🙂", " "])
  }
}
