import Ternary

/// Brings one tensor after the other into its new type and order: at most one matrix in memory, of floats that lie
/// row by row some rows.
struct TensorConversion {
  /// Floats that are read at one time, if they need not be more.
  private static let elementsAtOnce = 1 << 20

  let source: any ModelSource
  private let rotaryOrder: [Int]?

  /// - Parameter target: What the new file computes.
  init(source: any ModelSource, target: ModelArchitecture) {
    self.source = source
    rotaryOrder = RotaryOrder.rows(
      from: source.architecture.rotaryPairs, to: target.rotaryPairs, headDimension: target.headDimension)
  }

  /// Appends a whole tensor to a file.
  func append(
    _ role: TensorRole, as type: TensorElementType, to writer: some ConvertedTensorWriter
  ) throws(ModelFileError) {
    switch role {
    case .norm, .outputNorm: try writer.append(try source.vector(role), to: role)
    case .embedding, .head:
      let architecture = source.architecture
      try append(
        rows: architecture.vocabulary, columns: architecture.hiddenSize, stored: source.stored(role), role,
        as: type, order: nil, to: writer
      ) { rows throws(ModelFileError) in try source.rows(rows, of: role) }
    case .linear(let linear, let layer):
      let order = linear == .query || linear == .key ? rotaryOrder : nil
      if !source.architecture.isTernary, !type.isTernary, let stored = source.stored(role) {
        try append(
          rows: stored.rows, columns: stored.columns, stored: stored, role, as: type, order: order, to: writer
        ) { rows throws(ModelFileError) in try stored.floats(rows: rows) }
      } else {
        try append(
          try source.linear(linear, layer: layer), role, as: type, order: order, to: writer)
      }
    }
  }

  private func append(
    _ weights: LinearWeights, _ role: TensorRole, as type: TensorElementType, order: [Int]?,
    to writer: some ConvertedTensorWriter
  ) throws(ModelFileError) {
    switch weights {
    case .ternary(let matrix):
      try append(matrix, role, as: type, order: order, to: writer)
    case .float(let matrix) where type.isTernary:
      let quantized: TernaryMatrix
      do {
        quantized = try WeightQuantization.absmean.quantize(
          matrix.values, rows: matrix.rows, columns: matrix.columns)
      } catch {
        throw failure(role, writer, "cannot be quantised: \(error)")
      }
      try append(quantized, role, as: type, order: order, to: writer)
    case .float(let matrix):
      try append(
        rows: matrix.rows, columns: matrix.columns, stored: nil, role, as: type, order: order, to: writer
      ) { rows throws(ModelFileError) in
        Array(matrix.values[rows.lowerBound * matrix.columns..<rows.upperBound * matrix.columns])
      }
    }
  }

  private func append(
    _ matrix: TernaryMatrix, _ role: TensorRole, as type: TensorElementType, order: [Int]?,
    to writer: some ConvertedTensorWriter
  ) throws(ModelFileError) {
    let isHalf = type == .tq1_0 || type == .tq2_0 || type == .float16
    guard !isHalf || matrix.scale == 0 || matrix.scale.float16Bits != 0 else {
      throw failure(
        role, writer,
        "has the scale \(matrix.scale), which \(type.name) would round to 0: choose another type")
    }
    guard type.isTernary else {
      return try append(
        rows: matrix.rows, columns: matrix.columns, stored: nil, role, as: type, order: order, to: writer
      ) { rows throws(ModelFileError) in
        matrix.values[rows.lowerBound * matrix.columns..<rows.upperBound * matrix.columns].map {
          Float($0) * matrix.scale
        }
      }
    }
    guard let order else { return try writer.append(matrix, to: role) }
    let values = RotaryOrder.reordered(matrix.values, width: matrix.columns, by: order)
    let reordered: TernaryMatrix
    do {
      reordered = try TernaryMatrix(
        rows: matrix.rows, columns: matrix.columns, values: values, scale: matrix.scale)
    } catch {
      throw failure(role, writer, "cannot be reordered: \(error)")
    }
    try writer.append(reordered, to: role)
  }

  /// Appends a matrix of floats in pieces of whole heads.
  ///
  /// - Parameters:
  ///   - stored: Where it lies. If its type is the new one, its bytes are taken: rounding them again would change
  ///     them.
  ///   - floats: Reads rows, and checks them.
  private func append(
    rows: Int, columns: Int, stored: StoredTensor?, _ role: TensorRole, as type: TensorElementType,
    order: [Int]?, to writer: some ConvertedTensorWriter,
    floats: (Range<Int>) throws(ModelFileError) -> [Float]
  ) throws(ModelFileError) {
    let head = order?.count ?? 1
    let rowsAtOnce = max(Self.elementsAtOnce / columns / head, 1) * head
    for first in stride(from: 0, to: rows, by: rowsAtOnce) {
      let piece = first..<min(first + rowsAtOnce, rows)
      let values = try floats(piece)
      if let stored, stored.elementType == type {
        let bytes = UnsafeRawBufferPointer(
          rebasing: stored.bytes[piece.lowerBound * stored.rowBytes..<piece.upperBound * stored.rowBytes])
        if let order {
          try writer.append(
            RotaryOrder.reordered(Array(bytes), width: stored.rowBytes, by: order), to: role)
        } else {
          try writer.append(bytes, to: role)
        }
      } else if let order {
        try writer.append(RotaryOrder.reordered(values, width: columns, by: order), to: role)
      } else {
        try writer.append(values, to: role)
      }
      // An embedding may be as large as all layers together.
      source.releasePages()
    }
  }

  private func failure(
    _ role: TensorRole, _ writer: some ConvertedTensorWriter, _ message: String
  ) -> ModelFileError {
    ModelFileError(file: source.path, tensor: writer.name(of: role), message: message)
  }
}
