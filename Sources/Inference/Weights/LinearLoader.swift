import KernelZoo
import ModelFiles
import Synchronization
import Ternary

/// Brings the linear layers of a model into a kernel's packing.
final class LinearLoader {
  private let source: any ModelSource
  private let kernel: Kernel
  private let placement: ModelWeights.Placement
  private let team: any WorkerTeam
  /// Matrices that lie in the file as the kernel wants them.
  private(set) var matricesAsInFile = 0
  /// Those of them that stay there.
  private(set) var matricesInPlace = 0

  init(
    source: any ModelSource, kernel: Kernel, placement: ModelWeights.Placement, team: any WorkerTeam
  ) {
    self.source = source
    self.kernel = kernel
    self.placement = placement
    self.team = team
  }

  /// One layer: what lies packed in the file is used so; of the rest each worker decodes some matrices, and all
  /// pack each of them. In the order of the roles.
  func load(layer: Int, allocate: (Int) throws -> any WeightMemory) throws -> [PackedWeights] {
    let found = try LinearRole.allCases.map { try asInFile($0, layer: layer, allocate: allocate) }
    let missing = zip(LinearRole.allCases, found).filter { $1 == nil }.map(\.0)
    var decoded = try decode(missing, layer: layer)[...]
    return try found.map { matrix in
      try matrix
        ?? PackedWeights(decoded.removeFirst(), packing: kernel.packing, team: team, allocate: allocate)
    }
  }

  /// - Returns: `nil` if the matrix must be decoded and packed.
  private func asInFile(
    _ role: LinearRole, layer: Int, allocate: (Int) throws -> any WeightMemory
  ) throws -> PackedWeights? {
    guard let tensor = source.stored(.linear(role, layer: layer)),
      let check = InPlaceCheck(tensor, packing: kernel.packing), let memory = FileWeights(tensor)
    else { return nil }
    let isRight = Atomic(true)
    team.run { member in
      if !check.hasOnlyTrits(rows: member.rows(of: tensor.rows, tile: 1)) {
        isRight.store(false, ordering: .relaxed)
      }
    }
    // The decoder says what is wrong, and where.
    guard isRight.load(ordering: .relaxed) else { return nil }
    let inFile = try PackedWeights(
      inPlace: memory, packing: kernel.packing, outFeatures: tensor.rows, inFeatures: tensor.columns,
      scale: check.scale)
    matricesAsInFile += 1
    guard placement == .copied || !memory.isAligned else {
      matricesInPlace += 1
      return inFile
    }
    return try PackedWeights(copying: inFile, team: team, allocate: allocate)
  }

  private func decode(_ roles: [LinearRole], layer: Int) throws -> [WeightMatrix] {
    let results = Mutex([Result<WeightMatrix, ModelFileError>?](repeating: nil, count: roles.count))
    let (source, kind) = (source, kernel.packing.weightKind)
    team.run { member in
      for index in stride(from: member.index, to: roles.count, by: member.count) {
        let result = Self.decode(roles[index], layer: layer, of: source, for: kind)
        results.withLock { $0[index] = result }
      }
    }
    return try results.withLock { $0 }.compactMap { try $0?.get() }
  }

  private static func decode(
    _ role: LinearRole, layer: Int, of source: any ModelSource, for kind: WeightKind
  ) -> Result<WeightMatrix, ModelFileError> {
    do {
      return .success(matrix(try source.linear(role, layer: layer), for: kind))
    } catch {
      return .failure(error)
    }
  }

  private static func matrix(_ weights: LinearWeights, for kind: WeightKind) -> WeightMatrix {
    switch weights {
    case .float(let matrix):
      .float(values: matrix.values, outFeatures: matrix.rows, inFeatures: matrix.columns)
    case .ternary(let matrix) where kind == .float:
      .float(
        values: matrix.values.map { Float($0) * matrix.scale }, outFeatures: matrix.rows,
        inFeatures: matrix.columns)
    case .ternary(let matrix): .ternary(matrix)
    }
  }
}
