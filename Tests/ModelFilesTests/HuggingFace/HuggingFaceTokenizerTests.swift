import Testing

@testable import ModelFiles

@Suite struct HuggingFaceTokenizerTests {
  static let llama3Split = #"""
    {"type": "Sequence", "pretokenizers": [
      {"type": "Split", "behavior": "Isolated", "invert": false, "pattern": {"Regex":
        "(?i:'s|'t|'re|'ve|'m|'ll|'d)|[^\\r\\n\\p{L}\\p{N}]?\\p{L}+|\\p{N}{1,3}| ?[^\\s\\p{L}\\p{N}]+[\\r\\n]*|\\s*[\\r\\n]+|\\s+(?!\\S)|\\s+"}},
      {"type": "ByteLevel", "add_prefix_space": false, "trim_offsets": true, "use_regex": false}]}
    """#
  static let gpt2Split = #"{"type": "ByteLevel", "add_prefix_space": false}"#
  static let metaspace =
    #"{"type": "Metaspace", "replacement": "▁", "prepend_scheme": "first", "split": false}"#
  static let replaceSpaces = #"{"type": "Replace", "pattern": {"String": " "}, "content": "▁"}"#
  static let llama2Normalizer =
    #"{"type": "Sequence", "normalizers": [{"type": "Prepend", "prepend": "▁"}, "# + replaceSpaces + "]}"
  static let byteModel =
    #"{"type": "BPE", "vocab": {"a": 0, "b": 1, "c": 2, "ab": 3, "abc": 4}, "merges": [["a", "b"], ["ab", "c"]]}"#
  static let sentencePieceModel = """
    {"type": "BPE", "byte_fallback": true, "unk_token": "<unk>", "merges": ["a b", "▁ ab", "▁a b", "▁ a"],
     "vocab": {"<unk>": 0, "<s>": 1, "</s>": 2, "<0x00>": 3, "<0xAF>": 4, "a": 5, "b": 6, "▁": 7, "ab": 8, "▁ab": 9,
               "▁a": 10}}
    """
  static let sentencePieceAdded = #"""
    [{"id": 0, "content": "<unk>", "special": true}, {"id": 1, "content": "<s>", "special": true},
     {"id": 2, "content": "</s>", "special": true}]
    """#
  static let beginFirst =
    #"{"type": "TemplateProcessing", "single": [{"SpecialToken": {"id": "<s>", "type_id": 0}}, {"Sequence": {"id": "A"}}]}"#

  func read(
    model: String, added: String = "[]", preTokenizer: String = "null", normalizer: String = "null",
    processor: String = "null", vocabulary: Int = 12, files: [String: String] = [:]
  ) throws -> TokenizerDescription {
    let folder = try TemporaryFolder()
    var synthetic = SyntheticModel()
    synthetic.vocabulary = vocabulary
    try synthetic.write(to: folder)
    try folder.write(
      "tokenizer.json",
      """
      {"version": "1.0", "truncation": null, "added_tokens": \(added), "normalizer": \(normalizer),
       "pre_tokenizer": \(preTokenizer), "post_processor": \(processor), "model": \(model)}
      """)
    for (name, text) in files { try folder.write(name, text) }
    return try HuggingFaceModel(path: folder.path).tokenizer()
  }

  @Test func byteLevelEncodingIsRead() throws {
    let description = try read(
      model: Self.byteModel,
      added: #"""
        [{"id": 5, "content": "<|begin_of_text|>", "special": true}, {"id": 6, "content": "<|end_of_text|>", "special": true},
         {"id": 8, "content": "<|eot_id|>", "special": true}, {"id": 9, "content": "<tool>", "special": false}]
        """#,
      preTokenizer: Self.llama3Split,
      processor: #"{"type": "Sequence", "processors": [{"type": "ByteLevel"}, "# + Self.beginFirst + "]}",
      vocabulary: 11,
      files: [
        "tokenizer_config.json":
          #"{"bos_token": "<|begin_of_text|>", "eos_token": {"content": "<|end_of_text|>"}, "chat_template": "{{ x }}"}"#
      ])
    #expect(
      description
        == TokenizerDescription(
          kind: .byteLevelBPE, preTokenizer: "llama-bpe",
          tokens: [
            "a", "b", "c", "ab", "abc", "<|begin_of_text|>", "<|end_of_text|>", "[PAD7]", "<|eot_id|>",
            "<tool>", "[PAD10]",
          ], scores: [],
          tokenKinds: [
            .normal, .normal, .normal, .normal, .normal, .control, .control, .unused, .control, .userDefined,
            .unused,
          ], merges: ["a b", "ab c"], beginOfText: 5, endOfText: 6, endOfTurn: 8, unknown: nil,
          addsBeginOfText: true, addsSpacePrefix: false, chatTemplate: "{{ x }}"))
  }

  @Test func sentencePieceEncodingIsRead() throws {
    let description = try read(
      model: Self.sentencePieceModel, added: Self.sentencePieceAdded, normalizer: Self.llama2Normalizer,
      files: [
        "tokenizer_config.json": #"{"add_bos_token": true, "bos_token": "<s>", "eos_token": "</s>"}"#
      ])
    #expect(description.kind == .sentencePieceBPE && description.preTokenizer.isEmpty)
    #expect(description.merges.isEmpty)
    // "▁ab" is made by ranks 1 and 2: the first counts.
    #expect(description.scores == [-4, -4, -4, -4, -4, -4, -4, -4, 0, -1, -3, -4])
    #expect(
      description.tokenKinds == [
        .unknown, .control, .control, .byte, .byte, .normal, .normal, .normal, .normal, .normal, .normal,
        .unused,
      ])
    #expect((description.beginOfText, description.endOfText, description.unknown) == (1, 2, 0))
    #expect(description.endOfTurn == nil)
    #expect(description.addsBeginOfText && description.addsSpacePrefix)
  }

  @Test(arguments: [
    (Self.llama2Normalizer, "null", true), (Self.replaceSpaces, "null", false),
    ("null", Self.metaspace, true), ("null", Self.metaspace.replacing("first", with: "never"), false),
    ("null", Self.metaspace.replacing("first", with: "always"), true),
  ])
  func theSpaceBeforeTheFirstWordIsKnown(normalizer: String, preTokenizer: String, adds: Bool) throws {
    let description = try read(
      model: Self.sentencePieceModel, preTokenizer: preTokenizer, normalizer: normalizer)
    #expect(description.addsSpacePrefix == adds)
  }

  @Test func gpt2IsKnown() throws {
    let description = try read(model: Self.byteModel, preTokenizer: Self.gpt2Split)
    #expect(description.preTokenizer == "gpt-2" && !description.addsBeginOfText)
    #expect(description.beginOfText == nil && description.endOfText == nil)
  }

  /// Which file says what begins and ends a text; the numbers 1 to 4 are `<s>`, `</s>`, and two more.
  @Test(
    arguments: [
      ([:], nil, nil, nil, false),
      (["tokenizer_config.json": #"{"bos_token": "<s>", "eos_token": "</s>"}"#], 1, 2, nil, true),
      (["tokenizer_config.json": #"{"bos_token": "<s>", "add_bos_token": false}"#], 1, nil, nil, false),
      (
        ["special_tokens_map.json": #"{"bos_token": {"content": "<s>"}, "eos_token": "</s>"}"#], 1, 2, nil,
        true
      ),
      (["generation_config.json": #"{"bos_token_id": 1, "eos_token_id": [2, 5]}"#], 1, 2, 5, true),
      (
        [
          "generation_config.json": #"{"eos_token_id": [2, 5]}"#,
          "tokenizer_config.json": #"{"eos_token": "a", "bos_token": null}"#,
        ], nil, 5, 2, false
      ),
    ] as [([String: String], Int?, Int?, Int?, Bool)])
  func specialTokensAreFound(
    files: [String: String], begin: Int?, end: Int?, turn: Int?, adds: Bool
  ) throws {
    let description = try read(
      model: Self.sentencePieceModel, added: Self.sentencePieceAdded, normalizer: Self.llama2Normalizer,
      processor: Self.beginFirst, files: files)
    #expect(description.beginOfText == begin && description.endOfText == end)
    #expect(description.endOfTurn == turn && description.addsBeginOfText == adds)
  }

  @Test(arguments: [
    (["tokenizer_config.json": #"{"chat_template": "one"}"#], "one"),
    (
      [
        "tokenizer_config.json":
          #"{"chat_template": [{"name": "tool_use", "template": "no"}, {"name": "default", "template": "two"}]}"#
      ], "two"
    ),
    (["tokenizer_config.json": #"{"chat_template": "one"}"#, "chat_template.jinja": "é three"], "é three"),
  ])
  func chatTemplatesAreFound(files: [String: String], expected: String) throws {
    let description = try read(model: Self.byteModel, preTokenizer: Self.gpt2Split, files: files)
    #expect(description.chatTemplate == expected)
  }

  /// Å as one character, as a letter with a ring, and as the sign of a unit: readers see the same.
  @Test func tokensThatLookAlikeAreDifferentTokens() throws {
    let description = try read(
      model:
        #"{"byte_fallback": true, "vocab": {"\u00c5": 0, "A\u030a": 1, "\u212b": 2, "A": 3, "\u030a": 4}, "merges": ["A \u030a"]}"#,
      normalizer: Self.replaceSpaces, vocabulary: 5)
    #expect(
      description.tokens.map { $0.unicodeScalars.map(\.value) } == [
        [0xC5], [0x41, 0x30A], [0x212B], [0x41], [0x30A],
      ])
    #expect(description.scores == [-1, 0, -1, -1, -1])
  }

  @Test(arguments: [
    ("{}", "has no 'model.vocab'"),
    (#"{"type": "Unigram", "vocab": []}"#, "has 'model.type' \"Unigram\", expected \"BPE\""),
    (#"{"vocab": []}"#, "has 'model.vocab' a list, expected an object"),
    (#"{"vocab": {"a": 12}}"#, "has 'model.vocab.a' 12, expected a whole number from 0 to 11"),
    (#"{"vocab": {"a": -1}}"#, "has 'model.vocab.a' -1, expected a whole number from 0 to 11"),
    (#"{"vocab": {"a": null}}"#, "has no 'model.vocab.a'"),
    (#"{"vocab": {"a": 1, "b": 1}}"#, "gives the number 1 to "),
    (#"{"vocab": {"a": 1, "a": 2}}"#, "expected the key 'a' once"),
    (#"{"vocab": {"a": 1}, "merges": {}}"#, "has 'model.merges' an object, expected a list"),
    (#"{"vocab": {"a": 1}, "merges": [7]}"#, "has the merge 0 7, expected two tokens"),
    (#"{"vocab": {"a": 1}, "merges": ["a"]}"#, "has the merge 0 \"a\", expected two tokens"),
    (#"{"vocab": {"a": 1}, "merges": ["a a a"]}"#, "has the merge 0 \"a a a\", expected two tokens"),
    (#"{"vocab": {"a": 1}, "merges": [["a", "a", "a"]]}"#, "has the merge 0 a list, expected two tokens"),
    (#"{"vocab": {"a": 1}, "merges": ["a a"]}"#, "has the merge 0 of 'a' and 'a', but one of them or what"),
    (#"{"vocab": {"aa": 1}, "merges": [["a", "a"]]}"#, "has the merge 0 of 'a' and 'a', but one of them or"),
    (
      #"{"vocab": {}, "end_of_word_suffix": "</w>"}"#,
      "has 'model.end_of_word_suffix' \"</w>\", expected none"
    ),
  ])
  func aBrokenModelIsRefused(model: String, expected: String) throws {
    try refuses(expected) { try read(model: model, preTokenizer: Self.gpt2Split) }
  }

  @Test(arguments: [
    ("null", "null", "splits text in a way that is not known"),
    (Self.metaspace, "null", "splits text in a way that is not known"),
    (Self.gpt2Split.replacing("false", with: "true"), "null", "splits text in a way that is not known"),
    (Self.llama3Split.replacing("{1,3}", with: "{1,2}"), "null", "splits text in a way that is not known"),
    (
      Self.llama3Split.replacing("Isolated", with: "Removed"), "null",
      "splits text in a way that is not known"
    ),
    (
      Self.llama3Split.replacing(#""use_regex": false"#, with: #""use_regex": true"#), "null",
      "splits text in a way"
    ),
    (#"{"type": "Sequence"}"#, "null", "splits text in a way that is not known"),
    (
      #"{"type": "Sequence", "pretokenizers": [7]}"#, "null",
      "has 'pre_tokenizer.pretokenizers' a list, expected"
    ),
    (Self.gpt2Split, #"{"type": "NFC"}"#, "has 'normalizer' an object, expected none"),
  ])
  func anUnknownWayOfSplittingIsRefused(preTokenizer: String, normalizer: String, expected: String) throws {
    try refuses(expected) {
      try read(model: Self.byteModel, preTokenizer: preTokenizer, normalizer: normalizer)
    }
  }

  @Test(arguments: [
    ("null", "null"), ("null", #"{"type": "NFKC"}"#), (Self.metaspace, Self.replaceSpaces),
    ("null", #"{"type": "Prepend", "prepend": "▁"}"#), ("null", Self.replaceSpaces.replacing("▁", with: "_")),
    (Self.metaspace.replacing("false", with: "true"), "null"), (Self.gpt2Split, "null"),
    ("null", #"{"type": "Sequence", "normalizers": [\#(Self.replaceSpaces), \#(Self.replaceSpaces)]}"#),
  ])
  func anUnknownPreparationIsRefused(preTokenizer: String, normalizer: String) throws {
    try refuses("prepares text in a way that is not known") {
      try read(model: Self.sentencePieceModel, preTokenizer: preTokenizer, normalizer: normalizer)
    }
  }

  @Test(arguments: [
    (
      "tokenizer_config.json", #"{"bos_token": "<none>"}"#,
      "has 'bos_token' \"<none>\", expected one of the tokens"
    ),
    ("tokenizer_config.json", #"{"bos_token": 7}"#, "has 'bos_token' 7, expected a token"),
    ("tokenizer_config.json", #"{"bos_token": {}}"#, "has 'bos_token' an object, expected a token"),
    (
      "tokenizer_config.json", #"{"add_bos_token": "yes", "bos_token": "a"}"#,
      "has 'add_bos_token' \"yes\", expected"
    ),
    (
      "generation_config.json", #"{"eos_token_id": [1, 12]}"#,
      "has 'eos_token_id' a list, expected numbers of tokens from 0"
    ),
    (
      "generation_config.json", #"{"bos_token_id": -1}"#,
      "has 'bos_token_id' -1, expected numbers of tokens from 0"
    ),
    ("special_tokens_map.json", "[", "is broken JSON"),
  ])
  func aBrokenFileBesideIsRefused(name: String, text: String, expected: String) throws {
    try refuses(expected) {
      try read(model: Self.byteModel, preTokenizer: Self.gpt2Split, files: [name: text])
    }
  }

  @Test func aFolderWithoutTokenizerIsAModelAllTheSame() throws {
    let folder = try TemporaryFolder()
    try SyntheticModel().write(to: folder)
    let model = try HuggingFaceModel(path: folder.path)
    #expect(try model.vector(.outputNorm).count == 24)
    try refuses("does not exist; text can be tokenised only with the model's tokenizer.json") {
      try model.tokenizer()
    }
  }

  private func refuses(_ expected: String, _ read: () throws -> TokenizerDescription) throws {
    do {
      _ = try read()
      Issue.record("accepted, expected an error that it \(expected)")
    } catch let error as ModelFileError {
      #expect(error.description.contains(expected), "\(error)")
      #expect(!error.description.contains("\n"))
    }
  }
}
