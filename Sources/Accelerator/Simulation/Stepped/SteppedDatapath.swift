/// A datapath that can be run: the function of its elements beside the description of their structure.
protocol SteppedDatapath: Datapath {
  /// The inside of all elements of an array, nothing in it yet.
  func elements(of element: ElementDesign, rows: Int, columns: Int) -> any SteppedElements
  /// What the sum of one step is kept in before it is added to the running sum, if that can round it.
  func stepFormat(of element: ElementDesign) -> NumberFormat
}

extension SteppedDatapath {
  func stepFormat(of element: ElementDesign) -> NumberFormat { element.activations }
}

/// Registers of a row of elements: word i of column c is at `words[i * stride + c]`.
struct RegisterRow {
  var words: UnsafeMutablePointer<Int16>
  var stride: Int
}

/// What the elements of an array do in a cycle.
///
/// The array moves 16-bit words from register to register without knowing what is in them. Words of zeros are what
/// passes when there is nothing to do; they add nothing to any sum, whatever the other operand is.
protocol SteppedElements: AnyObject {
  /// Words that the activations of one step take.
  var activationWords: Int { get }
  /// Words that the weights of one step take.
  var weightWords: Int { get }
  /// Tables made so far.
  var tablesMade: Int { get }

  /// Writes the activations of one step as words of column 0.
  ///
  /// - Parameters:
  ///   - activations: Consecutive in-features.
  ///   - count: How many there are: the dot width, or fewer where the in-features end.
  ///   - cycle: The cycle of the step in which the words enter, from 0.
  ///   - registers: Where to write to.
  func encode(activations: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow)

  /// The same for weights of -1, 0 and +1.
  func encode(weights: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow)

  /// A fold begins; what is left in the elements is of no use.
  func beginFold()

  /// All stationary activations of a row are in place.
  func activationsDidLoad(row: Int, _ activations: RegisterRow, columns: Int)

  /// One cycle of the first `columns` elements of a row: adds what they make of their operands to the sums.
  func step(
    row: Int, activations: RegisterRow, weights: RegisterRow, sums: UnsafeMutablePointer<Int32>, columns: Int)
}

extension SteppedElements {
  var tablesMade: Int { 0 }
  func beginFold() {}
  func activationsDidLoad(row: Int, _ activations: RegisterRow, columns: Int) {}
}

/// Elements that take activations and weights as they are, a word each.
protocol WordElements: SteppedElements {
  /// Products of a step.
  var dotWidth: Int { get }
}

extension WordElements {
  var activationWords: Int { dotWidth }
  var weightWords: Int { dotWidth }

  func encode(activations: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeAsWords(activations, count: count, dotWidth: dotWidth, into: registers)
  }

  func encode(weights: UnsafePointer<Int8>, count: Int, cycle: Int, into registers: RegisterRow) {
    encodeAsWords(weights, count: count, dotWidth: dotWidth, into: registers)
  }
}

/// Writes numbers as one word each, zeros after the last up to the dot width.
func encodeAsWords(
  _ values: UnsafePointer<Int8>, count: Int, dotWidth: Int, into registers: RegisterRow
) {
  for index in 0..<count { registers.words[index * registers.stride] = Int16(values[index]) }
  for index in count..<dotWidth { registers.words[index * registers.stride] = 0 }
}
