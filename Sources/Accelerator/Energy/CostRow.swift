/// A constant of the energy and area model, or a rule by which such constants are made, with where it is from: a
/// row of `bitlab list energy`.
public struct CostRow: Sendable, Hashable {
  /// What it is the value of.
  public var what: String
  /// The number; `nil` for a rule.
  public var value: Double?
  /// Unit of the number, empty if it has none.
  public var unit: String
  /// Process node it holds for; `nil` for all.
  public var nodeNanometres: Int?
  /// Where it is from; the rule itself for a rule.
  public var source: String
  /// How far it can be trusted.
  public var confidence: Confidence
}
