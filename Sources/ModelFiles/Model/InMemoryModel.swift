import Ternary

/// A random model of any architecture, for tests and for files of any size: the same seed gives the same tensors on
/// every machine. Tensors are made when they are asked for, so that a large model takes no memory.
///
/// Values are such that activations stay of order one: trits are equally likely and their scale makes up for the
/// number of columns, floats are Gaussian with the same variance, norms lie between a half and one and a half, the
/// embedding is standard normal.
package final class InMemoryModel: ModelSource {
  package let path: String
  package let architecture: ModelArchitecture
  private let seed: UInt64
  private let replaced: [TensorRole: LinearWeights]

  /// - Parameter replaced: Tensors that are given instead of random; vectors are matrices of one row.
  /// - Throws: ``ModelFileError`` if the architecture has no such tensor or it has another shape.
  package init(
    _ architecture: ModelArchitecture, seed: UInt64, replacing replaced: [TensorRole: LinearWeights] = [:]
  ) throws(ModelFileError) {
    path = "model of seed \(seed)"
    self.architecture = architecture
    self.seed = seed
    self.replaced = replaced
    for (role, weights) in replaced {
      let shape = try shape(of: role)
      let (rows, columns) =
        switch weights {
        case .ternary(let matrix): (matrix.rows, matrix.columns)
        case .float(let matrix): (matrix.rows, matrix.columns)
        }
      guard (rows, columns) == shape else {
        throw failure(role, "must be \(shape.rows)x\(shape.columns), not \(rows)x\(columns)")
      }
    }
  }

  package func tokenizer() throws(ModelFileError) -> TokenizerDescription {
    throw ModelFileError(
      file: path, tensor: nil, message: "is random and has no tokenizer: give token numbers")
  }

  package func stored(_ role: TensorRole) -> StoredTensor? {
    guard let shape = try? shape(of: role), case .float(let matrix)? = try? weights(role) else { return nil }
    let memory = FloatMemory(matrix.values)
    return StoredTensor(
      name: "\(role)", rows: shape.rows, columns: shape.columns, elementType: .float32, bytes: memory.bytes,
      owner: memory)
  }

  package func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights {
    try weights(.linear(role, layer: layer))
  }

  package func vector(_ role: TensorRole) throws(ModelFileError) -> [Float] {
    guard try shape(of: role).rows == 1 else { throw failure(role, "is a matrix, not a vector") }
    return try floats(role)
  }

  package func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float] {
    let shape = try shape(of: role)
    guard rows.lowerBound >= 0, rows.upperBound <= shape.rows else {
      throw failure(role, "has rows 0..<\(shape.rows), not \(rows)")
    }
    // An embedding may be larger than memory; whatever else has rows is not.
    guard replaced[role] == nil, role == .embedding || role == .head else {
      return Array(try floats(role)[rows.lowerBound * shape.columns..<rows.upperBound * shape.columns])
    }
    return try gaussian(role, shape, rows)
  }

  /// Every shape a tensor of the architecture has; vectors are matrices of one row.
  private func shape(of role: TensorRole) throws(ModelFileError) -> (rows: Int, columns: Int) {
    let shape: (rows: Int, columns: Int)
    switch role {
    case .embedding: shape = (architecture.vocabulary, architecture.hiddenSize)
    case .outputNorm: shape = (1, architecture.hiddenSize)
    case .head where !architecture.tiedEmbeddings: shape = (architecture.vocabulary, architecture.hiddenSize)
    case .linear(let linear, let layer) where layer >= 0 && layer < architecture.layers:
      shape = architecture.shape(of: linear)
    case .norm(let norm, let layer)
    where layer >= 0 && layer < architecture.layers && architecture.norms.contains(norm):
      shape = (1, architecture.count(of: norm))
    case .head, .linear, .norm: throw failure(role, "is not part of this architecture")
    }
    guard shape.rows > 0, shape.columns > 0 else {
      throw failure(role, "cannot have \(shape.rows)x\(shape.columns) elements")
    }
    return shape
  }

  private func weights(_ role: TensorRole) throws(ModelFileError) -> LinearWeights {
    if let given = replaced[role] { return given }
    let shape = try shape(of: role)
    var random = SeededGenerator(seed: seed, stream: Self.number(of: role))
    switch role {
    case .linear where architecture.isTernary:
      // A trit has the variance 2/3.
      let scale = Float((1.5 / Double(shape.columns)).squareRoot() * (0.8 + 0.4 * Self.uniform(&random)))
      let (count, overflow) = shape.rows.multipliedReportingOverflow(by: shape.columns)
      guard !overflow else { throw failure(role, "is too large") }
      let trits = (0..<count).map { _ in Int8(truncatingIfNeeded: random.next() % 3) - 1 }
      do {
        return .ternary(
          try TernaryMatrix(rows: shape.rows, columns: shape.columns, values: trits, scale: scale))
      } catch { throw failure(role, "cannot be made: \(error)") }
    case .norm, .outputNorm:
      let values = (0..<shape.columns).map { _ in Float(0.5 + Self.uniform(&random)) }
      return .float(FloatMatrix(rows: 1, columns: shape.columns, values: values))
    case .linear, .embedding, .head:
      let values = try gaussian(role, shape, 0..<shape.rows)
      return .float(FloatMatrix(rows: shape.rows, columns: shape.columns, values: values))
    }
  }

  private func floats(_ role: TensorRole) throws(ModelFileError) -> [Float] {
    switch try weights(role) {
    case .float(let matrix): return matrix.values
    case .ternary: throw failure(role, "is ternary, not a matrix of floats")
    }
  }

  private func gaussian(
    _ role: TensorRole, _ shape: (rows: Int, columns: Int), _ rows: Range<Int>
  ) throws(ModelFileError) -> [Float] {
    var random = SeededGenerator(seed: seed, stream: Self.number(of: role))
    do {
      let weights = try GaussianWeights(
        rows: shape.rows, columns: shape.columns,
        standardDeviation: role == .embedding ? 1 : Float(1 / Double(shape.columns).squareRoot()),
        seed: random.next())
      return [Float](unsafeUninitializedCapacity: rows.count * shape.columns) { values, initialized in
        for row in rows {
          let start = (row - rows.lowerBound) * shape.columns
          weights.fill(row: row, into: .init(rebasing: values[start..<start + shape.columns]))
        }
        initialized = rows.count * shape.columns
      }
    } catch { throw failure(role, "cannot be made: \(error)") }
  }

  /// The random stream of a tensor: the same whatever other tensors the architecture has.
  private static func number(of role: TensorRole) -> UInt64 {
    func number<Role: CaseIterable & Equatable>(_ role: Role, of layer: Int, from first: Int) -> UInt64 {
      let index = Array(Role.allCases).firstIndex(of: role) ?? 0
      return UInt64(truncatingIfNeeded: 16 * (layer + 1) + first + index)
    }
    return switch role {
    case .embedding: 0
    case .outputNorm: 1
    case .head: 2
    case .linear(let linear, let layer): number(linear, of: layer, from: 0)
    case .norm(let norm, let layer): number(norm, of: layer, from: 8)
    }
  }

  private static func uniform(_ random: inout SeededGenerator) -> Double {
    Double(random.next() >> 11) * 0x1p-53
  }

  private func failure(_ role: TensorRole, _ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: "\(role)", message: message)
  }
}

/// Floats at an address that stays.
private final class FloatMemory: @unchecked Sendable {
  // Unchecked because of the pointer; nothing writes through it after the initialiser.
  let bytes: UnsafeRawBufferPointer

  init(_ values: [Float]) {
    let memory = UnsafeMutableRawBufferPointer.allocate(byteCount: values.count * 4, alignment: 64)
    for (index, value) in values.enumerated() {
      memory.storeBytes(of: value.bitPattern.littleEndian, toByteOffset: index * 4, as: UInt32.self)
    }
    bytes = UnsafeRawBufferPointer(memory)
  }

  deinit { bytes.deallocate() }
}
