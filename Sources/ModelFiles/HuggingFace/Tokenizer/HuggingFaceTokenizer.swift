/// Reads the tokenizer of a Hugging Face folder: `tokenizer.json` of the tokenizers library, and the files beside it
/// that say which tokens begin and end a text.
enum HuggingFaceTokenizer {
  /// The longest `tokenizer.json` read: those of 250 000 tokens have some 20 million bytes.
  static let maximumBytes = 100_000_000
  /// The longest of the files beside it.
  static let maximumConfigurationBytes = 10_000_000

  /// - Parameter vocabulary: Rows of the model's embedding: tokens beyond those of the file are unused ones.
  static func read(
    _ folder: HuggingFaceFolder, vocabulary: Int
  ) throws(ModelFileError) -> TokenizerDescription {
    guard let json = try folder.json("tokenizer.json", maximumBytes: maximumBytes) else {
      throw ModelFileError(
        file: folder.path(of: "tokenizer.json"), tensor: nil,
        message: "does not exist; text can be tokenised only with the model's tokenizer.json in its folder")
    }
    return try read(json, files: try SpecialTokenFiles(folder), vocabulary: vocabulary)
  }

  static func read(
    _ json: JSONObject, files: SpecialTokenFiles, vocabulary: Int
  ) throws(ModelFileError) -> TokenizerDescription {
    let model = try json.required(try json.object("model"), "model")
    let pipeline = try TokenizerPipeline(json, model: model)
    var unknown = try files.token("unk_token")?.text
    if unknown == nil { unknown = try model.string("unk_token") }
    var tokens = try TokenizerVocabulary(json, model: model, count: vocabulary)
    if pipeline.kind == .sentencePieceBPE { tokens.markBytes(unknown: unknown) }
    let merges = try TokenizerMerges(model, tokens: tokens)
    let special = try SpecialTokens(files, tokens: tokens, unknown: unknown)
    return TokenizerDescription(
      kind: pipeline.kind, preTokenizer: pipeline.preTokenizer, tokens: tokens.texts,
      scores: pipeline.kind == .sentencePieceBPE ? merges.scores(count: vocabulary) : [],
      tokenKinds: tokens.kinds,
      merges: pipeline.kind == .byteLevelBPE ? merges.pairs.map { "\($0.left) \($0.right)" } : [],
      beginOfText: special.beginOfText, endOfText: special.endOfText, endOfTurn: special.endOfTurn,
      unknown: special.unknown,
      addsBeginOfText: try special.addsBeginOfText(json, files: files),
      addsSpacePrefix: pipeline.addsSpacePrefix, chatTemplate: files.chatTemplate)
  }
}
