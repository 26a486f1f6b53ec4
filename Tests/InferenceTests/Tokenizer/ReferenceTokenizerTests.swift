import ModelFiles
import Testing

@testable import Inference

/// The same tokens as Hugging Face's `tokenizers`, which the vocabularies of most models were trained and converted
/// with.
@Suite(.enabled(if: PythonTokenizers.areInstalled, "needs a Python package: pip install tokenizers"))
struct ReferenceTokenizerTests {
  /// The expressions as Llama 3 and GPT-2 publish them.
  static let patterns = [
    "llama-bpe":
      #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*|\s*[\r\n]+|\s+(?!\S)|\s+"#,
    "gpt-2": #"'s|'t|'re|'ve|'m|'ll|'d| ?\p{L}+| ?\p{N}+| ?[^\s\p{L}\p{N}]+|\s+(?!\S)|\s+"#,
  ]

  private static func texts(_ count: Int, seed: UInt64) -> [String] {
    var random = RandomText(seed: seed)
    return (0..<count).map { _ in random.next() }
  }

  private static func expectSame(
    _ texts: [String], _ description: TokenizerDescription, _ references: [PythonTokenizers.Reference],
    special: Bool = false, seed: UInt64, _ location: SourceLocation = #_sourceLocation
  ) throws {
    let tokenizer = try Tokenizer(description)
    try #require(references.count == texts.count)
    var failures = 0
    for (text, reference) in zip(texts, references) where failures < 5 {
      let tokens = tokenizer.encode(text, addingSpecialTokens: false, parsingSpecialTokens: special)
      if tokens != reference.tokens {
        failures += 1
        #expect(
          tokens.map { description.tokens[$0] } == reference.tokens.map { description.tokens[$0] },
          "seed \(seed), text \(text.debugDescription)", sourceLocation: location)
      }
    }
    #expect(failures == 0, sourceLocation: location)
  }

  @Test(arguments: ["llama-bpe", "gpt-2"], [1, 2, 3] as [UInt64])
  func randomMergesOfBytes(preTokenizer: String, seed: UInt64) throws {
    let description = RandomVocabulary.byteLevel(size: 3000, preTokenizer: preTokenizer, seed: seed)
    let texts = Self.texts(3000, seed: seed)
    let references = try PythonTokenizers.encode(
      texts, description, pattern: Self.patterns[preTokenizer], takesWholePieces: preTokenizer == "llama-bpe")
    try Self.expectSame(texts, description, references, seed: seed)
  }

  @Test(arguments: [512, 2000, 128_256])
  func syntheticByteLevel(size: Int) throws {
    let description = try SyntheticVocabulary.byteLevel(size: size)
    let texts = Self.texts(2000, seed: 9) + [SyntheticVocabulary.trainingText]
    let references = try PythonTokenizers.encode(
      texts, description, pattern: Self.patterns["llama-bpe"], takesWholePieces: true, special: true)
    try Self.expectSame(texts, description, references, special: true, seed: 9)
  }

  /// Special tokens that begin alike, contain each other and overlap.
  @Test(arguments: [5, 6] as [UInt64])
  func specialTokens(seed: UInt64) throws {
    var description = RandomVocabulary.byteLevel(size: 1000, preTokenizer: "llama-bpe", seed: seed)
    let specials = [
      ("<s>", true), ("<s><|eot_id|>", true), ("<|eot_id|>", true), ("<", false), ("the the", false),
      ("he", false),
      ("世界", false), ("  ", false), (" H", false), ("'s", true), ("\u{A0}", false), ("👍", false),
    ]
    for (text, isControl) in specials {
      // Some are in the vocabulary already, as parts of merges.
      let token = description.tokens.firstIndex(of: text) ?? description.tokens.count
      if token == description.tokens.count {
        description.tokens.append(text)
        description.tokenKinds.append(.normal)
      }
      description.tokenKinds[token] = isControl ? .control : .userDefined
    }
    let texts = Self.texts(3000, seed: seed) + ["<s><|eot_id|><s><<s>the the the", "the thehe  H  "]
    let references = try PythonTokenizers.encode(
      texts, description, pattern: Self.patterns["llama-bpe"], takesWholePieces: true, special: true)
    try Self.expectSame(texts, description, references, special: true, seed: seed)
  }

  /// Every character that both know, between letters, digits, spaces and quotes: all classes and all cases. Of the
  /// blocks of ideographs and syllables, letters throughout, every sixteenth.
  @Test(arguments: ["llama-bpe", "gpt-2"])
  func everyCharacter(preTokenizer: String) throws {
    let all = (UInt32(0)...0x10FFFF).compactMap { Unicode.Scalar($0) }
    let alike: [ClosedRange<UInt32>] = [
      0x3400...0x9FFF, 0xAC00...0xD7A3, 0x17000...0x18CFF, 0x20000...0x323AF,
    ]
    let known = all.filter { scalar in
      scalar.properties.age.map { $0.major <= 15 } ?? false
        && (scalar.value % 16 == 0 || !alike.contains { $0.contains(scalar.value) })
    }
    let texts = stride(from: 0, to: known.count, by: 100).map { start in
      known[start..<min(start + 100, known.count)].map { "a\($0)a1\($0)1 \($0) \n\($0)'\($0)a!\($0)\($0)" }
        .joined()
    }
    let pieces = try PythonTokenizers.endsOfPieces(of: texts, pattern: #require(Self.patterns[preTokenizer]))
    let splitter = try PreTokenizer(named: preTokenizer)
    for (text, expected) in zip(texts, pieces) {
      let classified = ClassifiedText(bytes: Array(text.utf8), end: text.utf8.count)
      var (ends, offset) = ([Int](), 0)
      while offset < classified.end {
        offset = splitter.endOfPiece(in: classified, from: offset)
        ends.append(offset)
      }
      try #require(ends == expected, "\(text.debugDescription)")
    }
  }

  @Test(arguments: [true, false], [1, 2, 3] as [UInt64])
  func randomPieces(hasBytes: Bool, seed: UInt64) throws {
    let description = RandomVocabulary.sentencePiece(size: 900, hasBytes: hasBytes, seed: seed)
    let texts = Self.texts(3000, seed: seed)
    let references = try PythonTokenizers.encode(texts, description, pattern: nil)
    try Self.expectSame(texts, description, references, seed: seed)
  }

  @Test(arguments: [512, 1000, 32_000])
  func syntheticSentencePiece(size: Int) throws {
    let description = try SyntheticVocabulary.sentencePiece(size: size)
    let texts = Self.texts(2000, seed: 10) + [SyntheticVocabulary.trainingText]
    let references = try PythonTokenizers.encode(texts, description, pattern: nil)
    try Self.expectSame(texts, description, references, seed: 10)
    let tokenizer = try Tokenizer(description)
    for (text, reference) in zip(texts, references) {
      #expect(tokenizer.decode(reference.tokens).unicodeScalars.map(\.value) == reference.decoded, "\(text)")
    }
  }
}
