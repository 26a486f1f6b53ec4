import ModelFiles

/// The bytes that each token stands for in text, one after the other in one array.
struct TokenText: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []

  init(_ description: TokenizerDescription) {
    let alphabet = ByteAlphabetReader()
    ends.reserveCapacity(description.tokens.count)
    for (text, kind) in zip(description.tokens, description.tokenKinds) {
      switch (kind, description.kind) {
      case (.control, _), (.unknown, _), (.unused, _): break
      case (.userDefined, _): bytes += text.utf8
      case (.byte, .sentencePieceBPE): bytes += [SentencePieceEncoder.byte(text)].compactMap { $0 }
      case (.normal, .sentencePieceBPE): bytes += SentencePieceEncoder.bytes(of: text)
      case (.normal, .byteLevelBPE), (.byte, .byteLevelBPE):
        if !alphabet.append(text.utf8, to: &bytes) { bytes += text.utf8 }
      }
      ends.append(bytes.count)
    }
  }

  /// Adds the bytes of a token; none for a number outside the vocabulary.
  func append(_ token: Int, to output: inout [UInt8]) {
    guard ends.indices.contains(token) else { return }
    output += bytes[(token == 0 ? 0 : ends[token - 1])..<ends[token]]
  }
}
