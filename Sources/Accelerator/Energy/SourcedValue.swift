/// A number of a table and why it should be believed.
public struct SourcedValue: Sendable, Hashable {
  /// The value, in the unit that the name of the property gives.
  public var value: Double
  /// Between what it may lie, if sources differ or it is an assumption.
  public var range: ClosedRange<Double>?
  /// Where it is from, for readers.
  public var source: String
  /// How it follows from the source.
  public var confidence: Confidence

  /// Creates a value.
  public init(_ value: Double, range: ClosedRange<Double>? = nil, source: String, confidence: Confidence) {
    self.value = value
    self.range = range
    self.source = source
    self.confidence = confidence
  }
}

/// How a value follows from its source.
public enum Confidence: String, CaseIterable, Sendable {
  /// The source has it.
  case stated
  /// It was computed from figures of the source.
  case derived
  /// No citable figure was found; the source says what it rests on.
  case assumed
}
