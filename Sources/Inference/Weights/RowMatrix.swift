import CKernels
import KernelZoo
import ModelFiles

/// Embedding or LM head: rows as a model file stores them, read in place.
struct RowMatrix: Sendable {
  let rows: Int
  let columns: Int
  let type: bl_row_type
  let rowBytes: Int
  /// How elements lie, for readers.
  let elementName: String
  // Unsafe in name only: nothing writes to it, and `owner` keeps it alive.
  private nonisolated(unsafe) let bytes: UnsafeRawPointer
  private let owner: any Sendable

  /// Rows as they lie in the file; `nil` if no row kernel reads such elements.
  init?(_ tensor: StoredTensor) {
    guard let type = Self.rowType(tensor.elementType), let start = tensor.bytes.baseAddress else {
      return nil
    }
    rows = tensor.rows
    columns = tensor.columns
    self.type = type
    rowBytes = tensor.rowBytes
    elementName = tensor.elementType.name
    bytes = start
    owner = tensor
  }

  /// A copy as IEEE binary16, of a tensor that lies in a form no row kernel reads.
  ///
  /// - Throws: What reading or `allocate` throws.
  init(
    narrowing role: TensorRole, of source: any ModelSource, rows: Int, columns: Int,
    allocate: (Int) throws -> any WeightMemory
  ) throws {
    self.rows = rows
    self.columns = columns
    type = BL_ROWS_FLOAT16
    rowBytes = columns * 2
    elementName = TensorElementType.float16.name
    let memory = try allocate(rows * columns * 2)
    let isa = InstructionSet.ofThisCPU.rawValue
    let halves = memory.baseAddress.bindMemory(to: UInt16.self, capacity: rows * columns)
    for start in stride(from: 0, to: rows, by: Self.rowsAtOnce) {
      let values = try source.rows(start..<min(start + Self.rowsAtOnce, rows), of: role)
      bl_narrow_float16(isa, values.count, values, halves + start * columns)
    }
    bytes = UnsafeRawPointer(memory.baseAddress)
    owner = memory
  }

  /// The same rows in other memory, each worker copying those that it will read.
  ///
  /// - Throws: What `allocate` throws.
  func copied(
    by team: any WorkerTeam, allocate: (Int) throws -> any WeightMemory
  ) throws -> RowMatrix {
    let memory = try allocate(byteCount)
    team.run { member in
      let share = member.rows(of: rows, tile: 1)
      let begin = share.lowerBound * rowBytes
      (memory.baseAddress + begin).copyMemory(from: bytes + begin, byteCount: share.count * rowBytes)
    }
    return RowMatrix(self, in: memory)
  }

  private init(_ original: RowMatrix, in memory: any WeightMemory) {
    rows = original.rows
    columns = original.columns
    type = original.type
    rowBytes = original.rowBytes
    elementName = original.elementName
    bytes = UnsafeRawPointer(memory.baseAddress)
    owner = memory
  }

  private static let rowsAtOnce = 256

  private static func rowType(_ type: TensorElementType) -> bl_row_type? {
    switch type {
    case .float32: BL_ROWS_FLOAT32
    case .float16: BL_ROWS_FLOAT16
    case .bfloat16: BL_ROWS_BFLOAT16
    case .q4_0: BL_ROWS_Q4_0
    case .q8_0: BL_ROWS_Q8_0
    case .q6_K: BL_ROWS_Q6_K
    case .tq1_0, .tq2_0, .i2_s: nil
    }
  }

  /// Bytes of all rows: what one product with a vector reads.
  var byteCount: Int { rows * rowBytes }

  /// Writes one row as floats.
  func widen(row: Int, _ isa: UInt32, into y: UnsafeMutablePointer<Float>) {
    bl_widen_row(isa, type, columns, bytes + row * rowBytes, y)
  }

  /// Multiplies a vector by some rows: y[row] for each of them.
  func multiply(
    rows: Range<Int>, _ isa: UInt32, _ x: UnsafePointer<Float>, into y: UnsafeMutablePointer<Float>
  ) {
    guard !rows.isEmpty else { return }
    bl_multiply_rows(isa, type, columns, rows.lowerBound, rows.upperBound, bytes, x, y)
  }
}
