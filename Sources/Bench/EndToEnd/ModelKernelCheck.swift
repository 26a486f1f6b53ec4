import KernelZoo
import ModelFiles
import Ternary

/// Holds kernels against the reference on the matrices of a model's first layer, for one token and for a prompt, before
/// the model runs on them.
final class ModelKernelCheck {
  private struct Matrix {
    let weights: ShapeWeights
    /// One for each number of tokens.
    let verifiers: [(tokens: Int, verifier: KernelVerifier)]
  }

  private let source: any ModelSource
  private let tokens: [Int]
  private let seed: UInt64
  private var matrices: [Matrix] = []

  /// - Parameters:
  ///   - source: The model.
  ///   - tokens: Numbers of tokens that kernels will be called with.
  ///   - seed: Of the activations.
  init(source: any ModelSource, tokens: Set<Int>, seed: UInt64) {
    self.source = source
    self.tokens = tokens.sorted()
    self.seed = seed
  }

  /// - Returns: What is wrong and where; `nil` when every entry is right.
  func mismatch(of kernel: Kernel, team: any WorkerTeam, machine: any BenchMachine) throws -> String? {
    if matrices.isEmpty { matrices = try distinctRoles.map(matrix) }
    for matrix in matrices {
      let shape = matrix.weights.shape
      let packed = try PackedWeights(
        matrix.weights.matrix(for: kernel.packing.weightKind), packing: kernel.packing, team: team,
        allocate: machine.allocate)
      for (tokens, verifier) in matrix.verifiers {
        let linear = try LinearOperator(
          kernel: kernel, weights: packed, tokens: tokens, workers: team.workerCount)
        let y = AlignedBuffer(byteCount: tokens * shape.outFeatures * MemoryLayout<Float>.stride)
        let results = y.baseAddress.bindMemory(to: Float.self, capacity: tokens * shape.outFeatures)
        results.initialize(repeating: 0, count: tokens * shape.outFeatures)
        if let mismatch = try verifier.mismatch(of: linear, y: results, team: team) {
          return "\(shape.role) of the first layer, \(tokens) tokens, \(mismatch)"
        }
      }
    }
    return nil
  }

  /// One role of each shape: kernels do not know what a matrix is for.
  private var distinctRoles: [LinearRole] {
    var shapes: Set<[Int]> = []
    return LinearRole.allCases.filter { role in
      let shape = source.architecture.shape(of: role)
      return shapes.insert([shape.rows, shape.columns]).inserted
    }
  }

  private func matrix(_ role: LinearRole) throws -> Matrix {
    let (rows, columns) = source.architecture.shape(of: role)
    let weights = try ShapeWeights(
      shape: BenchShape(role: role.rawValue, outFeatures: rows, inFeatures: columns),
      source: FirstLayer(source: source, role: role))
    let verifiers = try tokens.map { tokens in
      let x = try GaussianWeights(rows: tokens, columns: columns, standardDeviation: 1, seed: seed).matrix()
      return (tokens, KernelVerifier(weights: weights, x: x, tokens: tokens, seed: seed))
    }
    return Matrix(weights: weights, verifiers: verifiers)
  }

  /// A model's weights as floats, of which absmean makes the model's own trits again: each is 0 or at least the mean.
  private struct FirstLayer: WeightSource {
    let source: any ModelSource
    let role: LinearRole

    func weights(of shape: BenchShape) throws -> [Float] {
      switch try source.linear(role, layer: 0) {
      case .float(let matrix): matrix.values
      case .ternary(let matrix): matrix.values.map { Float($0) }
      }
    }

    var summary: String { source.path }
  }
}
