/// The numbers of the tokens that begin and end a text.
struct SpecialTokens {
  let beginOfText: Int?
  let endOfText: Int?
  let endOfTurn: Int?
  let unknown: Int?

  /// Tokens that end a turn of a chat in models whose files do not say so: Llama 3, ChatML.
  private static let endsOfTurns = ["<|eot_id|>", "<|im_end|>"]

  init(
    _ files: SpecialTokenFiles, tokens: TokenizerVocabulary, unknown: String?
  ) throws(ModelFileError) {
    let count = tokens.texts.count
    let begins = try files.numbers("bos_token_id", below: count)
    let ends = try files.numbers("eos_token_id", below: count)
    beginOfText = try Self.number("bos_token", files, tokens) ?? begins.first
    let end = try Self.number("eos_token", files, tokens) ?? ends.first
    endOfText = end
    endOfTurn =
      ends.first { $0 != end }
      ?? Self.endsOfTurns.lazy.compactMap { tokens.number(of: $0) }.first { $0 != end }
    self.unknown = unknown.flatMap { tokens.number(of: $0) }
  }

  /// As `add_bos_token` says; else whether the file's template for single texts has the token first.
  func addsBeginOfText(_ json: JSONObject, files: SpecialTokenFiles) throws(ModelFileError) -> Bool {
    guard beginOfText != nil else { return false }
    if let adds = try files.addsBeginOfText { return adds }
    guard let processor = try json.object("post_processor") else { return false }
    let isSequence = try processor.string("type") == "Sequence"
    for stage in isSequence ? try processor.objects("processors") : [processor]
    where try stage.string("type") == "TemplateProcessing" {
      guard let first = try stage.objects("single").first else { return false }
      return try first.object("SpecialToken") != nil
    }
    return false
  }

  private static func number(
    _ name: String, _ files: SpecialTokenFiles, _ tokens: TokenizerVocabulary
  ) throws(ModelFileError) -> Int? {
    guard let (text, file) = try files.token(name) else { return nil }
    guard let number = tokens.number(of: text) else {
      throw file.wrong(name, "one of the tokens of tokenizer.json")
    }
    return number
  }
}
