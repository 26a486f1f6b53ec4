extension TokenizerPipeline {
  /// Names of Llama 3's way to split text (`tokenizer.ggml.pre`).
  private static let namesOfLlama3 = ["llama-bpe", "llama3", "llama-v3", "falcon3"]
  private static let namesOfGPT2 = ["gpt-2", "default"]

  /// Whether text is split as Llama 3 does; no name is Llama 3's.
  static func isLlama3(_ preTokenizer: String) -> Bool {
    preTokenizer.isEmpty || namesOfLlama3.contains(preTokenizer)
  }

  /// The members of `tokenizer.json` that say what happens to text before merges and to tokens when they become text.
  ///
  /// - Parameter path: The model, for errors.
  /// - Throws: ``ModelFileError`` if text is split in a way that is not known.
  static func members(
    of description: TokenizerDescription, path: String
  ) throws(ModelFileError) -> [(key: String, value: String)] {
    switch description.kind {
    case .byteLevelBPE:
      [
        ("normalizer", "null"),
        ("pre_tokenizer", try split(description.preTokenizer, path: path)),
        ("decoder", byteLevel(usesOwnExpression: true)),
      ]
    case .sentencePieceBPE:
      [
        ("normalizer", normalizer(addsSpacePrefix: description.addsSpacePrefix)),
        ("pre_tokenizer", "null"),
        ("decoder", decoder(addsSpacePrefix: description.addsSpacePrefix)),
      ]
    }
  }

  private static func split(_ name: String, path: String) throws(ModelFileError) -> String {
    if namesOfGPT2.contains(name) { return byteLevel(usesOwnExpression: true) }
    guard isLlama3(name) else {
      throw ModelFileError(
        file: path, tensor: nil,
        message:
          "has a tokenizer that splits text as '\(excerpt(name))', which is not known, expected one of "
          + (namesOfLlama3 + namesOfGPT2).joined(separator: ", "))
    }
    let expression = step(
      "Split",
      [
        ("pattern", JSONText.object([("Regex", JSONText.string(llama3Expression))])),
        ("behavior", JSONText.string("Isolated")), ("invert", "false"),
      ])
    return sequence("pretokenizers", [expression, byteLevel(usesOwnExpression: false)])
  }

  private static func byteLevel(usesOwnExpression: Bool) -> String {
    step(
      "ByteLevel",
      [("add_prefix_space", "false"), ("trim_offsets", "true"), ("use_regex", "\(usesOwnExpression)")])
  }

  private static func normalizer(addsSpacePrefix: Bool) -> String {
    let prefix = step("Prepend", [("prepend", JSONText.string(spaceMark))])
    return sequence(
      "normalizers", (addsSpacePrefix ? [prefix] : []) + [replacement(of: " ", with: spaceMark)])
  }

  private static func decoder(addsSpacePrefix: Bool) -> String {
    let strip = step("Strip", [("content", JSONText.string(" ")), ("start", "1"), ("stop", "0")])
    return sequence(
      "decoders",
      [replacement(of: spaceMark, with: " "), step("ByteFallback", []), step("Fuse", [])]
        + (addsSpacePrefix ? [strip] : []))
  }

  private static func replacement(of text: String, with content: String) -> String {
    step(
      "Replace",
      [
        ("pattern", JSONText.object([("String", JSONText.string(text))])),
        ("content", JSONText.string(content)),
      ])
  }

  private static func sequence(_ list: String, _ steps: [String]) -> String {
    step("Sequence", [(list, JSONText.array(steps))])
  }

  private static func step(_ type: String, _ members: [(key: String, value: String)]) -> String {
    JSONText.object([("type", JSONText.string(type))] + members)
  }
}
