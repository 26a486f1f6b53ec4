/// Registers that operands move through along the rows, one a cycle.
///
/// Instead of every word moving up by one register, the registers move down in memory under the words; when they
/// arrive at the bottom, everything is copied to the top. All lines move together.
final class DelayLines {
  private let words: Int
  /// Registers in front of the first column.
  private let lead: Int
  private let length: Int
  private let stride: Int
  private let memory: UnsafeMutablePointer<Int16>
  private let capacity: Int
  private var base: Int

  init(lines: Int, words: Int, lead: Int, columns: Int) {
    self.words = words
    self.lead = lead
    length = lead + columns
    stride = 2 * length + 256
    capacity = lines * words * stride
    memory = .allocate(capacity: capacity)
    memory.initialize(repeating: 0, count: capacity)
    base = stride - length
  }

  deinit { memory.deallocate() }

  /// Empties all registers.
  func clear() { memory.update(repeating: 0, count: capacity) }

  /// Moves everything on by a register. The first one holds what it held before until it is written.
  func shift() {
    if base == 0 {
      let top = stride - length
      for line in Swift.stride(from: 0, to: capacity, by: stride) {
        (memory + line + top).update(from: memory + line, count: length)
      }
      base = top
    }
    base &-= 1
  }

  /// The register where operands enter a line.
  func entrance(of line: Int) -> RegisterRow { registers(at: base, of: line) }

  /// The registers of a row of elements.
  func row(_ line: Int) -> RegisterRow { registers(at: base &+ lead, of: line) }

  private func registers(at place: Int, of line: Int) -> RegisterRow {
    RegisterRow(words: memory + (line &* words &* stride &+ place), stride: stride)
  }

  /// Nothing enters a line in this cycle.
  func enterNothing(line: Int) {
    let entrance = entrance(of: line)
    for word in 0..<words { entrance.words[word &* stride] = 0 }
  }
}
