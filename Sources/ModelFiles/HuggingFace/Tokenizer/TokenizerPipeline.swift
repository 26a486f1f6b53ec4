/// What `tokenizer.json` does with text before merges apply, recognised as one of the ways that are known.
struct TokenizerPipeline {
  let kind: TokenizerDescription.Kind
  let preTokenizer: String
  let addsSpacePrefix: Bool

  /// Stands for a space in SentencePiece's tokens.
  static let spaceMark = "\u{2581}"

  /// How Llama 3 splits text (its tokenizer.json; llama.cpp calls it llama-bpe).
  static let llama3Expression =
    #"(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\r\n\p{L}\p{N}]?\p{L}+|\p{N}{1,3}| ?[^\s\p{L}\p{N}]+[\r\n]*"#
    + #"|\s*[\r\n]+|\s+(?!\S)|\s+"#

  /// - Parameter model: The member `model` of `json`.
  init(_ json: JSONObject, model: JSONObject) throws(ModelFileError) {
    guard try model.string("type") ?? "BPE" == "BPE" else {
      throw model.wrong("type", "\"BPE\", the only kind of tokenizer that is read")
    }
    for key in ["continuing_subword_prefix", "end_of_word_suffix"] {
      if let affix = try model.string(key), !affix.isEmpty { throw model.wrong(key, "none") }
    }
    let normalizers = try Self.stages(of: "normalizer", list: "normalizers", in: json)
    let preTokenizers = try Self.stages(of: "pre_tokenizer", list: "pretokenizers", in: json)
    if try model.boolean("byte_fallback") == true {
      kind = .sentencePieceBPE
      preTokenizer = ""
      addsSpacePrefix = try Self.sentencePiecePrefix(normalizers, preTokenizers, json)
    } else {
      guard normalizers.isEmpty else { throw json.wrong("normalizer", "none before byte-level encoding") }
      kind = .byteLevelBPE
      preTokenizer = try Self.byteLevelSplit(preTokenizers, json)
      addsSpacePrefix = false
    }
  }

  /// The steps of a member that is one step or a sequence of them.
  private static func stages(
    of key: String, list: String, in json: JSONObject
  ) throws(ModelFileError) -> [JSONObject] {
    guard let stage = try json.object(key) else { return [] }
    return try stage.string("type") == "Sequence" ? try stage.objects(list) : [stage]
  }

  private static func byteLevelSplit(_ stages: [JSONObject], _ json: JSONObject) throws(ModelFileError)
    -> String
  {
    let unknown = json.failure(
      "splits text in a way that is not known, expected the byte-level encoding of GPT-2 or Llama 3")
    guard let bytes = stages.last, try bytes.string("type") == "ByteLevel",
      try bytes.boolean("add_prefix_space") != true
    else { throw unknown }
    let usesOwnExpression = try bytes.boolean("use_regex") ?? true
    if stages.count == 1, usesOwnExpression { return "gpt-2" }
    guard stages.count == 2, !usesOwnExpression, try stages[0].string("type") == "Split",
      try stages[0].string("behavior") == "Isolated", try stages[0].boolean("invert") != true,
      try stages[0].object("pattern")?.string("Regex") == llama3Expression
    else { throw unknown }
    return "llama-bpe"
  }

  /// Whether a space is put before the text. Spaces become marks in a normalizer (LLaMA's first files) or in a
  /// pre-tokenizer `Metaspace` that does not split.
  private static func sentencePiecePrefix(
    _ normalizers: [JSONObject], _ preTokenizers: [JSONObject], _ json: JSONObject
  ) throws(ModelFileError) -> Bool {
    let unknown = json.failure(
      "prepares text in a way that is not known, expected SentencePiece's mark \(spaceMark) for each space")
    var hasPrefix = false
    var replacesSpaces = false
    for stage in normalizers {
      switch try stage.string("type") {
      case "Prepend" where !hasPrefix:
        guard try stage.string("prepend") == spaceMark else { throw unknown }
        hasPrefix = true
      case "Replace" where !replacesSpaces:
        guard try stage.object("pattern")?.string("String") == " ", try stage.string("content") == spaceMark
        else { throw unknown }
        replacesSpaces = true
      default: throw unknown
      }
    }
    if let metaspace = preTokenizers.first {
      guard preTokenizers.count == 1, normalizers.isEmpty, try metaspace.string("type") == "Metaspace",
        try metaspace.string("replacement") == spaceMark, try metaspace.boolean("split") == false
      else { throw unknown }
      return try metaspace.string("prepend_scheme") ?? "always" != "never"
    }
    guard replacesSpaces else { throw unknown }
    return hasPrefix
  }
}
