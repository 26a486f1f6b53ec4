import ModelFiles
import Ternary

nonisolated(unsafe) private let input = InputFile()

/// One GGUF file: as a list of tensors, and as a model, its tokenizer and weights.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzGGUF(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  guard count > 0 else { return 0 }
  // The last byte chooses what no file says.
  let bytes = UnsafeRawBufferPointer(start: start, count: count)
  let layout: I2SLayout = bytes[count - 1] & 1 == 0 ? .x86 : .arm
  input.replace(bytes)
  guard let model = try? GGUFModel(path: input.path, i2sLayout: layout) else {
    _ = try? GGUFFile(path: input.path)
    return 0
  }
  let architecture = model.architecture
  if let tokenizer = try? model.tokenizer() {
    precondition(tokenizer.tokens.count == tokenizer.tokenKinds.count)
  }
  for role in architecture.tensorRoles {
    switch role {
    case .embedding, .head: _ = try? model.rows(0..<architecture.vocabulary, of: role)
    case .outputNorm, .norm: _ = try? model.vector(role)
    case .linear(let linear, let layer):
      guard case .ternary(let matrix)? = try? model.linear(linear, layer: layer) else { continue }
      precondition((matrix.rows, matrix.columns) == architecture.shape(of: linear))
    }
  }
  return 0
}
