/// The files of a Hugging Face folder that hold a tokenizer, as texts.
struct HuggingFaceTokenizerFiles {
  /// `tokenizer.json`, as the tokenizers library loads it.
  let tokenizer: String
  /// `tokenizer_config.json`: which tokens begin and end a text, and the template of chats.
  let configuration: String
  /// `generation_config.json`: all tokens that end a generation.
  let generation: String

  /// - Parameters:
  ///   - contextLength: Of the model.
  ///   - path: The model, for errors.
  /// - Throws: ``ModelFileError`` if the tokenizer is of a kind that such files cannot hold, or contradicts itself so
  ///   that they could not be read.
  init(
    _ description: TokenizerDescription, contextLength: Int, path: String
  ) throws(ModelFileError) {
    let special = Self.specialTokens(description)
    tokenizer = JSONText.file(
      [
        ("version", JSONText.string("1.0")), ("truncation", "null"), ("padding", "null"),
        ("added_tokens", Self.addedTokens(description)),
      ]
        + (try TokenizerPipeline.members(of: description, path: path)) + [
          ("post_processor", Self.postProcessor(description)),
          ("model", try Self.model(description, path: path)),
        ])
    var configuration = special.map { (key: $0.key, value: JSONText.string($0.text)) }
    configuration.append(("add_bos_token", "\(description.addsBeginOfText)"))
    if let template = description.chatTemplate {
      configuration.append(("chat_template", JSONText.string(template)))
    }
    configuration += [
      ("clean_up_tokenization_spaces", "false"), ("model_max_length", "\(contextLength)"),
      ("tokenizer_class", JSONText.string("PreTrainedTokenizerFast")),
    ]
    self.configuration = JSONText.file(configuration)
    var generation: [(key: String, value: String)] = []
    if let begin = description.beginOfText { generation.append(("bos_token_id", "\(begin)")) }
    let ends = [description.endOfText, description.endOfTurn].compactMap { $0 }.map(String.init)
    if !ends.isEmpty { generation.append(("eos_token_id", JSONText.array(ends))) }
    self.generation = JSONText.file(generation)
    // What cannot be read back is of no use: a token twice, a merge of tokens that do not exist.
    _ = try HuggingFaceTokenizer.read(
      JSONObject(text: tokenizer, file: path),
      files: SpecialTokenFiles(
        tokenizer: JSONObject(text: self.configuration, file: path),
        generation: JSONObject(text: self.generation, file: path)),
      vocabulary: description.tokens.count)
  }

  private static func text(_ token: Int?, _ description: TokenizerDescription) -> String? {
    guard let token, description.tokens.indices.contains(token) else { return nil }
    return description.tokens[token]
  }

  private static func specialTokens(_ description: TokenizerDescription) -> [(key: String, text: String)] {
    let tokens = [
      ("bos_token", description.beginOfText), ("eos_token", description.endOfText),
      ("unk_token", description.unknown),
    ]
    return tokens.compactMap { key, token in text(token, description).map { (key, $0) } }
  }

  /// Tokens that are matched before all else.
  private static func addedTokens(_ description: TokenizerDescription) -> String {
    var added: [String] = []
    for (number, kind) in description.tokenKinds.enumerated()
    where kind == .control || kind == .userDefined || kind == .unknown {
      added.append(
        JSONText.object([
          ("id", "\(number)"), ("content", JSONText.string(description.tokens[number])),
          ("single_word", "false"),
          ("lstrip", "false"), ("rstrip", "false"), ("normalized", "false"),
          ("special", "\(kind != .userDefined)"),
        ]))
    }
    return JSONText.array(added)
  }

  /// Puts the token that begins a text before it.
  private static func postProcessor(_ description: TokenizerDescription) -> String {
    guard description.addsBeginOfText, let number = description.beginOfText,
      let begin = text(number, description)
    else { return "null" }
    let quoted = JSONText.string(begin)
    func stage(_ kind: String, _ name: String, _ type: Int) -> String {
      JSONText.object([(kind, JSONText.object([("id", name), ("type_id", "\(type)")]))])
    }
    let (first, second) = (JSONText.string("A"), JSONText.string("B"))
    return JSONText.object([
      ("type", JSONText.string("TemplateProcessing")),
      ("single", JSONText.array([stage("SpecialToken", quoted, 0), stage("Sequence", first, 0)])),
      (
        "pair",
        JSONText.array([
          stage("SpecialToken", quoted, 0), stage("Sequence", first, 0), stage("SpecialToken", quoted, 1),
          stage("Sequence", second, 1),
        ])
      ),
      (
        "special_tokens",
        JSONText.object([
          (
            begin,
            JSONText.object([
              ("id", quoted), ("ids", JSONText.array(["\(number)"])), ("tokens", JSONText.array([quoted])),
            ])
          )
        ])
      ),
    ])
  }

  private static func model(
    _ description: TokenizerDescription, path: String
  ) throws(ModelFileError) -> String {
    let isBytes = description.kind == .byteLevelBPE
    let merges =
      isBytes ? description.merges.map(Self.pair) : try scoredMerges(description, path: path)
    // Unused tokens are left out: readers fill up the numbers.
    let vocabulary = description.tokens.indices.filter { description.tokenKinds[$0] != .unused }.map {
      (key: description.tokens[$0], value: "\($0)")
    }
    return JSONText.object([
      ("type", JSONText.string("BPE")), ("dropout", "null"),
      ("unk_token", text(description.unknown, description).map(JSONText.string) ?? "null"),
      ("continuing_subword_prefix", "null"), ("end_of_word_suffix", "null"),
      ("fuse_unk", "\(!isBytes)"), ("byte_fallback", "\(!isBytes)"),
      // Llama 3 takes pieces that are tokens as they are, without merges.
      ("ignore_merges", "\(isBytes && TokenizerPipeline.isLlama3(description.preTokenizer))"),
      ("vocab", JSONText.object(vocabulary)), ("merges", JSONText.array(merges)),
    ])
  }

  /// A merge `left right` as the list of both; what is not of that form stays a string, which readers refuse.
  private static func pair(_ merge: String) -> String {
    let halves = merge.split(separator: " ", omittingEmptySubsequences: false)
    guard halves.count == 2 else { return JSONText.string(merge) }
    return JSONText.array(halves.map { JSONText.string(String($0)) })
  }
}
