/// The tokens of a `tokenizer.json`, by number and by text.
struct TokenizerVocabulary {
  private(set) var texts: [String]
  private(set) var kinds: [TokenizerDescription.TokenKind]
  private var numbers: [ExactText: Int] = [:]

  /// - Parameters:
  ///   - model: The member `model` of `json`.
  ///   - count: Tokens of the model; those that the file does not name are unused ones.
  init(_ json: JSONObject, model: JSONObject, count: Int) throws(ModelFileError) {
    texts = [String](repeating: "", count: count)
    kinds = [TokenizerDescription.TokenKind](repeating: .unused, count: count)
    let vocabulary = try model.required(try model.object("vocab"), "vocab")
    for text in vocabulary.keys {
      let number = try vocabulary.required(try vocabulary.integer(text, in: 0...count - 1), text)
      try add(text, number: number, kind: .normal, json)
    }
    for token in try json.objects("added_tokens") {
      let text = try token.required(try token.string("content"), "content")
      let number = try token.required(try token.integer("id", in: 0...count - 1), "id")
      let kind: TokenizerDescription.TokenKind =
        try token.boolean("special") == true ? .control : .userDefined
      if self.number(of: text) == number {
        kinds[number] = kind
      } else {
        try add(text, number: number, kind: kind, json)
      }
    }
    for number in 0..<count where kinds[number] == .unused { texts[number] = "[PAD\(number)]" }
  }

  /// The number of a token, `nil` if there is none of that text.
  func number(of text: String) -> Int? { numbers[ExactText(text)] }

  /// The tokens of SentencePiece that stand for a byte, `<0x41>`, and for text that has no token.
  mutating func markBytes(unknown: String?) {
    for byte in 0..<256 {
      let digits = String(byte, radix: 16, uppercase: true)
      if let number = number(of: "<0x\(digits.count == 1 ? "0" : "")\(digits)>") { kinds[number] = .byte }
    }
    if let unknown, let number = number(of: unknown) { kinds[number] = .unknown }
  }

  private mutating func add(
    _ text: String, number: Int, kind: TokenizerDescription.TokenKind, _ json: JSONObject
  ) throws(ModelFileError) {
    guard kinds[number] == .unused else {
      throw json.failure(
        "gives the number \(number) to '\(excerpt(texts[number]))' and to '\(excerpt(text))'")
    }
    guard numbers.updateValue(number, forKey: ExactText(text)) == nil else {
      throw json.failure("has the token '\(excerpt(text))' twice")
    }
    texts[number] = text
    kinds[number] = kind
  }
}
