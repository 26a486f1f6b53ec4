import CKernels
import Ternary
import Testing

@testable import KernelZoo

/// Products with rows as files store them, against a decoder of their own in double precision.
@Suite struct StoredRowTests {
  static let levels = InstructionSetLevel.available

  @Test(arguments: levels, StoredRow.allCases)
  func productsOfRows(_ level: InstructionSetLevel, _ type: StoredRow) {
    for k in type.rowCounts {
      let seed = UInt64(k)
      var random = SeededGenerator(seed: seed)
      for rowCount in [1, 2, 3, 4, 7, 8, 21] {
        let stored = type.randomRows(elements: rowCount * k, using: &random)
        let memory = GuardedCopies()
        defer { memory.free() }
        let rows = memory.copy(stored), x = memory.copy(random.floats(k)),
          y = memory.copy(random.floats(rowCount))
        bl_multiply_rows(level.isa, type.cType, k, 0, rowCount, rows, x, y)

        let weights = type.decode(stored), magnitudes = type.magnitudes(stored, weights), inputs = x.values(k)
        func sum(_ row: Int, _ factors: [Double], _ inputs: [Double]) -> Double {
          zip(factors[(row * k)...], inputs).reduce(0) { $0 + $1.0 * $1.1 }
        }
        let expected = (0..<rowCount).map { sum($0, weights, inputs.map(Double.init)) }
        // One rounding for each of k / LANES additions to a lane (4 is the least), and a dozen more.
        let error = (Double(k) / 4 + 12) * 0x1p-24
        let result = worst(y.values(rowCount), expected) {
          error * sum($0, magnitudes, inputs.map { Double(abs($0)) })
        }
        #expect(result.ratio <= 1, "K=\(k), row \(result.index) of \(rowCount), seed \(seed)")
      }
    }
  }

  @Test(arguments: levels, StoredRow.allCases)
  func rowsDoNotDependOnTheSplit(_ level: InstructionSetLevel, _ type: StoredRow) {
    var random = SeededGenerator(seed: 6)
    let rowCount = 37
    let k = type.blockElements * (type.blockElements == 1 ? 101 : 5)
    let rows = type.randomRows(elements: rowCount * k, using: &random), x = random.floats(k)
    var whole = [Float](repeating: .nan, count: rowCount)
    bl_multiply_rows(level.isa, type.cType, k, 0, rowCount, rows, x, &whole)
    for parts in [[0, 1, 37], [0, 5, 6, 20, 37], Array(0...37)] {
      var inParts = [Float](repeating: .nan, count: rowCount)
      for (begin, end) in zip(parts, parts.dropFirst()) {
        bl_multiply_rows(level.isa, type.cType, k, begin, end, rows, x, &inParts)
      }
      #expect(inParts == whole, "split at \(parts)")
    }
  }

  @Test(arguments: levels, StoredRow.allCases)
  func widening(_ level: InstructionSetLevel, _ type: StoredRow) {
    for k in type.rowCounts {
      var random = SeededGenerator(seed: UInt64(k))
      let stored = type.randomRows(elements: k, using: &random)
      let memory = GuardedCopies()
      defer { memory.free() }
      let row = memory.copy(stored), y = memory.copy([Float](repeating: .nan, count: k))
      bl_widen_row(level.isa, type.cType, k, row, y)
      // Scales times codes fit into a double: one rounding to float, as in the definition.
      #expect(y.values(k) == type.decode(stored).map { Float($0) }, "K=\(k)")
    }
  }

  @Test(arguments: levels)
  func everyFloat16(_ level: InstructionSetLevel) {
    let halves = (0...UInt16.max).map { UInt16($0) }.filter { !Float16(bitPattern: $0).isNaN }
    let stored = halves.flatMap { [UInt8(truncatingIfNeeded: $0), UInt8($0 >> 8)] }
    var y = [Float](repeating: 1, count: halves.count)
    bl_widen_row(level.isa, BL_ROWS_FLOAT16, halves.count, stored, &y)
    #expect(y.map(\.bitPattern) == halves.map { Float(Float16(bitPattern: $0)).bitPattern })
    var back = [UInt16](repeating: 1, count: halves.count)
    bl_narrow_float16(level.isa, y.count, y, &back)
    #expect(back == halves)
  }

  @Test(arguments: levels)
  func narrowingRoundsHalfToEven(_ level: InstructionSetLevel) {
    var random = SeededGenerator(seed: 7)
    let special: [Float] = [
      0, -0.0, 65504, 65519.99, 65520, -65520, 1e30, .infinity, 0x1p-24, 0x1p-25, 0x1.8p-24, -0x1.000002p-25,
      1 + 0x1p-11, 1 + 0x3p-11, 2049, 2051, 0x1p-14, 0x1.ffcp-15,
    ]
    for count in awkwardCounts {
      let values = (0..<count).map {
        $0 < special.count ? special[$0] : Float.random(in: -70000...70000, using: &random)
      }
      let memory = GuardedCopies()
      defer { memory.free() }
      let x = memory.copy(values), y = memory.copy([UInt16](repeating: 1, count: count))
      bl_narrow_float16(level.isa, count, x, y)
      #expect(y.values(count) == values.map { Float16($0).bitPattern }, "\(count) values")
    }
  }
}
