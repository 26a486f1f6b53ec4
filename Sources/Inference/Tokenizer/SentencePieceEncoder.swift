import ModelFiles

/// SentencePiece's byte-pair encoding: spaces become `▁`, and neighbouring symbols, characters at first, merge into the
/// token with the highest score, the leftmost of equal scores.
///
/// As in llama.cpp, a space goes before the text and before all text that follows a special token, even if it begins
/// with a space. Hugging Face's conversions of Llama 2 do the same with `legacy` true; without, only the beginning of
/// the whole text gets a space, and only if it has none. Their merges are ranked by score too, but of several ways to
/// make one token they prefer the one with the longer left part, here the leftmost: that differs only where both
/// overlap, as `a aa a` does for `aaa`.
///
/// As in SentencePiece, text never merges into control, unknown, byte or unused tokens, whatever it spells.
struct SentencePieceEncoder: Sendable {
  /// `▁`, U+2581.
  static let space: [UInt8] = [0xE2, 0x96, 0x81]

  private let addsSpacePrefix: Bool
  private let pieces: PieceTable
  /// Rank and number of each token.
  private let rules: [MergeRule]
  /// Empty if some are missing.
  private let tokenOfByte: [Int32]
  private let unknown: Int32
  /// Whether no token has a `▁` after another character: then what is before a space and what is after never meet.
  private let splitsAtSpaces: Bool

  init(_ description: TokenizerDescription) throws(TokenizerError) {
    let tokens = description.tokens
    guard description.scores.count == tokens.count else {
      throw .listLength(list: "scores", count: description.scores.count, tokens: tokens.count)
    }
    if let token = description.scores.firstIndex(where: \.isNaN) { throw .malformedScore(token: token) }
    addsSpacePrefix = description.addsSpacePrefix
    rules = Self.rules(description.scores)

    var pieces = PieceTable(count: tokens.count)
    var bytes = [Int32?](repeating: nil, count: 256)
    var splitsAtSpaces = true
    for (token, text) in tokens.enumerated() {
      switch description.tokenKinds[token] {
      case .normal, .userDefined:
        if text.isEmpty { continue }
        let piece = Array(text.utf8)
        if let first = pieces.insert(piece, token: Int32(token)) {
          throw .duplicateToken(text, first: Int(first), second: token)
        }
        splitsAtSpaces = splitsAtSpaces && Self.hasSpacesOnlyAtItsBeginning(piece)
      case .byte:
        guard let byte = Self.byte(text) else { throw .malformedByteToken(text, token: token) }
        bytes[Int(byte)] = bytes[Int(byte)] ?? Int32(token)
      case .unknown, .control, .unused: break
      }
    }
    self.pieces = pieces
    self.splitsAtSpaces = splitsAtSpaces
    let allBytes = bytes.compactMap { $0 }
    tokenOfByte = allBytes.count == 256 ? allBytes : []
    guard let unknown = description.unknown ?? (tokenOfByte.isEmpty ? nil : 0) else { throw .noUnknownToken }
    self.unknown = Int32(unknown)
  }

  /// Equal scores have equal ranks, so that places decide between them.
  private static func rules(_ scores: [Float]) -> [MergeRule] {
    var rules = scores.indices.map { MergeRule(rank: 0, token: Int32($0)) }
    var (rank, last) = (Int32(0), Float.nan)
    for token in scores.indices.sorted(by: { scores[$0] > scores[$1] }) {
      if scores[token] != last, !last.isNaN { rank += 1 }
      last = scores[token]
      rules[token].rank = rank
    }
    return rules
  }

  private static func hasSpacesOnlyAtItsBeginning(_ piece: [UInt8]) -> Bool {
    var offset = 0
    while isSpace(piece, at: offset) { offset += space.count }
    return !(offset..<piece.count).contains { isSpace(piece, at: $0) }
  }

  private static func isSpace(_ bytes: [UInt8], at offset: Int) -> Bool {
    offset + 2 < bytes.count && bytes[offset] == space[0] && bytes[offset + 1] == space[1]
      && bytes[offset + 2] == space[2]
  }

  /// The byte of `<0x41>`.
  static func byte(_ text: String) -> UInt8? {
    guard text.utf8.count == 6, text.hasPrefix("<0x"), text.hasSuffix(">") else { return nil }
    let digits = text.dropFirst(3).dropLast()
    return digits.allSatisfy(\.isHexDigit) ? UInt8(digits, radix: 16) : nil
  }

  /// Adds the tokens of a stretch of text at the beginning or after a special token.
  func encode(_ text: [UInt8], _ range: Range<Int>, to tokens: inout [Int], _ merger: inout SymbolMerger) {
    var escaped = addsSpacePrefix ? Self.space : []
    escaped.reserveCapacity(range.count + range.count / 2)
    for byte in text[range] {
      if byte == UInt8(ascii: " ") { escaped += Self.space } else { escaped.append(byte) }
    }
    var afterUnknown = false
    var start = 0
    while start < escaped.count {
      let end = endOfWord(in: escaped, from: start)
      merger.removeAll()
      var offset = start
      while offset < end {
        let next = min(offset + ClassifiedText.length(lead: escaped[offset]), end)
        merger.append(offset..<next, token: pieces.token(of: escaped, offset..<next) ?? -1)
        offset = next
      }
      merger.merge { left, right in
        pieces.token(of: escaped, left.range.lowerBound..<right.range.upperBound).map { rules[Int($0)] }
      }
      merger.forEach { append($0, of: escaped, to: &tokens, &afterUnknown) }
      start = end
    }
  }

  private func endOfWord(in text: [UInt8], from start: Int) -> Int {
    guard splitsAtSpaces else { return text.count }
    var end = start
    while Self.isSpace(text, at: end) { end += Self.space.count }
    while end < text.count, !Self.isSpace(text, at: end) { end += 1 }
    return end
  }

  /// What is no token is given as its bytes, or else as unknown, once for all that follow each other.
  private func append(
    _ symbol: SymbolMerger.Symbol, of text: [UInt8], to tokens: inout [Int], _ afterUnknown: inout Bool
  ) {
    if symbol.token >= 0 {
      tokens.append(Int(symbol.token))
    } else if !tokenOfByte.isEmpty {
      for byte in text[symbol.range] { tokens.append(Int(tokenOfByte[Int(byte)])) }
    } else if !afterUnknown {
      tokens.append(Int(unknown))
    }
    afterUnknown = symbol.token < 0 && tokenOfByte.isEmpty
  }

  /// The bytes that a token stands for in text.
  static func bytes(of text: String) -> [UInt8] {
    let piece = Array(text.utf8)
    var bytes: [UInt8] = []
    var offset = 0
    while offset < piece.count {
      let isSpace = isSpace(piece, at: offset)
      bytes.append(isSpace ? UInt8(ascii: " ") : piece[offset])
      offset += isSpace ? space.count : 1
    }
    return bytes
  }
}
