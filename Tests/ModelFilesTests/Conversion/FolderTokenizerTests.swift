import Foundation
import Testing

@testable import ModelFiles

/// The tokenizer that goes along into a folder.
@Suite struct FolderTokenizerTests {
  private func description(_ change: (inout TokenizerDescription) -> Void = { _ in }) -> TokenizerDescription
  {
    var tokens = (0..<37).map { "[PAD\($0)]" }
    var kinds = [TokenizerDescription.TokenKind](repeating: .unused, count: 37)
    // The same to readers, in other bytes; and what JSON must escape.
    let texts = [
      "a", "b", "ab", "\"", "\\", "\u{01}", "\u{E9}", "e\u{301}", "<s>", "</s>", "<|eot_id|>", "<tool>",
      "\u{10FFFF}",
    ]
    for (number, text) in texts.enumerated() { (tokens[number], kinds[number]) = (text, .normal) }
    for number in 8...10 { kinds[number] = .control }
    kinds[11] = .userDefined
    var result = TokenizerDescription(
      kind: .byteLevelBPE, preTokenizer: "llama-bpe", tokens: tokens, scores: [], tokenKinds: kinds,
      merges: ["a b"], beginOfText: 8, endOfText: 9, endOfTurn: 10, unknown: nil, addsBeginOfText: true,
      addsSpacePrefix: false, chatTemplate: "{% if x == \"y\" %}\n\t{{ 'ü' }}{% endif %}")
    change(&result)
    return result
  }

  private func written(_ description: TokenizerDescription) throws -> (
    result: TokenizerDescription?, warnings: [String]
  ) {
    let folder = try ConversionFolder()
    let model = ModelWithTokenizer(try InMemoryModel(.convertible(), seed: 41), description)
    let conversion = try HuggingFaceConversion(model)
    #expect(try conversion.write(to: folder("out")))
    let hasFile = FileManager.default.fileExists(atPath: folder("out/tokenizer.json"))
    #expect(hasFile == conversion.warnings.isEmpty)
    return (hasFile ? try HuggingFaceModel(path: folder("out")).tokenizer() : nil, conversion.warnings)
  }

  @Test func byteLevelEncodingComesBackEqual() throws {
    let changes: [(inout TokenizerDescription) -> Void] = [
      { _ in }, { $0.preTokenizer = "gpt-2" }, { $0.addsBeginOfText = false }, { $0.chatTemplate = nil },
      { ($0.beginOfText, $0.addsBeginOfText) = (nil, false) }, { $0.endOfTurn = 2 }, { $0.unknown = 8 },
      { $0.merges = [] },
    ]
    for change in changes {
      let description = description(change)
      let (result, warnings) = try written(description)
      #expect(result == description)
      #expect(warnings.isEmpty)
    }
  }

  @Test func sentencePieceComesBackWithTheOrderOfItsScores() throws {
    for addsPrefix in [false, true] {
      let description = description {
        $0.kind = .sentencePieceBPE
        $0.preTokenizer = ""
        $0.merges = []
        $0.addsSpacePrefix = addsPrefix
        for (number, text) in ["aba", "ba", "abab"].enumerated() {
          ($0.tokens[13 + number], $0.tokenKinds[13 + number]) = (text, .normal)
        }
        ($0.tokens[16], $0.tokenKinds[16]) = ("<0x41>", .byte)
        ($0.tokens[17], $0.tokenKinds[17]) = ("<unk>", .unknown)
        $0.unknown = 17
        $0.scores = (0..<37).map { -1000 - Float($0) }
        ($0.scores[2], $0.scores[13], $0.scores[14], $0.scores[15]) = (-1.5, -30, -2.5, -7)
      }
      var result = try #require(try written(description).result)
      // ab, ba, then abab of ab ab, aba b, a bab; aba comes last.
      let made = [2, 14, 15, 13]
      #expect(made.map { result.scores[$0] } == made.map { result.scores[$0] }.sorted(by: >))
      #expect(Set(made.map { result.scores[$0] }).count == 4)
      #expect(result.scores.enumerated().allSatisfy { made.contains($0) || $1 < result.scores[13] })
      result.scores = description.scores
      #expect(result == description)
    }
  }

  @Test func whatCannotBeWrittenIsLeftOutWithAWarning() throws {
    let changes: [((inout TokenizerDescription) -> Void, String)] = [
      ({ $0.preTokenizer = "qwen2" }, "qwen2"), ({ $0.merges = ["a c"] }, "merge"),
      ({ $0.merges = ["ab"] }, "merge"), ({ $0.tokens[1] = "a" }, "once"),
      ({ ($0.kind, $0.scores) = (.sentencePieceBPE, []) }, "score"), ({ $0.beginOfText = 20 }, "bos_token"),
    ]
    for (change, message) in changes {
      let (result, warnings) = try written(description(change))
      #expect(result == nil)
      #expect(warnings.count == 1 && warnings[0].contains(message), "\(message): \(warnings)")
    }
  }

  /// Tokenizers of the library go through our description and back, and must give the same tokens.
  @Test(
    .enabled(if: Python.imports("tokenizers"), "needs a Python package: pip install tokenizers"),
    arguments: ["gpt-2", "llama-bpe", "sentencepiece"])
  func theLibraryGivesTheSameTokens(kind: String) throws {
    let folder = try ConversionFolder()
    let original = try TemporaryFolder()
    let prepare = """
      import json, sys
      from tokenizers import *
      from tokenizers.processors import TemplateProcessing
      kind = sys.argv[1]
      text = "\(TokenizerLibraryTests.text)"
      samples = [text, "the other THE'LL  x<tool>y<s>z", "", " lead", "tail \\n\\n ", "1234567", "añb 東 🙂 \\u0001"]

      """
    var synthetic = SyntheticModel()
    synthetic.vocabulary = 700
    try synthetic.write(to: original)
    let train = """
      specials = ["<unk>", "<s>", "</s>"]
      if kind == "sentencepiece":
          trained = Tokenizer(models.BPE())
          trained.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
          trained.train_from_iterator([text] * 4, trainers.BpeTrainer(vocab_size=110, show_progress=False))
          model = json.loads(trained.to_str())["model"]
          tokens = {token: number for number, token in enumerate(specials + [f"<0x{b:02X}>" for b in range(256)])}
          for token in sorted(model["vocab"], key=model["vocab"].get):
              tokens[token] = len(tokens)
          tokenizer = Tokenizer(models.BPE(tokens, [tuple(merge) for merge in model["merges"]], unk_token="<unk>",
                                           fuse_unk=True, byte_fallback=True))
          tokenizer.normalizer = trained.normalizer
          tokenizer.add_special_tokens([AddedToken(token, normalized=False) for token in specials])
      else:
          tokenizer = Tokenizer(models.BPE(ignore_merges=kind == "llama-bpe"))
          if kind == "gpt-2":
              tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
          else:
              tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
                  pre_tokenizers.Split(Regex(sys.argv[3]), "isolated"),
                  pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
          tokenizer.train_from_iterator([text] * 4, trainers.BpeTrainer(
              vocab_size=330, special_tokens=specials, show_progress=False,
              initial_alphabet=pre_tokenizers.ByteLevel.alphabet()))
          # A token that no merge makes: only those who take whole pieces find it.
          file = json.loads(tokenizer.to_str())
          file["model"]["vocab"]["Ġlead"] = len(file["model"]["vocab"])
          tokenizer = Tokenizer.from_str(json.dumps(file))
      tokenizer.add_tokens([AddedToken("<tool>", normalized=False)])
      number = tokenizer.token_to_id("<s>")
      tokenizer.post_processor = TemplateProcessing(single="<s> $A", special_tokens=[("<s>", number)])
      tokenizer.save(sys.argv[2] + "/tokenizer.json")
      json.dump({"bos_token": "<s>", "eos_token": "</s>"}, open(sys.argv[2] + "/tokenizer_config.json", "w"))

      """
    let show = "print(json.dumps([tokenizer.encode(sample).ids for sample in samples]))\n"
    let expected = try #require(
      Python.run(
        prepare + train + show, arguments: [kind, original.path, TokenizerPipeline.llama3Expression]))
    let read = try HuggingFaceModel(path: original.path).tokenizer()
    let architecture = ModelArchitecture.convertible { $0.vocabulary = 700 }
    let model = ModelWithTokenizer(try InMemoryModel(architecture, seed: 42), read)
    let gguf = try ModelConversion(model)
    #expect(try gguf.write(to: folder("model.gguf")))
    let conversion = try HuggingFaceConversion(GGUFModel(path: folder("model.gguf")))
    #expect(try conversion.write(to: folder("out")))
    #expect(conversion.warnings.isEmpty)
    var result = try HuggingFaceModel(path: folder("out")).tokenizer()
    if kind == "sentencepiece" { result.scores = read.scores }
    #expect(result == read)
    let load = "tokenizer = Tokenizer.from_file(sys.argv[2] + \"/tokenizer.json\")\n"
    let found = try #require(Python.run(prepare + load + show, arguments: [kind, folder("out")]))
    #expect(expected.utf8.count > 200)
    #expect(found == expected)
  }
}
