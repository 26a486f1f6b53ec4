import KernelZoo
import ModelFiles
import Ternary

/// All weights of a model, the linear layers packed for one kernel.
public final class ModelWeights: Sendable {
  /// How far loading is.
  public struct Progress: Sendable, Hashable {
    /// Matrices that are ready.
    public let completed: Int
    /// All of them.
    public let total: Int
  }

  /// Where weights go that lie in the file as the kernel wants them.
  public enum Placement: Sendable {
    /// They stay there, but for tensors that begin where kernels cannot read: a model starts at once, and its pages are
    /// the file's, which are small.
    case inFile
    /// They are copied to memory of the program's own, as those of kernels are for which they are packed: the same
    /// pages for all that are compared.
    case copied
  }

  /// What the model computes.
  public let architecture: ModelArchitecture
  /// What the linear layers are multiplied with.
  public let kernel: Kernel
  /// Matrices that lie in the file as the kernel wants them, and were not packed anew.
  public let matricesAsInFile: Int
  /// Those of them that are used where they are.
  public let matricesInPlace: Int
  /// All of them.
  public var matrixCount: Int { layers.count * LinearRole.allCases.count }

  let layers: [LayerWeights]
  let outputNorm: [Float]
  let embedding: RowMatrix
  let head: RowMatrix

  /// Reads a model, packing matrix after matrix but for those that lie in the file as the kernel wants them.
  ///
  /// - Parameters:
  ///   - source: The model.
  ///   - kernel: Of the linear layers: one that takes ternary or int8 weights for a ternary model, floats for any.
  ///   - placement: Where those go.
  ///   - team: Who decodes and packs, each worker the rows it will multiply.
  ///   - allocate: Gives memory of at least that many bytes at a multiple of 64.
  ///   - isCancelled: Asked between layers.
  ///   - onProgress: Called after each layer.
  /// - Throws: ``InferenceError``, `ModelFileError`, `PackingError`, or what `allocate` throws.
  public init(
    _ source: any ModelSource, kernel: Kernel, placement: Placement = .inFile, team: any WorkerTeam,
    allocate: (Int) throws -> any WeightMemory = { AlignedBuffer(byteCount: $0) },
    isCancelled: () -> Bool = { false }, onProgress: (Progress) -> Void = { _ in }
  ) throws {
    try KernelChoice.check(kernel, for: source)
    let architecture = source.architecture
    let loader = LinearLoader(source: source, kernel: kernel, placement: placement, team: team)
    let total = architecture.layers * LinearRole.allCases.count
    layers = try (0..<architecture.layers).map { layer in
      guard !isCancelled() else { throw InferenceError.interrupted }
      let linears = try loader.load(layer: layer, allocate: allocate)
      onProgress(Progress(completed: (layer + 1) * LinearRole.allCases.count, total: total))
      return try LayerWeights(linears: linears, hasSubNorms: architecture.hasSubNorms) {
        try source.vector(.norm($0, layer: layer))
      }
    }
    matricesAsInFile = loader.matricesAsInFile
    matricesInPlace = loader.matricesInPlace
    func rows(_ role: TensorRole) throws -> RowMatrix {
      if let inFile = source.stored(role).flatMap(RowMatrix.init) {
        return placement == .inFile ? inFile : try inFile.copied(by: team, allocate: allocate)
      }
      return try RowMatrix(
        narrowing: role, of: source, rows: architecture.vocabulary, columns: architecture.hiddenSize,
        allocate: allocate)
    }
    outputNorm = try source.vector(.outputNorm)
    embedding = try rows(.embedding)
    head = architecture.tiedEmbeddings ? embedding : try rows(.head)
    self.architecture = architecture
    self.kernel = kernel
  }

  /// Packed bytes of all linear layers: what each token reads.
  public var linearBytes: Int { layers.reduce(0) { $0 + $1.linears.reduce(0) { $0 + $1.byteCount } } }
  /// Bytes of the LM head: what each token reads.
  public var headBytes: Int { head.byteCount }
  /// How the elements of the LM head lie: `F16`.
  public var headElementName: String { head.elementName }
  /// Bytes of all norms.
  public var normBytes: Int {
    let perLayer = architecture.norms.reduce(0) { $0 + architecture.count(of: $1) }
    return (architecture.layers * perLayer + outputNorm.count) * MemoryLayout<Float>.stride
  }
  /// Weights of the linear layers, each of which is one multiply-accumulate a token.
  public var linearWeights: Int {
    layers.reduce(0) { $0 + $1.linears.reduce(0) { $0 + $1.outFeatures * $1.inFeatures } }
  }
}
