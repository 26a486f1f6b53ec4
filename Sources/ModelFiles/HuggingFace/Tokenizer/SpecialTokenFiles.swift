import Foundation

/// The files beside `tokenizer.json` that say which tokens begin and end a text.
struct SpecialTokenFiles {
  private let tokenizer: JSONObject?
  private let specialTokens: JSONObject?
  private let generation: JSONObject?
  private let model: JSONObject?
  /// The Jinja template of chats.
  let chatTemplate: String?

  init(_ folder: HuggingFaceFolder) throws(ModelFileError) {
    let limit = HuggingFaceTokenizer.maximumConfigurationBytes
    tokenizer = try folder.json("tokenizer_config.json", maximumBytes: limit)
    specialTokens = try folder.json("special_tokens_map.json", maximumBytes: limit)
    generation = try folder.json("generation_config.json", maximumBytes: limit)
    model = try folder.json("config.json", maximumBytes: limit)
    chatTemplate = try Self.chatTemplate(tokenizer, folder)
  }

  /// Files that are not written yet.
  init(tokenizer: JSONObject, generation: JSONObject) throws(ModelFileError) {
    self.tokenizer = tokenizer
    self.generation = generation
    (specialTokens, model) = (nil, nil)
    chatTemplate = try tokenizer.string("chat_template")
  }

  /// The text of the token that a library calls `bos_token` or the like.
  func token(_ name: String) throws(ModelFileError) -> (text: String, file: JSONObject)? {
    for file in [tokenizer, specialTokens] {
      guard let file, let value = file[name] else { continue }
      switch value {
      case .string(let text): return (text, file)
      case .object:
        guard let text = try file.object(name)?.string("content") else { throw file.wrong(name, "a token") }
        return (text, file)
      default: throw file.wrong(name, "a token")
      }
    }
    return nil
  }

  /// Numbers under a key such as `eos_token_id`, one or a list, of generation and of the model.
  func numbers(_ key: String, below count: Int) throws(ModelFileError) -> [Int] {
    var numbers: [Int] = []
    for file in [generation, model] {
      guard let file, let value = file[key] else { continue }
      let list: [JSONValue] = if case .array(let list) = value { list } else { [value] }
      for element in list {
        guard case .integer(let number) = element, (0..<count).contains(number) else {
          throw file.wrong(key, "numbers of tokens from 0 to \(count - 1)")
        }
        numbers.append(number)
      }
    }
    return numbers
  }

  /// Whether the library puts ``TokenizerDescription/beginOfText`` before a text, if the file says so.
  var addsBeginOfText: Bool? {
    get throws(ModelFileError) { try tokenizer?.boolean("add_bos_token") }
  }

  /// In `chat_template.jinja`, or in the configuration as one string or as several with names.
  private static func chatTemplate(
    _ tokenizer: JSONObject?, _ folder: HuggingFaceFolder
  ) throws(ModelFileError) -> String? {
    let name = "chat_template.jinja"
    if folder.has(name) {
      let file = try MappedFile(path: folder.path(of: name))
      guard file.bytes.count <= HuggingFaceTokenizer.maximumConfigurationBytes,
        let text = withExtendedLifetime(file, { String(validating: file.bytes, as: UTF8.self) })
      else {
        throw ModelFileError(
          file: folder.path(of: name), tensor: nil,
          message: "is no UTF-8 text of at most \(HuggingFaceTokenizer.maximumConfigurationBytes) bytes")
      }
      return text
    }
    guard let tokenizer, let value = tokenizer["chat_template"] else { return nil }
    if case .string(let template) = value { return template }
    for template in try tokenizer.objects("chat_template")
    where try template.string("name") == "default" {
      return try template.string("template")
    }
    return nil
  }
}
