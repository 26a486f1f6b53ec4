import Ternary

/// Writes `model.safetensors` of a Hugging Face model: ternary matrices as packed bytes, each followed by its
/// `weight_scale`, all else as floats.
final class HuggingFaceTensorWriter: ConvertedTensorWriter {
  /// The type of each tensor, a ternary one for packed bytes.
  private let types: [TensorRole: TensorElementType]
  private let path: String
  private let file: SafetensorsWriter

  /// The order in which tensors are written: wide elements first, so that as many as possible are aligned.
  static func ordered(
    _ plans: [(role: TensorRole, type: TensorElementType)]
  ) -> [(role: TensorRole, type: TensorElementType)] {
    func isPacked(_ type: TensorElementType) -> Bool { type.isTernary }
    let floats = plans.filter { !isPacked($0.type) }
    let wide = floats.filter { $0.type == .float32 }
    return wide + floats.filter { $0.type != .float32 } + plans.filter { isPacked($0.type) }
  }

  /// - Parameter plans: Tensors in the order of ``ordered(_:)``.
  init(
    path: String, architecture: ModelArchitecture, plans: [(role: TensorRole, type: TensorElementType)]
  ) throws(ModelFileError) {
    var types: [TensorRole: TensorElementType] = [:]
    var declarations: [SafetensorsWriter.Declaration] = []
    for (role, type) in plans {
      types[role] = type
      let name = HuggingFaceTensorNames.name(of: role, subNorms: .transformers)
      // Outermost first, unlike GGUF's.
      let shape = Array(architecture.ggufDimensions(of: role).reversed())
      if case .linear(let linear, let layer) = role, type.isTernary {
        declarations.append(
          .init(
            name: name, elementType: .unsigned8,
            shape: [PackedTernaryRows.packedRows(shape[0])] + shape.dropFirst()))
        declarations.append(
          .init(
            name: HuggingFaceTensorNames.scaleName(of: linear, layer: layer), elementType: .float32,
            shape: [1]))
      } else {
        declarations.append(
          .init(name: name, elementType: SafetensorsElementType(description: type.name), shape: shape))
      }
    }
    self.types = types
    self.path = path
    // Libraries refuse files that do not say for which of them the tensors are; "pt" is what all of them take.
    file = try SafetensorsWriter(path: path, tensors: declarations, metadata: ["format": "pt"])
  }

  func name(of role: TensorRole) -> String {
    HuggingFaceTensorNames.name(of: role, subNorms: .transformers)
  }

  func append(_ floats: [Float], to role: TensorRole) throws(ModelFileError) {
    guard let type = types[role], let bytes = FloatEncoding.encode(floats, as: type) else {
      throw failure(role, "cannot be written from floats")
    }
    let limit: Float = type == .float16 ? 65_504 : .greatestFiniteMagnitude
    if let index = floats.firstIndex(where: { !($0.magnitude <= limit) }) {
      throw failure(role, "cannot hold the value \(floats[index]) at \(index) as \(type.name)")
    }
    try append(bytes, to: role)
  }

  func append(_ bytes: UnsafeRawBufferPointer, to role: TensorRole) throws(ModelFileError) {
    try file.write(bytes)
  }

  func append(_ matrix: TernaryMatrix, to role: TensorRole) throws(ModelFileError) {
    // Readers refuse the scale 0: weights of 0 times 1 are the same.
    let isZero = matrix.scale == 0
    let packed: [UInt8] =
      isZero
      ? Array(repeating: 0b0101_0101, count: PackedTernaryRows.packedRows(matrix.rows) * matrix.columns)
      : PackedTernaryRows.encode(matrix)
    let scale = FloatEncoding.encode([isZero ? 1 : matrix.scale], as: .float32) ?? []
    try append(packed, to: role)
    try append(scale, to: role)
  }

  /// Puts the file in its place.
  func finish() throws(ModelFileError) { try file.finish() }

  private func failure(_ role: TensorRole, _ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: name(of: role), message: message)
  }
}
