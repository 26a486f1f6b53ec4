import ModelFiles

/// Byte-level byte-pair encoding: text is split into pieces, and the bytes of a piece merge by rank.
struct ByteLevelEncoder: Sendable {
  private let preTokenizer: PreTokenizer
  private let tokenOfByte: [Int32]
  private let merges: MergeTable
  /// All tokens by their bytes, those of kind normal before others with the same bytes.
  private let pieces: PieceTable
  /// By token: whether text may become it without a merge, where whole pieces are taken as they are.
  private let isText: [Bool]
  /// Llama 3's vocabulary has tokens that no merges lead to, for pieces as a whole.
  private let takesWholePieces: Bool

  init(_ description: TokenizerDescription) throws(TokenizerError) {
    preTokenizer = try PreTokenizer(named: description.preTokenizer)
    takesWholePieces = preTokenizer == .llama3
    let alphabet = ByteAlphabetReader()
    let pieces = try Self.pieces(of: description, alphabet)
    isText = description.tokenKinds.map { $0 == .normal }
    merges = try Self.merges(of: description, pieces, alphabet)
    var tokenOfByte: [Int32] = []
    for byte in UInt8.min...UInt8.max {
      let token = pieces.token(of: [byte], 0..<1)
      // UTF-8 has neither C0 and C1 nor F5 to FF.
      if token == nil, !(0xC0...0xC1).contains(byte), byte < 0xF5 { throw .missingByte(byte) }
      tokenOfByte.append(token ?? 0)
    }
    self.tokenOfByte = tokenOfByte
    self.pieces = pieces
  }

  private static func pieces(
    of description: TokenizerDescription, _ alphabet: ByteAlphabetReader
  ) throws(TokenizerError) -> PieceTable {
    var pieces = PieceTable(count: description.tokens.count)
    var bytes: [UInt8] = []
    for takesNormal in [true, false] {
      for (token, text) in description.tokens.enumerated()
      where (description.tokenKinds[token] == .normal) == takesNormal && !text.isEmpty {
        bytes.removeAll(keepingCapacity: true)
        if !alphabet.append(text.utf8, to: &bytes) { bytes += text.utf8 }
        if let first = pieces.insert(bytes, token: Int32(token)), description.tokens[Int(first)] == text {
          throw .duplicateToken(text, first: Int(first), second: token)
        }
      }
    }
    return pieces
  }

  private static func merges(
    of description: TokenizerDescription, _ pieces: PieceTable, _ alphabet: ByteAlphabetReader
  ) throws(TokenizerError) -> MergeTable {
    var merges = MergeTable(count: description.merges.count)
    var bytes: [UInt8] = []
    for (rank, merge) in description.merges.enumerated() {
      let text = merge.utf8
      guard let space = text.firstIndex(of: UInt8(ascii: " ")) else {
        throw .malformedMerge(merge, rank: rank)
      }
      bytes.removeAll(keepingCapacity: true)
      let (left, right) = (text[..<space], text[text.index(after: space)...])
      // A second space is in no alphabet.
      guard alphabet.append(left, to: &bytes) else { throw .malformedMerge(merge, rank: rank) }
      let middle = bytes.count
      guard middle > 0, alphabet.append(right, to: &bytes), bytes.count > middle else {
        throw .malformedMerge(merge, rank: rank)
      }
      let pair = (rank, merge, bytes)
      let whole = MergeRule(rank: Int32(rank), token: try token(of: pair, 0..<bytes.count, pieces))
      let parts = (
        try token(of: pair, 0..<middle, pieces), try token(of: pair, middle..<bytes.count, pieces)
      )
      merges.insert(parts.0, parts.1, whole)
    }
    return merges
  }

  private static func token(
    of merge: (rank: Int, text: String, bytes: [UInt8]), _ range: Range<Int>, _ pieces: PieceTable
  ) throws(TokenizerError) -> Int32 {
    if let token = pieces.token(of: merge.bytes, range) { return token }
    let missing = ByteAlphabet.text(of: merge.bytes[range])
    throw .mergeWithoutToken(merge.text, rank: merge.rank, missing: missing)
  }

  /// Adds the tokens of a stretch of text.
  func encode(_ text: ClassifiedText, from start: Int, to tokens: inout [Int], _ merger: inout SymbolMerger) {
    var offset = start
    while offset < text.end {
      let end = preTokenizer.endOfPiece(in: text, from: offset)
      encodePiece(text.bytes, offset..<end, to: &tokens, &merger)
      offset = end
    }
  }

  @inline(__always) private func encodePiece(
    _ bytes: [UInt8], _ piece: Range<Int>, to tokens: inout [Int], _ merger: inout SymbolMerger
  ) {
    if piece.count == 1 {
      tokens.append(Int(tokenOfByte[Int(bytes[piece.lowerBound])]))
      return
    }
    if takesWholePieces, let token = pieces.token(of: bytes, piece), isText[Int(token)] {
      tokens.append(Int(token))
      return
    }
    merger.removeAll()
    for offset in piece { merger.append(offset..<(offset + 1), token: tokenOfByte[Int(bytes[offset])]) }
    merger.merge { merges.rule($0.token, $1.token) }
    merger.forEach { tokens.append(Int($0.token)) }
  }
}
