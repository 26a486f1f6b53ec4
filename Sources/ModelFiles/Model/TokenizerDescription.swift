/// A vocabulary and how text becomes tokens, as model files store it (the keys `tokenizer.ggml.…` of GGUF).
public struct TokenizerDescription: Sendable, Equatable {
  /// How text is cut into tokens.
  public enum Kind: String, Sendable {
    /// Byte-level byte-pair encoding by ranked merges: `gpt2`.
    case byteLevelBPE = "gpt2"
    /// SentencePiece's byte-pair encoding by scores, unknown characters as bytes: `llama`.
    case sentencePieceBPE = "llama"
  }

  /// What a token is, with GGUF's numbers.
  public enum TokenKind: Int32, Sendable {
    /// Text.
    case normal = 1
    /// What no other token matches.
    case unknown = 2
    /// Begin and end of texts and the like: never shown, matched only where special tokens are wanted.
    case control = 3
    /// Text that is matched before all else.
    case userDefined = 4
    /// In no text.
    case unused = 5
    /// One byte, `<0x41>`.
    case byte = 6
  }

  /// How text is cut into tokens.
  public var kind: Kind
  /// How text is split before merges apply: `llama-bpe`, `gpt-2`; empty for SentencePiece.
  public var preTokenizer: String
  /// By number, in the alphabet of the file.
  public var tokens: [String]
  /// SentencePiece's log-probabilities, one for each token, or empty.
  public var scores: [Float]
  /// One for each token.
  public var tokenKinds: [TokenKind]
  /// Pairs in the order of their rank, `left right`; for byte-level encoding only.
  public var merges: [String]
  /// Begin of text.
  public var beginOfText: Int?
  /// End of text: generation stops.
  public var endOfText: Int?
  /// Further tokens at which generation stops.
  public var endOfTurn: Int?
  /// Unknown text.
  public var unknown: Int?
  /// Whether every prompt begins with ``beginOfText``.
  public var addsBeginOfText: Bool
  /// Whether SentencePiece puts a space before the first word.
  public var addsSpacePrefix: Bool
  /// The Jinja template of chats, if the file has one; not interpreted here.
  public var chatTemplate: String?

  /// A description with every part given.
  public init(
    kind: Kind, preTokenizer: String, tokens: [String], scores: [Float], tokenKinds: [TokenKind],
    merges: [String], beginOfText: Int?, endOfText: Int?, endOfTurn: Int?, unknown: Int?,
    addsBeginOfText: Bool,
    addsSpacePrefix: Bool, chatTemplate: String?
  ) {
    self.kind = kind
    self.preTokenizer = preTokenizer
    self.tokens = tokens
    self.scores = scores
    self.tokenKinds = tokenKinds
    self.merges = merges
    self.beginOfText = beginOfText
    self.endOfText = endOfText
    self.endOfTurn = endOfTurn
    self.unknown = unknown
    self.addsBeginOfText = addsBeginOfText
    self.addsSpacePrefix = addsSpacePrefix
    self.chatTemplate = chatTemplate
  }
}
