extension HuggingFaceTokenizerFiles {
  /// SentencePiece's tokens have at most 16 characters if its training is not told otherwise; the work grows with the
  /// square of the length.
  private static let longestSplit = 512

  /// Merges that choose what SentencePiece's scores choose: every pair of tokens that makes a token, those with high
  /// scores first, as transformers' converter of SentencePiece's files has them.
  static func scoredMerges(
    _ description: TokenizerDescription, path: String
  ) throws(ModelFileError) -> [String] {
    guard description.scores.count == description.tokens.count, !description.scores.contains(where: \.isNaN)
    else {
      throw ModelFileError(
        file: path, tensor: nil, message: "has a tokenizer without a score for each of its tokens")
    }
    var numbers: [ExactText: Int] = [:]
    for (number, token) in description.tokens.enumerated() where description.tokenKinds[number] == .normal {
      numbers[ExactText(token)] = number
    }
    var merges: [Merge] = []
    for (token, number) in numbers {
      let scalars = Array(token.string.unicodeScalars)
      guard scalars.count <= longestSplit else {
        throw ModelFileError(
          file: path, tensor: nil,
          message: "has the token \(number) of \(scalars.count) characters, more than merges are sought for")
      }
      for cut in scalars.indices.dropFirst() {
        guard let left = numbers[ExactText(text(scalars[..<cut]))],
          let right = numbers[ExactText(text(scalars[cut...]))]
        else { continue }
        merges.append(Merge(score: description.scores[number], left: left, right: right))
      }
    }
    merges.sort { ($1.score, $0.left, $0.right) < ($0.score, $1.left, $1.right) }
    return merges.map { merge in
      JSONText.array([merge.left, merge.right].map { JSONText.string(description.tokens[$0]) })
    }
  }

  /// Two tokens by number, and the score of the one that they make.
  private struct Merge {
    let score: Float
    let left: Int
    let right: Int
  }

  private static func text(_ scalars: ArraySlice<Unicode.Scalar>) -> String {
    var text = ""
    text.unicodeScalars.append(contentsOf: scalars)
    return text
  }
}
