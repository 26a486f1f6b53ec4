import ModelFiles

/// Turns text into tokens and back.
///
/// Byte-level vocabularies give any text back unchanged. They split it by the Unicode tables of Swift's standard
/// library, which can be newer than those of the tool that a vocabulary was trained with: then letters and digits that
/// were added to Unicode in between may be split differently.
public struct Tokenizer: Sendable {
  /// How many tokens there are.
  public let vocabularySize: Int
  /// Where generation stops: what the model file names as end of text and of turn, and control tokens with the names
  /// that chat models use for the end of a turn, as files often leave that out.
  public let endTokens: Set<Int>

  private enum Encoder: Sendable {
    case byteLevel(ByteLevelEncoder)
    case sentencePiece(SentencePieceEncoder)
  }

  private let encoder: Encoder
  private let specials: SpecialTokenMatcher
  private let prefix: [Int]
  private let text: TokenText
  /// Whether encoding put a space before the text that decoding takes away.
  let stripsSpacePrefix: Bool

  private static let endOfTurnNames: Set<String> = ["<|eot_id|>", "<|im_end|>", "<|end|>", "<end_of_turn>"]

  /// A tokenizer of the vocabulary that a model file describes.
  public init(_ description: TokenizerDescription) throws(TokenizerError) {
    try Self.check(description)
    vocabularySize = description.tokens.count
    prefix = description.addsBeginOfText ? [description.beginOfText].compactMap { $0 } : []
    endTokens = Set(
      [description.endOfText, description.endOfTurn].compactMap { $0 }
        + description.tokens.indices.filter {
          description.tokenKinds[$0] == .control && Self.endOfTurnNames.contains(description.tokens[$0])
        })
    switch description.kind {
    case .byteLevelBPE: encoder = .byteLevel(try ByteLevelEncoder(description))
    case .sentencePieceBPE: encoder = .sentencePiece(try SentencePieceEncoder(description))
    }
    specials = SpecialTokenMatcher(description)
    text = TokenText(description)
    stripsSpacePrefix = description.kind == .sentencePieceBPE && description.addsSpacePrefix
  }

  private static func check(_ description: TokenizerDescription) throws(TokenizerError) {
    let tokens = description.tokens.count
    let allowed = 1...Int(SymbolMerger.highestRank)
    guard allowed.contains(tokens) else { throw .vocabularySize(tokens, allowed: allowed) }
    guard description.merges.count <= allowed.upperBound else {
      throw .vocabularySize(description.merges.count, allowed: allowed)
    }
    guard description.tokenKinds.count == tokens else {
      throw .listLength(list: "token kinds", count: description.tokenKinds.count, tokens: tokens)
    }
    let roles = [
      ("begin of text", description.beginOfText), ("end of text", description.endOfText),
      ("end of turn", description.endOfTurn), ("unknown token", description.unknown),
    ]
    for case (let role, let token?) in roles where !description.tokens.indices.contains(token) {
      throw .tokenOutsideVocabulary(role: role, token: token, tokens: tokens)
    }
  }

  /// The tokens of a text.
  ///
  /// - Parameters:
  ///   - addingSpecialTokens: Whether the begin-of-text token goes first, if the vocabulary wants it. It does so even if
  ///     the text spells it.
  ///   - parsingSpecialTokens: Whether text that spells a control token becomes that token. Never for text that others
  ///     wrote.
  public func encode(
    _ text: String, addingSpecialTokens: Bool = true, parsingSpecialTokens: Bool = false
  ) -> [Int] {
    let bytes = Array(text.utf8)
    var tokens = addingSpecialTokens ? prefix : []
    var merger = SymbolMerger()
    var start = 0
    while start < bytes.count {
      let special = specials.firstMatch(in: bytes, from: start, control: parsingSpecialTokens)
      let end = special?.range.lowerBound ?? bytes.count
      if start < end {
        switch encoder {
        case .byteLevel(let encoder):
          encoder.encode(ClassifiedText(bytes: bytes, end: end), from: start, to: &tokens, &merger)
        case .sentencePiece(let encoder):
          encoder.encode(bytes, start..<end, to: &tokens, &merger)
        }
      }
      if let special { tokens.append(special.token) }
      start = special?.range.upperBound ?? end
    }
    return tokens
  }

  /// The text of tokens. Control, unknown and unused tokens, and numbers outside the vocabulary, have none; bytes that
  /// are no UTF-8 become U+FFFD.
  public func decode(_ tokens: [Int]) -> String {
    var stream = TokenStream(self)
    return tokens.map { stream.append($0) }.joined() + stream.finish()
  }

  /// Adds the bytes of a token's text.
  func appendBytes(of token: Int, to output: inout [UInt8]) { text.append(token, to: &output) }
}
