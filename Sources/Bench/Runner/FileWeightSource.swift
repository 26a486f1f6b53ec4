import ModelFiles

/// Why a file's weights cannot be benched.
public enum FileWeightError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No two-dimensional float tensor in the file.
  case noMatrix(file: String)

  /// One sentence.
  public var description: String {
    switch self {
    case .noMatrix(let file): "'\(file)' has no two-dimensional F32, F16 or BF16 tensor to quantise"
    }
  }
}

/// Weights from a safetensors file: one named matrix, or the first of every shape in the file.
public struct FileWeightSource: WeightSource {
  /// What there is to measure, each with its tensor's name as role.
  public let shapes: [BenchShape]
  private let file: SafetensorsFile

  /// - Parameters:
  ///   - path: A safetensors file.
  ///   - tensor: The matrix to take; `nil` takes the first of each shape.
  /// - Throws: `ModelFileError` or `FileWeightError`.
  public init(path: String, tensor: String? = nil) throws {
    let file = try SafetensorsFile(path: path)
    self.file = file
    if let tensor {
      shapes = [Self.shape(of: try file.tensor(named: tensor), in: file, count: 1)]
      // Says now, not in the middle of a run, when the tensor cannot be read as a matrix.
      _ = try file.matrix(named: tensor)
      return
    }
    let matrices = file.quantizableMatrices
    guard !matrices.isEmpty else { throw FileWeightError.noMatrix(file: path) }
    var firsts: [SafetensorsTensor] = []
    for matrix in matrices where !firsts.contains(where: { $0.shape == matrix.shape }) {
      firsts.append(matrix)
    }
    shapes = firsts.map { first in
      Self.shape(of: first, in: file, count: matrices.count { $0.shape == first.shape })
    }
  }

  private static func shape(of tensor: SafetensorsTensor, in file: SafetensorsFile, count: Int) -> BenchShape
  {
    BenchShape(
      model: file.path.split(separator: "/").last.map(String.init), role: tensor.name,
      outFeatures: tensor.shape.first ?? 0, inFeatures: tensor.shape.last ?? 0, countPerToken: count)
  }

  /// The tensor's values.
  public func weights(of shape: BenchShape) throws -> [Float] { try file.matrix(named: shape.role).values }

  /// The file.
  public var summary: String { "file \(file.path)" }
}
