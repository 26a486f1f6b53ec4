import ModelFiles

/// Small working tokenizers of any size, for models that were never trained: merges learnt from a short built-in text,
/// filled up with tokens that occur in no text. Other programs can load them: all tokens differ, and have kinds, merges
/// or scores as their kind of vocabulary needs.
public enum SyntheticVocabulary {
  /// The smallest vocabulary that can be made.
  public static let leastSize = 512
  private static let allowedSizes = leastSize...Int(SymbolMerger.highestRank)

  /// A byte-level vocabulary laid out as Llama 3's: bytes in GPT-2's order, merged tokens, unused ones, and at the end
  /// a block of control tokens, 256 of them if that is at most a quarter, else 16. With 128,256 tokens, begin of text
  /// is token 128000, end of text 128001 and end of turn 128009.
  public static func byteLevel(size: Int) throws(TokenizerError) -> TokenizerDescription {
    guard allowedSizes.contains(size) else { throw .vocabularySize(size, allowed: allowedSizes) }
    let controlCount = size >= 1024 ? 256 : 16
    let begin = size - controlCount
    var tokens = ByteAlphabet.tokenOrder.map { ByteAlphabet.text(of: [$0]) }
    var known = Set(tokens)
    var merges: [String] = []
    for merge in byteLevelMerges {
      let (left, right) = (ByteAlphabet.text(of: merge.left), ByteAlphabet.text(of: merge.right))
      if !known.contains(left + right) {
        guard tokens.count < begin else { break }
        tokens.append(left + right)
        known.insert(left + right)
      }
      merges.append(left + " " + right)
    }
    let normalCount = tokens.count
    tokens += (normalCount..<begin).map { "<|unused_\($0 - normalCount)|>" }
    let names = [0: "<|begin_of_text|>", 1: "<|end_of_text|>", 9: "<|eot_id|>"]
    tokens += (0..<controlCount).map { names[$0] ?? "<|reserved_\($0)|>" }
    return TokenizerDescription(
      kind: .byteLevelBPE, preTokenizer: "llama-bpe", tokens: tokens, scores: [],
      tokenKinds: tokens.indices.map { $0 < normalCount ? .normal : $0 < begin ? .unused : .control },
      merges: merges, beginOfText: begin, endOfText: begin + 1, endOfTurn: begin + 9, unknown: nil,
      addsBeginOfText: true, addsSpacePrefix: false, chatTemplate: nil)
  }

  /// A SentencePiece vocabulary laid out as Llama 2's: `<unk>`, `<s>`, `</s>`, the bytes, merged pieces with falling
  /// scores, single characters, unused tokens.
  public static func sentencePiece(size: Int) throws(TokenizerError) -> TokenizerDescription {
    guard allowedSizes.contains(size) else { throw .vocabularySize(size, allowed: allowedSizes) }
    let digits = Array("0123456789ABCDEF")
    let bytes = (0...255).map { "<0x\(digits[$0 / 16])\(digits[$0 % 16])>" }
    var tokens = ["<unk>", "<s>", "</s>"] + bytes
    var kinds: [TokenizerDescription.TokenKind] = [.unknown, .control, .control] + bytes.map { _ in .byte }
    var scores = [Float](repeating: 0, count: tokens.count)
    let characters = Set(sentencePieceText).sorted().map { String($0) }
    let room = max(0, size - tokens.count - characters.count)
    var known = Set(characters)
    let merged = sentencePieceMerges.map { String(decoding: $0.left + $0.right, as: UTF8.self) }
    let pieces = merged.filter { known.insert($0).inserted }.prefix(room) + characters
    tokens += pieces
    kinds += pieces.map { _ in .normal }
    scores += pieces.indices.map { -Float($0 - pieces.startIndex) }
    for number in 0..<max(0, size - tokens.count) {
      tokens.append("<unused_\(number)>")
      kinds.append(.unused)
      scores.append(0)
    }
    return TokenizerDescription(
      kind: .sentencePieceBPE, preTokenizer: "", tokens: tokens, scores: scores, tokenKinds: kinds,
      merges: [],
      beginOfText: 1, endOfText: 2, endOfTurn: nil, unknown: 0, addsBeginOfText: true, addsSpacePrefix: true,
      chatTemplate: nil)
  }

  /// Learnt once; smaller vocabularies take the first.
  private static let byteLevelMerges: [BytePairTraining.Merge] = {
    let text = ClassifiedText(bytes: Array(trainingText.utf8), end: trainingText.utf8.count)
    var words: [[[UInt8]]] = []
    var offset = 0
    while offset < text.end {
      let end = PreTokenizer.llama3.endOfPiece(in: text, from: offset)
      words.append(text.bytes[offset..<end].map { [$0] })
      offset = end
    }
    return BytePairTraining.learn(from: words)
  }()

  private static let sentencePieceText = "▁" + trainingText.map { $0 == " " || $0 == "\n" ? "▁" : $0 }

  private static let sentencePieceMerges: [BytePairTraining.Merge] = {
    var words: [[[UInt8]]] = []
    for character in sentencePieceText {
      if character == "▁" { words.append([]) }
      words[words.count - 1].append(Array(character.utf8))
    }
    return BytePairTraining.learn(from: words)
  }()
}
