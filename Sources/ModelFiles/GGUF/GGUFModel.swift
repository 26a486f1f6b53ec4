import Ternary

/// A model in a GGUF file of the architectures `bitnet-b1.58`, `bitnet-25`, `bitnet` or `llama`.
public final class GGUFModel: ModelSource {
  /// The file.
  public let file: GGUFFile
  /// What it computes.
  public let architecture: ModelArchitecture
  /// How its i2_s tensors are taken to lie.
  public let i2sLayout: I2SLayout

  /// Whatever their layout.
  let tensors: [TensorRole: StoredTensor]
  /// What the weights of a matrix are to be multiplied by, where the file says so.
  private let scales: [TensorRole: Float]

  /// Where the file lies.
  public var path: String { file.path }

  /// Opens the file at `path` and checks that it is a whole model of a known architecture.
  ///
  /// - Parameter i2sLayout: How i2_s tensors lie, which no file says; see ``I2SLayoutCheck``.
  /// - Throws: ``ModelFileError`` if the file cannot be read, its architecture has parts that cannot be computed, or
  ///   a tensor is missing, has a wrong shape or a type that cannot be read, or is of no use to the architecture.
  public init(path: String, i2sLayout: I2SLayout = .x86) throws(ModelFileError) {
    file = try GGUFFile(path: path)
    architecture = try GGUFArchitecture(of: file).read()
    self.i2sLayout = i2sLayout
    tensors = try GGUFModelTensors.read(from: file, architecture: architecture, layout: i2sLayout)
    scales = try GGUFModelTensors.readScales(from: file, architecture: architecture)
    try GGUFModelTensors.refuseOthers(in: file, architecture: architecture)
  }

  /// Its vocabulary and how text becomes tokens.
  ///
  /// - Throws: ``ModelFileError`` if the file has none or it contradicts itself.
  public func tokenizer() throws(ModelFileError) -> TokenizerDescription {
    try GGUFTokenizer(of: file, vocabulary: architecture.vocabulary).read()
  }

  /// A tensor as it lies in the file; `nil` if there is none, if its weights are to be multiplied by a number that
  /// lies elsewhere in the file, or if it is of i2_s in another layout than the usual one.
  public func stored(_ role: TensorRole) -> StoredTensor? {
    guard scales[role] == nil, let tensor = tensors[role] else { return nil }
    return tensor.elementType == .i2_s && i2sLayout != .x86 ? nil : tensor
  }

  /// The weights of a linear layer. Floats of a ternary architecture are quantised by absmean, unless they are all
  /// 0 or of one magnitude, as dequantised files have them: then that magnitude is the scale.
  ///
  /// - Throws: ``ModelFileError`` if there is no such layer, or data are no trits, have several scales or are not
  ///   finite.
  public func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights {
    let tensor = try tensor(.linear(role, layer: layer))
    let factor = scales[.linear(role, layer: layer)]
    do {
      if tensor.elementType.isTernary {
        let matrix = try tensor.ternary(layout: i2sLayout)
        guard let factor else { return .ternary(matrix) }
        return .ternary(
          try TernaryMatrix(
            rows: matrix.rows, columns: matrix.columns, values: matrix.values, scale: matrix.scale * factor))
      }
      var values = try tensor.floats(rows: 0..<tensor.rows)
      if let factor { values = values.map { $0 * factor } }
      guard architecture.isTernary else {
        return .float(FloatMatrix(rows: tensor.rows, columns: tensor.columns, values: values))
      }
      if let matrix = try TernaryMatrix(dequantized: values, rows: tensor.rows, columns: tensor.columns) {
        return .ternary(matrix)
      }
      return .ternary(
        try WeightQuantization.absmean.quantize(values, rows: tensor.rows, columns: tensor.columns))
    } catch let error as ModelFileError {
      throw error
    } catch {
      throw tensor.failure("cannot become a ternary matrix: \(error)")
    }
  }

  /// The weights of a norm, or of the last one: any vector.
  ///
  /// - Throws: ``ModelFileError`` if there is none or values are not finite.
  public func vector(_ role: TensorRole) throws(ModelFileError) -> [Float] {
    let tensor = try tensor(role)
    guard tensor.rows == 1 else {
      throw tensor.failure("has \(tensor.rows) rows of \(tensor.columns) elements, expected a vector")
    }
    return try tensor.floats(rows: 0..<1, layout: i2sLayout)
  }

  /// Rows of the embedding or the LM head, or of any other tensor, as floats, `rows.count` × columns.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor or values are not finite.
  public func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float] {
    let floats = try tensor(role).floats(rows: rows, layout: i2sLayout)
    guard let factor = scales[role] else { return floats }
    return floats.map { $0 * factor }
  }

  /// Gives the memory of what has been read from the file back to the system.
  public func releasePages() { file.releasePages() }

  private func tensor(_ role: TensorRole) throws(ModelFileError) -> StoredTensor {
    guard let tensor = tensors[role] else {
      throw ModelFileError(file: path, tensor: role.ggufName, message: "does not exist")
    }
    return tensor
  }
}

extension TernaryMatrix {
  /// The trits of floats that are all 0 or of one magnitude; `nil` if they are not.
  fileprivate init?(dequantized values: [Float], rows: Int, columns: Int) throws(TernaryError) {
    let scale = values.reduce(0) { max($0, $1.magnitude) }
    guard scale > 0, values.allSatisfy({ $0 == 0 || $0.magnitude == scale }) else { return nil }
    let trits = values.map { Int8($0 > 0 ? 1 : 0) - Int8($0 < 0 ? 1 : 0) }
    try self.init(rows: rows, columns: columns, values: trits, scale: scale)
  }
}
