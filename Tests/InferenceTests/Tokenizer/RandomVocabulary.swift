import ModelFiles
import Ternary

@testable import Inference

/// Vocabularies with merges that no training would give: random pairs in random order.
enum RandomVocabulary {
  /// Byte-level, with some merges given twice, merges that make a token that another merge makes too, and tokens that no
  /// merge makes.
  static func byteLevel(size: Int, preTokenizer: String, seed: UInt64) -> TokenizerDescription {
    var generator = SeededGenerator(seed: seed)
    var tokens = ByteAlphabet.tokenOrder.map { ByteAlphabet.text(of: [$0]) }
    var known = Set(tokens)
    var merges: [String] = []
    let frequent = Array("etaoinsr\u{20}\u{20}h'\n\u{E3}\u{F0}\u{9F}".unicodeScalars).map {
      ByteAlphabet.text(of: [UInt8($0.value)])
    }
    func part(_ generator: inout SeededGenerator) -> String {
      let choices = Bool.random(using: &generator) ? frequent : tokens
      return choices.randomElement(using: &generator) ?? ""
    }
    while tokens.count < size - 50 {
      let (left, right) = (part(&generator), part(&generator))
      guard left.count + right.count < 12 else { continue }
      merges.append(left + " " + right)
      if known.insert(left + right).inserted { tokens.append(left + right) }
    }
    for whole in ["the", "Ġbalance", "Ġthe", "weights", "123", "ĠHELLO", "Ċ", "ĠĠĠ", "don", "ä½łå¥½"]
    where known.insert(whole).inserted { tokens.append(whole) }
    merges.shuffle(using: &generator)
    merges += merges.shuffled(using: &generator).prefix(20)
    return description(.byteLevelBPE, preTokenizer, tokens, [], merges)
  }

  /// SentencePiece pieces with different scores; without some bytes where `hasBytes` is false.
  ///
  /// No piece can be made of three symbols in two ways that overlap, such as `aaa` of `a`, `aa`, `a`: there the
  /// reference prefers the longer left part, and SentencePiece the leftmost.
  static func sentencePiece(size: Int, hasBytes: Bool, seed: UInt64) -> TokenizerDescription {
    var generator = SeededGenerator(seed: seed)
    let characters = Array("▁etaoinsrhld'.,0123XÜ世👍ह्")
    var pieces = characters.flatMap { $0.unicodeScalars.map { String($0) } }
    var known = Set(pieces)
    while pieces.count < size {
      let left = pieces.randomElement(using: &generator) ?? ""
      let right = pieces.randomElement(using: &generator) ?? ""
      let piece = left + right
      guard piece.unicodeScalars.count < 9, !hasBorder(piece), known.insert(piece).inserted else { continue }
      pieces.append(piece)
    }
    let bytes = hasBytes ? (UInt8.min...UInt8.max).map(byteToken) : []
    let tokens = ["<unk>", "<s>", "</s>"] + bytes + pieces
    var scores = tokens.indices.map { -Float($0) }
    scores.shuffle(using: &generator)
    var result = description(.sentencePieceBPE, "", tokens, scores, [])
    for token in 0..<3 { result.tokenKinds[token] = token == 0 ? .unknown : .control }
    for token in 3..<(3 + bytes.count) { result.tokenKinds[token] = .byte }
    result.unknown = 0
    result.addsSpacePrefix = true
    return result
  }

  /// `<0x41>`.
  private static func byteToken(_ byte: UInt8) -> String {
    let digits = String(byte, radix: 16, uppercase: true)
    return "<0x" + (digits.count < 2 ? "0" : "") + digits + ">"
  }

  /// Whether a text begins and ends alike.
  private static func hasBorder(_ text: String) -> Bool {
    let scalars = Array(text.unicodeScalars)
    return (1..<scalars.count).contains {
      scalars.prefix($0) == scalars.suffix($0) && 2 * $0 != scalars.count
    }
  }

  static func description(
    _ kind: TokenizerDescription.Kind, _ preTokenizer: String, _ tokens: [String], _ scores: [Float],
    _ merges: [String]
  ) -> TokenizerDescription {
    TokenizerDescription(
      kind: kind, preTokenizer: preTokenizer, tokens: tokens, scores: scores,
      tokenKinds: tokens.map { _ in .normal }, merges: merges, beginOfText: nil, endOfText: nil,
      endOfTurn: nil,
      unknown: nil, addsBeginOfText: false, addsSpacePrefix: false, chatTemplate: nil)
  }
}
