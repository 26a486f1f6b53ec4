@testable import ModelFiles

private let vocabulary = 300

/// The JSON of a Hugging Face folder: one input as `config.json` and as `tokenizer.json`.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzHuggingFace(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  guard let value = try? JSONValue.parse(bytes, file: "input"),
    let json = try? JSONObject(value, file: "input")
  else { return 0 }
  if let configuration = try? HuggingFaceConfiguration(json, title: "input") {
    let architecture = configuration.architecture
    precondition(architecture.heads % architecture.keyValueHeads == 0)
    for role in LinearRole.allCases {
      let shape = architecture.shape(of: role)
      precondition(shape.rows > 0 && shape.columns > 0)
    }
  }
  if let folder = try? HuggingFaceFolder(path: "/nonexistent/model.safetensors"),
    let files = try? SpecialTokenFiles(folder),
    let tokenizer = try? HuggingFaceTokenizer.read(json, files: files, vocabulary: vocabulary)
  {
    precondition(tokenizer.tokens.count == vocabulary && tokenizer.tokenKinds.count == vocabulary)
  }
  return 0
}
