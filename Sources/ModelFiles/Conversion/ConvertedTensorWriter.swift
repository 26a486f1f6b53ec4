import Ternary

/// What a conversion appends tensors to, one after the other in an order that was said at the beginning, a tensor of
/// floats in one piece or several.
protocol ConvertedTensorWriter: AnyObject {
  /// The tensor's name in the file.
  func name(of role: TensorRole) -> String
  /// Appends floats, rounded to the type of the tensor.
  func append(_ floats: [Float], to role: TensorRole) throws(ModelFileError)
  /// Appends floats that have the type of the tensor.
  func append(_ bytes: UnsafeRawBufferPointer, to role: TensorRole) throws(ModelFileError)
  /// Appends a whole ternary tensor.
  func append(_ matrix: TernaryMatrix, to role: TensorRole) throws(ModelFileError)
}

extension ConvertedTensorWriter {
  func append(_ bytes: [UInt8], to role: TensorRole) throws(ModelFileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ModelFileError) in
      try append(UnsafeRawBufferPointer(bytes), to: role)
    }
  }
}

extension GGUFWriter: ConvertedTensorWriter {
  func name(of role: TensorRole) -> String { role.ggufName }

  func append(_ floats: [Float], to role: TensorRole) throws(ModelFileError) {
    try append(floats, to: role.ggufName)
  }

  func append(_ bytes: UnsafeRawBufferPointer, to role: TensorRole) throws(ModelFileError) {
    try append(bytes, to: role.ggufName)
  }

  func append(_ matrix: TernaryMatrix, to role: TensorRole) throws(ModelFileError) {
    try append(matrix, to: role.ggufName)
  }
}
