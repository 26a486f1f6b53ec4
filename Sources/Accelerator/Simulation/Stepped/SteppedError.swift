/// Why a matmul cannot be run cycle by cycle.
public enum SteppedError: Error, Sendable, Equatable, CustomStringConvertible {
  /// It cannot be simulated in closed form either.
  case notSimulable(SimulationError)
  /// The datapath has no elements that can be run.
  case noElements(design: String, datapath: String)
  /// The array has more registers than is sensible to hold.
  case arrayTooLarge(design: String, elements: Int, dotWidth: Int, limit: Int)
  /// The operands do not belong together.
  case sizes(activations: Int, inFeatures: Int)
  /// An activation that the format of the design does not represent.
  case activationOutOfRange(design: String, format: NumberFormat, value: Int8)
  /// A zero weight, and a format that has none.
  case zeroWeights(design: String, format: WeightFormat)
  /// A sum that would be wrapped or rounded.
  case inexactSum(design: String, format: NumberFormat, tokens: Range<Int>, outFeatures: Range<Int>)

  /// One sentence.
  public var description: String {
    switch self {
    case .notSimulable(let error): error.description
    case .noElements(let design, let datapath):
      "design '\(design)': the \(datapath) datapath can only be simulated in closed form"
    case .arrayTooLarge(let design, let elements, let dotWidth, let limit):
      "design '\(design)': \(elements) elements of dot width \(dotWidth) are too many to simulate cycle by cycle; "
        + "at most \(limit) products a cycle are"
    case .sizes(let activations, let inFeatures):
      "\(activations) activations are not a whole number of tokens of \(inFeatures) in-features"
    case .activationOutOfRange(let design, let format, let value):
      "design '\(design)': the activation \(value) is not a number of its \(format)"
    case .zeroWeights(let design, let format):
      "design '\(design)': the matrix has zero weights, which the format \(format.rawValue) does not have"
    case .inexactSum(let design, let format, let tokens, let outFeatures):
      "design '\(design)': a sum of tokens \(tokens) and out-features \(outFeatures) leaves the numbers that "
        + "\(format) holds exactly; more array.accumulator-bits hold it"
    }
  }
}
