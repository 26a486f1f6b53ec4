extension LUT: SteppedDatapath {
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements {
    LUTElements(element, rows: rows, columns: columns)
  }
}

/// Tables of the sums of groups of activations, and weights that are indices into them.
///
/// The weights of a group are the digits of a number in balanced base 3, from -(3^g - 1) / 2 to (3^g - 1) / 2. Its
/// magnitude is the entry to read, its sign says whether to negate it. Entry 0 is not there in hardware: it is the
/// sum of nothing.
///
/// Activations that travel make a table in the first column of each set of sharers. The columns of a set see the
/// group a cycle later from one to the next, so that a set keeps as many tables as it has columns.
private final class LUTElements: SteppedElements {
  private let groupSize: Int
  private let groups: Int
  private let entries: Int
  private let dotWidth: Int
  private let columns: Int
  private let activationsStay: Bool
  /// Columns that share a table.
  private let sharers: Int
  /// The tables of every element, or of every set in as many cycles as it has columns: the same number.
  private let tables: UnsafeMutablePointer<Int16>
  private let tablesCapacity: Int
  /// Which of its tables each row makes next.
  private var cycles: [Int]
  private(set) var tablesMade = 0

  init(_ element: ElementDesign, rows: Int, columns: Int) {
    let design = element.tables ?? TableDesign(groupSize: 1, sharers: 1)
    groupSize = design.groupSize
    dotWidth = element.dotWidth
    groups = element.dotWidth / design.groupSize
    entries = LUT.entries(groupSize: design.groupSize) + 1
    activationsStay = element.dataflow == .inputStationary
    sharers = activationsStay ? 1 : min(design.sharers, columns)
    self.columns = (columns + sharers - 1) / sharers * sharers
    tablesCapacity = rows * self.columns * groups * entries
    tables = .allocate(capacity: tablesCapacity)
    tables.initialize(repeating: 0, count: tablesCapacity)
    cycles = Array(repeating: 0, count: rows)
  }

  deinit { tables.deallocate() }

  /// The activations and how many groups they fill.
  var activationWords: Int { dotWidth + 1 }
  var weightWords: Int { groups }

  func encode(activations: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeAsWords(activations, count: count, dotWidth: dotWidth, into: registers)
    registers.words[dotWidth * registers.stride] = Int16((count + groupSize - 1) / groupSize)
  }

  func encode(weights: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    for group in 0..<groups {
      var number: Int16 = 0
      for index in stride(from: min(count, (group + 1) * groupSize) - 1, through: group * groupSize, by: -1) {
        number = 3 &* number &+ Int16(weights[index])
      }
      registers.words[group * registers.stride] = number
    }
  }

  func beginFold() {
    tables.update(repeating: 0, count: tablesCapacity)
    for row in cycles.indices { cycles[row] = 0 }
  }

  func activationsDidLoad(row: Int, _ activations: RegisterRow, columns: Int) {
    for column in 0..<columns { makeTables(at: row * self.columns + column, from: activations, column) }
  }

  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int
  ) {
    guard !activationsStay else {
      lookUp(0..<columns, firstTable: row &* self.columns, tableStep: 1, weights: weights, sums: sums)
      return
    }
    // The tables of a set are a ring: from one column to the next the table is one cycle older.
    let newest = cycles[row]
    cycles[row] = newest &+ 1 == sharers ? 0 : newest &+ 1
    for firstColumn in stride(from: 0, to: columns, by: sharers) {
      let ring = row &* self.columns &+ firstColumn
      makeTables(at: ring &+ newest, from: activations, firstColumn)
      let end = min(columns, firstColumn &+ sharers)
      let turn = min(end, firstColumn &+ newest &+ 1)
      lookUp(
        firstColumn..<turn, firstTable: ring &+ newest, tableStep: -1, weights: weights, sums: sums)
      lookUp(
        turn..<end, firstTable: ring &+ sharers &- 1, tableStep: -1, weights: weights, sums: sums)
    }
  }

  /// Reads the entries that the weights of some columns name, from tables at equal distances.
  @inline(__always)
  private func lookUp(
    _ columns: Range<Int>, firstTable: Int, tableStep: Int, weights: RegisterRow,
    sums: UnsafeMutablePointer<Int32>
  ) {
    let step = tableStep &* groups &* entries
    for group in 0..<groups {
      let numbers = weights.words + group &* weights.stride
      var table = tables + (firstTable &* groups &+ group) &* entries
      for column in columns {
        let number = numbers[column]
        let sign = number >> 15
        let entry = table[Int((number ^ sign) &- sign)]
        sums[column] &+= Int32((entry ^ sign) &- sign)
        table += step
      }
    }
  }

  /// Makes the tables of one step from the activations of a column. Of the patterns that end in a weight of +1 for an
  /// activation, the one of zeros before it comes in the middle; those before it, and their negatives, lie around.
  private func makeTables(at index: Int, from activations: RegisterRow, _ column: Int) {
    for group in 0..<groups {
      let table = tables + (index &* groups &+ group) &* entries
      var half = 0
      for position in 0..<groupSize {
        let word = (group &* groupSize &+ position) &* activations.stride &+ column
        let activation = activations.words[word]
        let middle = 2 &* half &+ 1
        table[middle] = activation
        for entry in 0..<half {
          table[middle &+ 1 &+ entry] = activation &+ table[1 &+ entry]
          table[middle &- 1 &- entry] = activation &- table[1 &+ entry]
        }
        half = middle &+ half
      }
    }
    tablesMade &+= Int(activations.words[dotWidth &* activations.stride &+ column])
  }
}
