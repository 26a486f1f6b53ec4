/// What is wrong with the description of a tokenizer.
public enum TokenizerError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No tokens, or more tokens or merges than can be numbered.
  case vocabularySize(Int, allowed: ClosedRange<Int>)
  /// A list that should have an entry for each token.
  case listLength(list: String, count: Int, tokens: Int)
  /// Two tokens with the same text.
  case duplicateToken(String, first: Int, second: Int)
  /// A special token whose number is outside the vocabulary.
  case tokenOutsideVocabulary(role: String, token: Int, tokens: Int)
  /// A byte-level vocabulary that cannot write every text.
  case missingByte(UInt8)
  /// A byte token that is not written `<0x41>`.
  case malformedByteToken(String, token: Int)
  /// A SentencePiece vocabulary with neither all byte tokens nor an unknown token.
  case noUnknownToken
  /// A score that is not a number.
  case malformedScore(token: Int)
  /// A merge that is not two texts with a space between.
  case malformedMerge(String, rank: Int)
  /// A merge of, or into, what is no token.
  case mergeWithoutToken(String, rank: Int, missing: String)
  /// A way of splitting text that is not built in.
  case unknownPreTokenizer(String, known: [String])

  /// One sentence.
  public var description: String {
    switch self {
    case .vocabularySize(let size, let allowed):
      "a vocabulary has from \(allowed.lowerBound) to \(allowed.upperBound) tokens and as many merges, not \(size)"
    case .listLength(let list, let count, let tokens):
      "the vocabulary has \(tokens) tokens but \(count) \(list): give one for each token"
    case .duplicateToken(let text, let first, let second):
      "tokens \(first) and \(second) are both \(quoted(text)): every token needs its own text"
    case .tokenOutsideVocabulary(let role, let token, let tokens):
      "the \(role) is token \(token), but the vocabulary has tokens 0 to \(tokens - 1)"
    case .missingByte(let byte):
      "no token is byte \(byte): byte-level vocabularies need one for each byte of UTF-8 text"
    case .malformedByteToken(let text, let token):
      "token \(token) is of kind byte but reads \(quoted(text)), not <0x00> to <0xFF>"
    case .noUnknownToken:
      "the vocabulary has neither all 256 byte tokens nor an unknown token: some texts would have no tokens"
    case .malformedScore(let token):
      "the score of token \(token) is not a number"
    case .malformedMerge(let text, let rank):
      "merge \(rank) is \(quoted(text)), not two texts with one space between"
    case .mergeWithoutToken(let text, let rank, let missing):
      "merge \(rank), \(quoted(text)), needs \(quoted(missing)), which is no token"
    case .unknownPreTokenizer(let name, let known):
      "text splitting \(quoted(name)) is not built in: known are \(known.joined(separator: ", "))"
    }
  }
}

/// Enough of a text from a file to recognise it in an error of one line.
private func quoted(_ text: String) -> String {
  let prefix = String(String.UnicodeScalarView(text.unicodeScalars.prefix(80)))
  return prefix.debugDescription + (prefix == text ? "" : "...")
}
