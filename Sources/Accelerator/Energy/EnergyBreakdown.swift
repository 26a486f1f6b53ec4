/// Energy by where it went, in picojoules.
public struct EnergyBreakdown: Sendable, Hashable {
  /// Where energy goes.
  public enum Part: String, CaseIterable, Sendable {
    case arithmetic
    case accumulator
    case tables
    case weightDecoder = "weight-decoder"
    case registers
    case weightBuffer = "weight-buffer"
    case activationBuffer = "activation-buffer"
    case outputBuffer = "output-buffer"
    case dramWeights = "dram-weights"
    case dramActivations = "dram-activations"
    case dramOutputs = "dram-outputs"
    case dramKeyValues = "dram-key-values"
    case vectorUnit = "vector-unit"
    case link
    case leakage

    /// Where a part is in the vector of all: no look-up, since breakdowns are made by the hundred thousand.
    fileprivate var lane: Int {
      switch self {
      case .arithmetic: 0
      case .accumulator: 1
      case .tables: 2
      case .weightDecoder: 3
      case .registers: 4
      case .weightBuffer: 5
      case .activationBuffer: 6
      case .outputBuffer: 7
      case .dramWeights: 8
      case .dramActivations: 9
      case .dramOutputs: 10
      case .dramKeyValues: 11
      case .vectorUnit: 12
      case .link: 13
      case .leakage: 14
      }
    }
  }

  private var picojoules = SIMD16<Double>()

  /// No energy.
  public init() {}

  /// The energy of a part in picojoules.
  public subscript(part: Part) -> Double {
    get { picojoules[part.lane] }
    set { picojoules[part.lane] = newValue }
  }

  /// All parts together in picojoules.
  public var totalPicojoules: Double { picojoules.sum() }

  /// The sums of the parts.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    sum.picojoules += right.picojoules
    return sum
  }

  /// The same work `factor` times over.
  public static func * (breakdown: Self, factor: Double) -> Self {
    var product = breakdown
    product.picojoules *= factor
    return product
  }
}
