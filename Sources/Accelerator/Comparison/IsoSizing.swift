/// A design whose array was sized so that a quantity is the largest not above that of another design.
public struct IsoSizing: Sendable, Hashable {
  /// What is made equal.
  public enum Quantity: String, CaseIterable, Sendable {
    /// Area of all chips in square millimetres.
    case area
    /// Mean power on a workload in watts.
    case power

    /// `mm²` or `W`.
    public var unit: String { self == .area ? "mm²" : "W" }
  }

  /// What was made equal.
  public let quantity: Quantity
  /// What it should be.
  public let target: Double
  /// What it is.
  public let value: Double
  /// The design with its new array.
  public let design: Design
  /// Whether the largest array that designs may have stays below the target.
  public let isLargestAllowed: Bool

  /// How far the value is below the target, as a share of it.
  public var shortfall: Double { target > 0 ? (target - value) / target : 0 }

  /// Sizes rows and columns, one at a time, their ratio as near to the design's as whole numbers allow.
  ///
  /// Area grows with the array. Power does nearly always; where it does not, the result is one of the arrays that
  /// the next step would take above the target.
  ///
  /// - Parameters:
  ///   - design: What to size.
  ///   - quantity: What `measure` gives.
  ///   - target: What it may be.
  ///   - measure: The quantity of a design.
  /// - Throws: ``IsoSizingError``: the first error of `measure`, or that a single element is too much.
  public init(
    of design: Design, quantity: Quantity, notAbove target: Double,
    measure: (Design) throws(ModelSimulationError) -> Double
  ) throws(IsoSizingError) {
    func value(_ step: Int) throws(IsoSizingError) -> Double {
      do { return try measure(Self.resized(design, step: step)) } catch { throw .measurement(error) }
    }
    let given = design.array.rows + design.array.columns
    let allowed = Self.firstStep...Self.lastStep(design)

    // The first size that fits and one that does not, starting from the size given: sizes far from it may take long.
    var fitting = min(max(given, allowed.lowerBound), allowed.upperBound)
    var best = try value(fitting)
    var excessive: Int?
    while best > target {
      guard fitting > allowed.lowerBound else {
        throw .oneElementIsTooMuch(
          design: design.name, quantity: quantity, value: best, target: target)
      }
      excessive = fitting
      fitting = max(fitting / 2, allowed.lowerBound)
      best = try value(fitting)
    }
    while excessive == nil, fitting < allowed.upperBound {
      let candidate = min(2 * fitting, allowed.upperBound)
      let candidateValue = try value(candidate)
      if candidateValue > target {
        excessive = candidate
      } else {
        (fitting, best) = (candidate, candidateValue)
      }
    }
    while let bound = excessive, bound - fitting > 1 {
      let candidate = (fitting + bound) / 2
      let candidateValue = try value(candidate)
      if candidateValue > target {
        excessive = candidate
      } else {
        (fitting, best) = (candidate, candidateValue)
      }
    }
    self.quantity = quantity
    self.target = target
    self.value = best
    self.design = Self.resized(design, step: fitting)
    isLargestAllowed = excessive == nil
  }

  /// Rows and columns of the smallest array together.
  private static let firstStep = 2

  /// The array of so many rows and columns together. Each step adds one of either.
  private static func resized(_ design: Design, step: Int) -> Design {
    let (rows, columns) = (design.array.rows, design.array.columns)
    var resized = design
    resized.array.rows = min(max((step * rows + (rows + columns) / 2) / (rows + columns), 1), step - 1)
    resized.array.columns = step - resized.array.rows
    return resized
  }

  /// The most rows and columns together that a design may have, in that ratio.
  private static func lastStep(_ design: Design) -> Int {
    var (allowed, excessive) = (firstStep, 2 * Design.largestExtent + 1)
    while excessive - allowed > 1 {
      let step = (allowed + excessive) / 2
      let array = resized(design, step: step).array
      let isAllowed =
        max(array.rows, array.columns) <= Design.largestExtent
        && array.elements <= Design.mostElements
      if isAllowed { allowed = step } else { excessive = step }
    }
    return allowed
  }
}

extension IsoSizing {
  /// Sizes a design so that all its chips together are as large as those of another.
  public static func area(
    of design: Design, like baseline: Design, tables: CostTables
  ) throws(IsoSizingError) -> IsoSizing {
    func area(_ design: Design) throws(ModelSimulationError) -> Double {
      let chip: Chip
      do { chip = try Chip(design) } catch { throw .design(error) }
      do {
        let area = try AreaModel(design, tables: tables).area(of: chip)
        return area.totalSquareMillimetres * Double(design.chips.count)
      } catch { throw .cost(error) }
    }
    return try sized(design, like: baseline, quantity: .area, measure: area)
  }

  /// Sizes a design so that it takes as much power as another on a workload, memory included.
  public static func power(
    of design: Design, like baseline: Design, on workload: InferenceWorkload,
    matmuls: any MatmulSimulator = AnalyticalSimulator(), tables: CostTables
  ) throws(IsoSizingError) -> IsoSizing {
    func watts(_ design: Design) throws(ModelSimulationError) -> Double {
      try ModelSimulator(design, matmuls: matmuls, tables: tables).simulate(workload).watts
    }
    return try sized(design, like: baseline, quantity: .power, measure: watts)
  }

  private static func sized(
    _ design: Design, like baseline: Design, quantity: Quantity,
    measure: (Design) throws(ModelSimulationError) -> Double
  ) throws(IsoSizingError) -> IsoSizing {
    let target: Double
    do { target = try measure(baseline) } catch { throw .measurement(error) }
    return try IsoSizing(of: design, quantity: quantity, notAbove: target, measure: measure)
  }
}

/// Why a design cannot be sized to match another.
public enum IsoSizingError: Error, Sendable, Equatable, CustomStringConvertible {
  /// An array of one element is above the target already: buffers and the like are.
  case oneElementIsTooMuch(design: String, quantity: IsoSizing.Quantity, value: Double, target: Double)
  /// A size could not be measured.
  case measurement(ModelSimulationError)

  /// One sentence.
  public var description: String {
    switch self {
    case .oneElementIsTooMuch(let design, let quantity, let value, let target):
      "design '\(design)': with an array of 1×1 its \(quantity.rawValue) is \(value) \(quantity.unit), above the "
        + "\(target) \(quantity.unit) that it should match; buffers or vector unit must shrink"
    case .measurement(let error): "\(error)"
    }
  }
}
