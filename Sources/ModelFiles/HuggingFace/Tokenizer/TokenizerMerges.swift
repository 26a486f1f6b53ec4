/// The merges of a `tokenizer.json`, in the order of their rank.
struct TokenizerMerges {
  /// Two tokens and the one that they become.
  struct Pair {
    let left: String
    let right: String
    let merged: Int
  }

  let pairs: [Pair]

  /// - Parameter model: The member `model` of the file.
  init(_ model: JSONObject, tokens: TokenizerVocabulary) throws(ModelFileError) {
    let list = try model.array("merges") ?? []
    // Ranks are exact as the scores they become.
    guard list.count <= 1 << 24 else { throw model.failure("has more than \(1 << 24) merges") }
    var pairs: [Pair] = []
    pairs.reserveCapacity(list.count)
    for (rank, merge) in list.enumerated() {
      guard let (left, right) = Self.halves(merge), !left.utf8.contains(32), !right.utf8.contains(32) else {
        throw model.failure("has the merge \(rank) \(merge.kind), expected two tokens without spaces")
      }
      guard tokens.number(of: left) != nil, tokens.number(of: right) != nil,
        let merged = tokens.number(of: left + right)
      else {
        throw model.failure(
          "has the merge \(rank) of '\(excerpt(left))' and '\(excerpt(right))', but one of them or what they "
            + "become is no token")
      }
      pairs.append(Pair(left: left, right: right, merged: merged))
    }
    self.pairs = pairs
  }

  /// Scores that make SentencePiece's algorithm, which joins the pair whose token has the highest score, choose the
  /// same merges: the negative of a token's first rank. Tokens that no merge makes come last.
  func scores(count: Int) -> [Float] {
    var scores = [Float](repeating: -Float(pairs.count), count: count)
    for (rank, pair) in pairs.enumerated().reversed() { scores[pair.merged] = -Float(rank) }
    return scores
  }

  /// Two strings, or until tokenizers 0.20 one with a space between.
  private static func halves(_ merge: JSONValue) -> (String, String)? {
    switch merge {
    case .string(let text):
      guard let space = text.utf8.firstIndex(of: 32) else { return nil }
      return (String(text[..<space]), String(text[text.utf8.index(after: space)...]))
    case .array(let halves):
      guard halves.count == 2, case .string(let left) = halves[0], case .string(let right) = halves[1] else {
        return nil
      }
      return (left, right)
    default: return nil
    }
  }
}
