import Foundation
import Testing

@testable import ModelFiles

/// Tokenizers trained and saved by the tokenizers library.
@Suite(.enabled(if: Python.imports("tokenizers"), "needs a Python package: pip install tokenizers"))
struct TokenizerLibraryTests {
  static let text =
    "the theory of the thing is that they think there; other things, as those, are the rest. "
    + "Äpfel über Öl — naïve café, 東京 and 京都! 12345 67.89\\n\\tindented  twice   thrice"

  func tokenizer(savedBy code: String, vocabulary: Int) throws -> (TokenizerDescription, printed: [String]) {
    let folder = try TemporaryFolder()
    var synthetic = SyntheticModel()
    synthetic.vocabulary = vocabulary
    try synthetic.write(to: folder)
    let printed = try #require(
      Python.run(
        "import json, sys\nfrom tokenizers import *\ntext = \"\(Self.text)\"\n" + code,
        arguments: [folder.path(of: "tokenizer.json")]))
    return (
      try HuggingFaceModel(path: folder.path).tokenizer(),
      printed.split(separator: "\n").map(String.init)
    )
  }

  @Test func aByteLevelTokenizerIsReadAlike() throws {
    let (description, printed) = try tokenizer(
      savedBy: """
        tokenizer = Tokenizer(models.BPE())
        tokenizer.pre_tokenizer = pre_tokenizers.ByteLevel(add_prefix_space=False)
        tokenizer.decoder = decoders.ByteLevel()
        trainer = trainers.BpeTrainer(vocab_size=330, special_tokens=["<s>", "</s>"], show_progress=False,
                                      initial_alphabet=pre_tokenizers.ByteLevel.alphabet())
        tokenizer.train_from_iterator([text] * 4, trainer)
        tokenizer.add_tokens(["<tool>"])
        tokenizer.save(sys.argv[1])
        model = json.load(open(sys.argv[1]))["model"]
        print(json.dumps([tokenizer.id_to_token(i) for i in range(tokenizer.get_vocab_size())]))
        print(json.dumps([" ".join(merge) for merge in model["merges"]]))
        """, vocabulary: 340)
    let decoder = JSONDecoder()
    let tokens = try decoder.decode([String].self, from: Data(printed[0].utf8))
    let merges = try decoder.decode([String].self, from: Data(printed[1].utf8))
    #expect(tokens.count > 300 && merges.count > 40)
    #expect(Array(description.tokens.prefix(tokens.count)) == tokens && description.tokens.count == 340)
    #expect(description.merges == merges)
    #expect(description.preTokenizer == "gpt-2" && description.kind == .byteLevelBPE)
    #expect(description.tokenKinds[0] == .control && description.tokenKinds[tokens.count - 1] == .userDefined)
    #expect(description.tokenKinds[339] == .unused)
  }

  /// Trained merges, completed by every other pair that makes the same token, as the converter of SentencePiece's
  /// files does: then scores must lead to the same tokens.
  @Test func scoresGiveTheMergesOfTheLibrary() throws {
    let (description, printed) = try tokenizer(
      savedBy: """
        trained = Tokenizer(models.BPE())
        mark = "\\u2581"
        trained.normalizer = normalizers.Sequence([normalizers.Prepend(mark), normalizers.Replace(" ", mark)])
        trained.train_from_iterator([text] * 4, trainers.BpeTrainer(vocab_size=110, show_progress=False))
        model = json.loads(trained.to_str())["model"]
        tokens = {f"<0x{byte:02X}>": byte for byte in range(256)}
        for token in sorted(model["vocab"], key=model["vocab"].get):
            tokens[token] = len(tokens)
        merges = []
        for left, right in model["merges"]:
            whole = left + right
            splits = [(whole[:i], whole[i:]) for i in range(1, len(whole))]
            merges += [split for split in splits if split[0] in tokens and split[1] in tokens]
        tokenizer = Tokenizer(models.BPE(vocab=tokens, merges=merges, byte_fallback=True))
        tokenizer.normalizer = trained.normalizer
        tokenizer.save(sys.argv[1])
        for sample in [text, "the", "thethethe other", "rest of things", "0123456789", "abc " * 9, ""]:
            print(json.dumps([sample, tokenizer.encode(sample).ids]))
        """, vocabulary: 400)
    #expect(description.kind == .sentencePieceBPE && description.addsSpacePrefix)
    #expect(printed.count == 7)
    var merged = 0
    for line in printed {
      guard let sample = try JSONSerialization.jsonObject(with: Data(line.utf8)) as? [Any],
        let text = sample[0] as? String, let expected = sample[1] as? [Int]
      else {
        Issue.record("not understood: \(line)")
        return
      }
      let tokens = encode(text, description)
      #expect(tokens == expected, "\(text)")
      merged += text.utf8.count - tokens.count
    }
    #expect(merged > 100, "merges must have been needed")
  }

  /// SentencePiece's algorithm in its plainest form: joins the neighbours whose token has the highest score.
  private func encode(_ text: String, _ description: TokenizerDescription) -> [Int] {
    guard !text.isEmpty else { return [] }
    var numbers: [ExactText: Int] = [:]
    for (number, token) in description.tokens.enumerated() { numbers[ExactText(token)] = number }
    var pieces = ("\u{2581}" + text.replacing(" ", with: "\u{2581}")).unicodeScalars.map { String($0) }
    while true {
      var best: (place: Int, score: Float)?
      for place in 0..<pieces.count - 1 {
        guard let number = numbers[ExactText(pieces[place] + pieces[place + 1])] else { continue }
        if description.scores[number] > best?.score ?? -.infinity {
          best = (place, description.scores[number])
        }
      }
      guard let place = best?.place else { break }
      pieces[place] += pieces.remove(at: place + 1)
    }
    return pieces.flatMap { piece in
      numbers[ExactText(piece)].map { [$0] } ?? piece.utf8.map { Int($0) }
    }
  }
}
