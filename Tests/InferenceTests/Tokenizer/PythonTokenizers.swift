import Foundation
import ModelFiles

/// Hugging Face's `tokenizers`, the reference, if the machine has it.
enum PythonTokenizers {
  static let areInstalled = run(["-c", "import tokenizers"])

  /// The tokens of texts with the same vocabulary.
  ///
  /// - Parameters:
  ///   - pattern: By which the reference splits text; `nil` for SentencePiece.
  ///   - takesWholePieces: The reference's `ignore_merges`.
  ///   - special: Whether it matches special tokens in text.
  static func encode(
    _ texts: [String], _ description: TokenizerDescription, pattern: String?, takesWholePieces: Bool = false,
    special: Bool = false
  ) throws -> [Reference] {
    let task = Task(
      tokens: description.tokens, merges: description.merges, scores: description.scores,
      kinds: description.tokenKinds.map(\.rawValue), pattern: pattern, takesWholePieces: takesWholePieces,
      special: special, texts: texts.map { $0.unicodeScalars.map(\.value) })
    return try run(encoding, on: task)
  }

  /// Where, in UTF-8, the pieces of texts end that an expression gives.
  static func endsOfPieces(of texts: [String], pattern: String) throws -> [[Int]] {
    let task = Task(
      tokens: [], merges: [], scores: [], kinds: [], pattern: pattern, takesWholePieces: false,
      special: false,
      texts: texts.map { $0.unicodeScalars.map(\.value) })
    return try run(splitting, on: task)
  }

  private static func run<Result: Decodable>(_ script: String, on task: Task) throws -> Result {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent(UUID().uuidString)
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (input, output) = (folder.appendingPathComponent("task"), folder.appendingPathComponent("result"))
    try JSONEncoder().encode(task).write(to: input)
    guard run(["-c", script, input.path, output.path]) else { throw Failed() }
    return try JSONDecoder().decode(Result.self, from: Data(contentsOf: output))
  }

  /// What the reference makes of a text.
  struct Reference: Decodable {
    var tokens: [Int]
    /// The scalars of the tokens' text.
    var decoded: [UInt32]
  }

  struct Failed: Error {}

  private struct Task: Encodable {
    var tokens: [String]
    var merges: [String]
    var scores: [Float]
    var kinds: [Int32]
    var pattern: String?
    var takesWholePieces: Bool
    var special: Bool
    /// As numbers: not every JSON library passes every scalar on.
    var texts: [[UInt32]]
  }

  private static let splitting = """
    import json, sys
    from tokenizers import Regex, pre_tokenizers
    task = json.load(open(sys.argv[1], encoding="utf-8"))
    splitter = pre_tokenizers.Split(Regex(task["pattern"]), "isolated")
    results = []
    for text in ("".join(map(chr, text)) for text in task["texts"]):
        ends, end = [], 0
        for piece, _ in splitter.pre_tokenize_str(text):
            end += len(piece.encode())
            ends.append(end)
        results.append(ends)
    json.dump(results, open(sys.argv[2], "w"))
    """

  private static let encoding = """
    import json, sys
    from tokenizers import AddedToken, Regex, Tokenizer, decoders, models, normalizers, pre_tokenizers
    NORMAL, UNKNOWN, CONTROL, USER_DEFINED = 1, 2, 3, 4
    task = json.load(open(sys.argv[1], encoding="utf-8"))
    vocabulary = {token: number for number, token in enumerate(task["tokens"])}
    if task.get("pattern"):
        merges = [tuple(merge.split(" ")) for merge in task["merges"]]
        tokenizer = Tokenizer(models.BPE(vocabulary, merges, ignore_merges=task["takesWholePieces"]))
        tokenizer.pre_tokenizer = pre_tokenizers.Sequence([
            pre_tokenizers.Split(Regex(task["pattern"]), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False)])
        tokenizer.decoder = decoders.ByteLevel()
    else:
        pieces = {token for token, kind in zip(task["tokens"], task["kinds"]) if kind == NORMAL}
        merges = [(-task["scores"][vocabulary[piece]], piece[:cut], piece[cut:])
                  for piece in pieces for cut in range(1, len(piece)) if piece[:cut] in pieces and piece[cut:] in pieces]
        merges = [(left, right) for _, left, right in sorted(merges)]
        tokenizer = Tokenizer(models.BPE(vocabulary, merges, unk_token="<unk>", fuse_unk=True, byte_fallback=True))
        tokenizer.normalizer = normalizers.Sequence([normalizers.Prepend("▁"), normalizers.Replace(" ", "▁")])
        tokenizer.decoder = decoders.Sequence([
            decoders.Replace("▁", " "), decoders.ByteFallback(), decoders.Fuse(), decoders.Strip(" ", 1, 0)])
    if task["special"]:
        for token, kind in zip(task["tokens"], task["kinds"]):
            if kind in (CONTROL, UNKNOWN):
                tokenizer.add_special_tokens([AddedToken(token, normalized=False, special=True)])
            if kind == USER_DEFINED:
                tokenizer.add_tokens([AddedToken(token, normalized=False)])
    texts = ["".join(map(chr, text)) for text in task["texts"]]
    results = [encoding.ids for encoding in tokenizer.encode_batch(texts, add_special_tokens=False)]
    decoded = [tokenizer.decode(tokens) for tokens in results]
    json.dump([{"tokens": tokens, "decoded": list(map(ord, text))} for tokens, text in zip(results, decoded)],
              open(sys.argv[2], "w"))
    """

  private static func run(_ arguments: [String]) -> Bool {
    let process = Process()
    process.executableURL = URL(fileURLWithPath: "/usr/bin/env")
    process.arguments = ["python3"] + arguments
    process.standardOutput = FileHandle.nullDevice
    process.standardError = FileHandle.nullDevice
    guard (try? process.run()) != nil else { return false }
    process.waitUntilExit()
    return process.terminationStatus == 0
  }
}
