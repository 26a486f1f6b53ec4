import Foundation
import ModelFiles
import Ternary

/// A GGUF file of a ternary model, there as long as this object is.
final class TernaryFile {
  let path: String

  /// - Parameters:
  ///   - source: What is written: embedding and head as F32, norms, and ternary layers.
  ///   - alignment: Of the tensors, in bytes.
  ///   - change: May spoil the bytes of a matrix.
  init(
    _ source: any ModelSource, _ type: TensorElementType, alignment: Int = 64,
    changing change: (LinearRole, inout [UInt8]) -> Void = { _, _ in }
  ) throws {
    path = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID()).gguf").path
    let architecture = source.architecture
    let roles = architecture.tensorRoles
    let writer = try GGUFWriter(
      path: path, metadata: architecture.ggufMetadata(fileType: 40, tokenizer: nil),
      tensors: roles.map { role in
        if case .linear = role { return GGUFTensorPlan(role, of: architecture, elementType: type) }
        return GGUFTensorPlan(role, of: architecture, elementType: .float32)
      }, alignment: alignment)
    for role in roles {
      switch role {
      case .embedding, .head:
        try writer.append(source.rows(0..<architecture.vocabulary, of: role), to: role.ggufName)
      case .norm, .outputNorm: try writer.append(source.vector(role), to: role.ggufName)
      case .linear(let linear, let layer):
        guard case .ternary(let matrix) = try source.linear(linear, layer: layer),
          var bytes = matrix.encoded(as: type)
        else { throw Unwritable() }
        change(linear, &bytes)
        try writer.append(bytes, to: role.ggufName)
      }
    }
    try writer.finish()
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  struct Unwritable: Error {}
}

/// A model that hides how its matrices lie, so that all are decoded and packed.
final class HiddenStorage: ModelSource {
  private let model: any ModelSource

  init(_ model: any ModelSource) { self.model = model }

  var path: String { model.path }
  var architecture: ModelArchitecture { model.architecture }
  func tokenizer() throws(ModelFileError) -> TokenizerDescription { try model.tokenizer() }
  func stored(_ role: TensorRole) -> StoredTensor? {
    if case .linear = role { return nil }
    return model.stored(role)
  }
  func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights {
    try model.linear(role, layer: layer)
  }
  func vector(_ role: TensorRole) throws(ModelFileError) -> [Float] { try model.vector(role) }
  func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float] {
    try model.rows(rows, of: role)
  }
}
