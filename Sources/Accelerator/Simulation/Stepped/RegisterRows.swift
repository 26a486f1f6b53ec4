/// A row of registers for each row of elements. What is in them can move down by a row: rather than the words, the
/// numbers of the rows change.
final class RegisterRows {
  private let rows: Int
  private let columns: Int
  private let rowBytes: Int
  private let memory: UnsafeMutableRawPointer
  private var top = 0

  /// - Parameters:
  ///   - rows: At least 1.
  ///   - columns: At least 1.
  ///   - bytes: Of all words of one element.
  init(rows: Int, columns: Int, bytes: Int) {
    self.rows = rows
    self.columns = columns
    rowBytes = columns * bytes
    memory = .allocate(byteCount: rows * rowBytes, alignment: 64)
    clear()
  }

  deinit { memory.deallocate() }

  /// Empties all registers.
  func clear() {
    memory.initializeMemory(as: UInt8.self, repeating: 0, count: rows * rowBytes)
    top = 0
  }

  /// Moves all rows down by one. The bottom row comes out at the top and is to be overwritten there.
  func moveDown() { top = top == 0 ? rows &- 1 : top &- 1 }

  /// The operands in a row, from a column on.
  func operands(row: Int, column: Int = 0) -> RegisterRow {
    RegisterRow(words: address(of: row).assumingMemoryBound(to: Int16.self) + column, stride: columns)
  }

  /// The sums in a row.
  func sums(row: Int) -> UnsafeMutablePointer<Int32> { address(of: row).assumingMemoryBound(to: Int32.self) }

  private func address(of row: Int) -> UnsafeMutableRawPointer {
    let place = top &+ row
    return memory + (place >= rows ? place &- rows : place) &* rowBytes
  }
}
