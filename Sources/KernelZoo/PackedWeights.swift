import CKernels
import Ternary

/// Why weights could not be packed.
public enum PackingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The packing cannot hold such weights.
  case wrongKind(packing: String, holds: WeightKind, given: WeightKind)
  /// The matrix has another number of values than rows times columns.
  case wrongCount(expected: Int, given: Int)
  /// Rows or columns are not in 1 ... 2^24.
  case unsupportedShape(outFeatures: Int, inFeatures: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .wrongKind(let packing, let holds, let given):
      "packing '\(packing)' holds \(holds) weights, but the matrix is \(given)"
    case .wrongCount(let expected, let given):
      "a weight matrix of \(expected) values was announced, but \(given) were given"
    case .unsupportedShape(let outFeatures, let inFeatures):
      "a matrix of \(outFeatures)x\(inFeatures) cannot be packed: both sides must be from 1 to \(PackedWeights.largestSide)"
    }
  }
}

/// A weight matrix of N rows (out-features) and K columns (in-features) before packing.
public enum WeightMatrix: Sendable {
  /// -1, 0 and +1, times the matrix's scale.
  case ternary(TernaryMatrix)
  /// -1 and +1 only, times the matrix's scale.
  case binary(TernaryMatrix)
  /// Floating point, row-major.
  case float(values: [Float], outFeatures: Int, inFeatures: Int)

  /// The kinds of packing that can take this matrix.
  func fits(_ kind: WeightKind) -> Bool {
    switch self {
    case .ternary: kind == .ternary || kind == .int8
    case .binary: kind != .float
    case .float: kind == .float
    }
  }

  var kind: WeightKind {
    switch self {
    case .ternary: .ternary
    case .binary: .binary
    case .float: .float
    }
  }

  /// Rows, N.
  public var outFeatures: Int {
    switch self {
    case .ternary(let matrix), .binary(let matrix): matrix.rows
    case .float(_, let outFeatures, _): outFeatures
    }
  }

  /// Columns, K.
  public var inFeatures: Int {
    switch self {
    case .ternary(let matrix), .binary(let matrix): matrix.columns
    case .float(_, _, let inFeatures): inFeatures
    }
  }

  /// What every weight is multiplied by; 1 for floats.
  public var scale: Float {
    switch self {
    case .ternary(let matrix), .binary(let matrix): matrix.scale
    case .float: 1
    }
  }

  /// Calls `body` with the row-major values in the C type that packings of this kind read.
  func withBytes<Result>(_ body: (UnsafeRawBufferPointer) throws -> Result) rethrows -> Result {
    switch self {
    case .ternary(let matrix), .binary(let matrix): try matrix.values.withUnsafeBytes(body)
    case .float(let values, _, _): try values.withUnsafeBytes(body)
    }
  }
}

/// A weight matrix as one packing lays it out, ready to be multiplied by every kernel of that packing.
public final class PackedWeights: Sendable {
  /// Sums of int8 products of longer rows could leave int32.
  public static let largestSide = 1 << 24
  /// Workers share a copy in pages, so that no page is touched first by two of them.
  private static let copyTileBytes = 4 << 10

  /// How the weights lie.
  public let packing: Packing
  /// Rows, N.
  public let outFeatures: Int
  /// Columns, K.
  public let inFeatures: Int
  /// What every weight is multiplied by.
  public let scale: Float
  /// Bytes the packed matrix takes.
  public let byteCount: Int
  private let memory: any WeightMemory

  /// The packed bytes.
  public var bytes: UnsafeRawPointer { UnsafeRawPointer(memory.baseAddress) }

  /// Bits per weight as stored, padding included.
  public var bitsPerWeight: Double { Double(byteCount) * 8 / (Double(outFeatures) * Double(inFeatures)) }

  /// Packs a matrix, each worker the rows it will later multiply, so that first touch puts them near it.
  ///
  /// - Parameters:
  ///   - matrix: N × K weights of a kind the packing holds.
  ///   - packing: The layout.
  ///   - team: Who packs.
  ///   - allocate: Gives memory of at least that many bytes at a multiple of 64.
  /// - Throws: `PackingError`, or what `allocate` throws.
  public init(
    _ matrix: WeightMatrix,
    packing: Packing,
    team: some WorkerTeam = SingleWorker(),
    allocate: (Int) throws -> any WeightMemory = { AlignedBuffer(byteCount: $0) }
  ) throws {
    let outFeatures = matrix.outFeatures
    let inFeatures = matrix.inFeatures
    let sides = 1...Self.largestSide
    guard sides.contains(outFeatures), sides.contains(inFeatures) else {
      throw PackingError.unsupportedShape(outFeatures: outFeatures, inFeatures: inFeatures)
    }
    guard matrix.fits(packing.weightKind) else {
      throw PackingError.wrongKind(packing: packing.name, holds: packing.weightKind, given: matrix.kind)
    }
    let bytesPerValue = matrix.kind == .float ? MemoryLayout<Float>.stride : MemoryLayout<Int8>.stride
    (memory, byteCount) = try matrix.withBytes { values in
      guard values.count == outFeatures * inFeatures * bytesPerValue, let first = values.baseAddress else {
        throw PackingError.wrongCount(expected: outFeatures * inFeatures, given: values.count / bytesPerValue)
      }
      let byteCount = packing.descriptor.pointee.packed_bytes(outFeatures, inFeatures, first)
      let memory = try allocate(byteCount)
      nonisolated(unsafe) let source = first
      nonisolated(unsafe) let destination = memory.baseAddress
      team.run { member in
        let rows = member.rows(of: outFeatures, tile: packing.rowMultiple)
        guard !rows.isEmpty else { return }
        packing.descriptor.pointee.pack(
          outFeatures, inFeatures, rows.lowerBound, rows.upperBound, source, destination)
      }
      return (memory, byteCount)
    }
    self.packing = packing
    self.outFeatures = outFeatures
    self.inFeatures = inFeatures
    scale = matrix.scale
  }

  /// The same packed bytes once more, in other memory.
  ///
  /// - Parameters:
  ///   - original: What to copy.
  ///   - team: Who copies, each worker about the bytes of the rows it will multiply.
  ///   - allocate: Gives memory of at least that many bytes at a multiple of 64.
  /// - Throws: What `allocate` throws.
  public init(
    copying original: PackedWeights, team: some WorkerTeam = SingleWorker(),
    allocate: (Int) throws -> any WeightMemory
  ) rethrows {
    packing = original.packing
    outFeatures = original.outFeatures
    inFeatures = original.inFeatures
    scale = original.scale
    byteCount = original.byteCount
    memory = try allocate(byteCount)
    nonisolated(unsafe) let source = original.bytes
    nonisolated(unsafe) let destination = memory.baseAddress
    let bytes = byteCount
    team.run { member in
      let share = member.rows(of: bytes, tile: Self.copyTileBytes)
      guard !share.isEmpty else { return }
      (destination + share.lowerBound).copyMemory(from: source + share.lowerBound, byteCount: share.count)
    }
  }

  /// Weights that lie packed already, such as in a file that is mapped into memory.
  ///
  /// - Parameters:
  ///   - memory: Holds the packed bytes, which whoever made it has checked, and keeps them alive.
  ///   - packing: How they lie. Its size must not depend on the data.
  ///   - outFeatures: N.
  ///   - inFeatures: K.
  ///   - scale: What every weight is multiplied by.
  /// - Throws: `PackingError`.
  public init(
    inPlace memory: any WeightMemory, packing: Packing, outFeatures: Int, inFeatures: Int, scale: Float
  ) throws {
    let sides = 1...Self.largestSide
    guard sides.contains(outFeatures), sides.contains(inFeatures) else {
      throw PackingError.unsupportedShape(outFeatures: outFeatures, inFeatures: inFeatures)
    }
    byteCount = packing.descriptor.pointee.packed_bytes(outFeatures, inFeatures, nil)
    guard memory.byteCount >= byteCount else {
      throw PackingError.wrongCount(expected: byteCount, given: memory.byteCount)
    }
    self.memory = memory
    self.packing = packing
    self.outFeatures = outFeatures
    self.inFeatures = inFeatures
    self.scale = scale
  }

  /// The integer weights again, row-major; `nil` for float packings.
  public func unpackedIntegers() -> [Int8]? {
    guard packing.weightKind != .float else { return nil }
    return [Int8](unsafeUninitializedCapacity: outFeatures * inFeatures) { buffer, count in
      packing.descriptor.pointee.unpack(outFeatures, inFeatures, bytes, buffer.baseAddress)
      count = outFeatures * inFeatures
    }
  }
}
