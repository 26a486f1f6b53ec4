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
  /// Cycles that each row has seen in this fold.
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
    let cycle = cycles[row]
    cycles[row] = cycle &+ 1
    for firstColumn in stride(from: 0, to: columns, by: sharers) {
      let first = row &* self.columns &+ firstColumn
      let newest = activationsStay ? 0 : cycle % sharers
      if !activationsStay { makeTables(at: first &+ newest, from: activations, firstColumn) }
      for offset in 0..<min(sharers, columns - firstColumn) {
        let age = newest &- offset
        let table = tables + (first &+ (age < 0 ? age &+ sharers : age)) &* groups &* entries
        let column = firstColumn &+ offset
        var sum: Int32 = 0
        for group in 0..<groups {
          let number = weights.words[group &* weights.stride &+ column]
          let sign = number >> 15
          let entry = table[group &* entries &+ Int((number ^ sign) &- sign)]
          sum &+= Int32((entry ^ sign) &- sign)
        }
        sums[column] &+= sum
      }
    }
  }

  /// Makes the tables of one step from the activations of a column. Each activation triples the patterns: those so
  /// far follow, once without it and once with it and either sign. The activation alone comes between the two.
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
