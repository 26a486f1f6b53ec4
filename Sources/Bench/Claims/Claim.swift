/// A published figure that can be held against figures of our own.
public struct Claim: Sendable, Identifiable {
  /// Name at the command line: words joined by dashes, from the general to the particular.
  public let id: String
  /// Claims of one group stand together.
  public let group: ClaimGroup
  /// In one line, without the figure.
  public let statement: String
  /// The figure.
  public let published: PublishedFigure
  /// How ours comes about.
  let check: any ClaimCheck
  /// What probably makes ours lower, or higher, if it is.
  let reasons: DifferenceReasons

  init(
    _ id: String, _ group: ClaimGroup, _ statement: String, published: PublishedFigure, check: any ClaimCheck,
    lower: String? = nil, higher: String? = nil
  ) {
    self.id = id
    self.group = group
    self.statement = statement
    self.published = published
    self.check = check
    reasons = DifferenceReasons(lower: lower, higher: higher)
  }

  /// How our figure comes about.
  public var method: ClaimMethod { check.method }

  /// Whether `name` names this claim or several of which it is one: `saving` names `saving-7nm`.
  public func isNamed(_ name: String) -> Bool { id == name || id.hasPrefix(name + "-") }
}

/// Claims about one thing.
public enum ClaimGroup: String, Sendable, CaseIterable {
  case arithmetic = "Energy of arithmetic"
  case memory = "Memory"
  case latency = "Latency of one token"
  case throughput = "Batch and throughput"
  case equivalence = "A larger ternary model against a smaller FP16 one"
  case speedups = "bitnet.cpp over FP16 on x86"
}

/// How a figure of ours comes about.
public enum ClaimMethod: String, Sendable, CaseIterable {
  /// On this machine.
  case measured = "measured here"
  /// By a model of a chip or a device.
  case modelled
  /// From shapes and published prices.
  case arithmetic
}

/// A figure as published.
public struct PublishedFigure: Sendable, Hashable {
  /// What it is counted in.
  public enum Unit: String, Sendable {
    case times = "x"
    case joules = "J"
    case gigabytes = "GB"
  }

  /// How it is known.
  public enum Standing: String, Sendable {
    /// The source has it.
    case stated
    /// It follows from figures of the source.
    case derived
    /// Passed on by others and not found as a number in the source.
    case secondHand = "second hand, not verified"
  }

  /// What it takes to be reproduced.
  public enum Criterion: Sendable, Hashable {
    /// The same digits.
    case printed
    /// Within this share of it.
    case within(Double)
    /// Anything above it.
    case above
  }

  /// The value.
  public let value: Double
  /// What it is counted in.
  public let unit: Unit
  /// Decimals as printed.
  public let decimals: Int
  /// Where it is published.
  public let source: String
  /// How it is known.
  public let standing: Standing
  /// What it takes to be reproduced.
  public let criterion: Criterion

  /// A figure with every part given.
  public init(
    _ value: Double, _ unit: Unit = .times, decimals: Int = 2, source: String, standing: Standing = .stated,
    criterion: Criterion = .within(Self.modelTolerance)
  ) {
    self.value = value
    self.unit = unit
    self.decimals = decimals
    self.source = source
    self.standing = standing
    self.criterion = criterion
  }

  /// Between measurements on different machines, or a measurement and a model, nothing closer can be asked for.
  public static let modelTolerance = 0.1
}

/// What probably makes a figure differ, by the direction in which it does.
struct DifferenceReasons: Sendable, Hashable {
  let lower: String?
  let higher: String?
}
