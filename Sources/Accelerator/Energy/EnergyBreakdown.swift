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
  }

  private var picojoules: [Double]

  /// No energy.
  public init() { picojoules = Array(repeating: 0, count: Part.allCases.count) }

  /// The energy of a part in picojoules.
  public subscript(part: Part) -> Double {
    get { picojoules[Self.index(part)] }
    set { picojoules[Self.index(part)] = newValue }
  }

  /// All parts together in picojoules.
  public var totalPicojoules: Double { picojoules.reduce(0, +) }

  /// The sums of the parts.
  public static func + (left: Self, right: Self) -> Self {
    var sum = left
    for index in sum.picojoules.indices { sum.picojoules[index] += right.picojoules[index] }
    return sum
  }

  /// The same work `factor` times over.
  public static func * (breakdown: Self, factor: Double) -> Self {
    var product = breakdown
    for index in product.picojoules.indices { product.picojoules[index] *= factor }
    return product
  }

  private static func index(_ part: Part) -> Int { indices[part] ?? 0 }

  private static let indices = Dictionary(
    uniqueKeysWithValues: Part.allCases.enumerated().map { ($1, $0) })
}
