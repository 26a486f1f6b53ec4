/// Reads the tokenizer from the metadata of a GGUF file.
struct GGUFTokenizer {
  /// What `tokenizer.ggml.pre` is taken to be in a file of byte-level encoding that lacks it.
  ///
  /// The first official files of BitNet b1.58 2B4T do (github.com/microsoft/BitNet/issues/373 shows the keys of one,
  /// and llama.cpp warning of it); their vocabulary is that of Llama 3.
  static let defaultPreTokenizer = "llama-bpe"

  /// Names of the splitting whose models begin every text with a token.
  private static let preTokenizersOfLlama3 = ["llama3", "llama-v3", "llama-bpe", "falcon3"]

  private let file: GGUFFile
  private let vocabulary: Int

  /// - Parameter vocabulary: Rows of the embedding: there must be a token for each.
  init(of file: GGUFFile, vocabulary: Int) {
    self.file = file
    self.vocabulary = vocabulary
  }

  /// The description, its parts checked against each other.
  func read() throws(ModelFileError) -> TokenizerDescription {
    let model: String = try file.requiredValue(of: "tokenizer.ggml.model")
    guard let kind = TokenizerDescription.Kind(rawValue: model) else {
      throw failure("has the tokenizer '\(excerpt(model))', expected gpt2 or llama")
    }
    let tokens: [String] = try file.requiredValue(of: "tokenizer.ggml.tokens")
    guard tokens.count == vocabulary else {
      throw failure("has \(tokens.count) tokens, expected \(vocabulary) as the embedding has rows")
    }
    let scores: [Float] = try file.value(of: "tokenizer.ggml.scores") ?? []
    guard scores.isEmpty || scores.count == vocabulary else {
      throw failure("has \(scores.count) scores of \(vocabulary) tokens")
    }
    guard kind != .sentencePieceBPE || !scores.isEmpty else {
      throw failure("has no key 'tokenizer.ggml.scores', which the tokenizer llama cuts text by")
    }
    let isBytes = kind == .byteLevelBPE
    let pre = isBytes ? try file.value(of: "tokenizer.ggml.pre") ?? Self.defaultPreTokenizer : ""
    // As llama.cpp does where a file does not say.
    let addsBegin = !isBytes || Self.preTokenizersOfLlama3.contains(pre)
    return TokenizerDescription(
      kind: kind, preTokenizer: pre, tokens: tokens,
      scores: scores,
      tokenKinds: try tokenKinds(),
      merges: isBytes ? try file.requiredValue(of: "tokenizer.ggml.merges") : [],
      beginOfText: try token("bos_token_id"), endOfText: try token("eos_token_id"),
      endOfTurn: try token("eot_token_id"), unknown: try token("unknown_token_id"),
      addsBeginOfText: try file.value(of: "tokenizer.ggml.add_bos_token") ?? addsBegin,
      addsSpacePrefix: try file.value(of: "tokenizer.ggml.add_space_prefix") ?? !isBytes,
      chatTemplate: try file.value(of: "tokenizer.chat_template"))
  }

  private func tokenKinds() throws(ModelFileError) -> [TokenizerDescription.TokenKind] {
    guard let numbers: [Int32] = try file.value(of: "tokenizer.ggml.token_type") else {
      return Array(repeating: .normal, count: vocabulary)
    }
    guard numbers.count == vocabulary else {
      throw failure("has \(numbers.count) token types of \(vocabulary) tokens")
    }
    var kinds: [TokenizerDescription.TokenKind] = []
    kinds.reserveCapacity(numbers.count)
    for number in numbers {
      guard let kind = TokenizerDescription.TokenKind(rawValue: number) else {
        throw failure("has the type \(number) for token \(kinds.count), expected 1 to 6")
      }
      kinds.append(kind)
    }
    return kinds
  }

  private func token(_ key: String) throws(ModelFileError) -> Int? {
    guard let number: Int = try file.value(of: "tokenizer.ggml." + key) else { return nil }
    guard (0..<vocabulary).contains(number) else {
      throw failure("has \(number) as tokenizer.ggml.\(key), expected one of \(vocabulary) tokens")
    }
    return number
  }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file.path, tensor: nil, message: message)
  }
}
