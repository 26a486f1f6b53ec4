/// How often each occasion came up while a matrix was multiplied.
public struct OccasionCounts: Sendable, Hashable {
  /// Products, zero weights included.
  public var multiplyAccumulates: Double
  /// Products whose weight is not zero.
  public var nonzeroMultiplyAccumulates: Double
  /// Steps of elements that did work.
  public var steps: Double
  /// Tables made.
  public var tables: Double
  /// Weights that entered the array.
  public var weightEntries: Double

  /// Creates counts.
  public init(
    multiplyAccumulates: Double = 0, nonzeroMultiplyAccumulates: Double = 0, steps: Double = 0,
    tables: Double = 0, weightEntries: Double = 0
  ) {
    self.multiplyAccumulates = multiplyAccumulates
    self.nonzeroMultiplyAccumulates = nonzeroMultiplyAccumulates
    self.steps = steps
    self.tables = tables
    self.weightEntries = weightEntries
  }

  /// The count of one occasion.
  public subscript(occasion: Activity.Occasion) -> Double {
    switch occasion {
    case .multiplyAccumulate: multiplyAccumulates
    case .nonzeroMultiplyAccumulate: nonzeroMultiplyAccumulates
    case .step: steps
    case .table: tables
    case .weightEntry: weightEntries
    }
  }
}
