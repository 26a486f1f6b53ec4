/// Silicon by what it is for, in square millimetres.
public struct AreaBreakdown: Sendable, Hashable {
  /// What silicon is for.
  public enum Part: String, CaseIterable, Sendable {
    case arithmetic
    case accumulator
    case tables
    case weightDecoder = "weight-decoder"
    case registers
    case weightBuffer = "weight-buffer"
    case activationBuffer = "activation-buffer"
    case outputBuffer = "output-buffer"
    case vectorUnit = "vector-unit"

    /// The processing elements and what feeds them.
    public var isArray: Bool {
      switch self {
      case .arithmetic, .accumulator, .tables, .weightDecoder, .registers: true
      case .weightBuffer, .activationBuffer, .outputBuffer, .vectorUnit: false
      }
    }
  }

  private var squareMillimetres: [Part: Double] = [:]

  /// No silicon.
  public init() {}

  /// The area of a part in square millimetres.
  public subscript(part: Part) -> Double {
    get { squareMillimetres[part, default: 0] }
    set { squareMillimetres[part] = newValue }
  }

  /// All parts together in square millimetres.
  public var totalSquareMillimetres: Double { sum { _ in true } }

  /// The array alone in square millimetres.
  public var arraySquareMillimetres: Double { sum(\.isArray) }

  /// In the order of the parts, so that equal areas have equal sums to the last bit.
  private func sum(_ isCounted: (Part) -> Bool) -> Double {
    Part.allCases.filter(isCounted).reduce(0) { $0 + self[$1] }
  }
}
