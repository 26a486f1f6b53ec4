/// A design whose array was sized so that a quantity is the largest not above that of another design.
public struct IsoSizing: Sendable, Equatable {
  /// What is made equal.
  public enum Quantity: String, CaseIterable, Sendable {
    /// Area of all chips in square millimetres.
    case area
    /// Mean power on a workload in watts.
    case power

    /// `mm²` or `W`.
    public var unit: String { self == .area ? "mm²" : "W" }
  }

  /// What keeps an array from being larger.
  public enum Limit: Sendable, Equatable {
    /// One row or column more would be above the target.
    case target
    /// A buffer would not hold what a larger array takes at a time: it must grow first.
    case buffer(SimulationError)
    /// Designs may have no more elements.
    case elements
  }

  /// What was made equal.
  public let quantity: Quantity
  /// What it should be.
  public let target: Double
  /// What it is.
  public let value: Double
  /// The design with its new array.
  public let design: Design
  /// What keeps the array from being larger.
  public let limit: Limit

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
  /// - Throws: ``IsoSizingError``: an error of `measure` other than that a buffer is too small for an array, or that
  ///   a single element is too much.
  public init(
    of design: Design, quantity: Quantity, notAbove target: Double,
    measure: (Design) throws(ModelSimulationError) -> Double
  ) throws(IsoSizingError) {
    let allowed = Self.smallestStep...design.largestStep
    // Of the sizes tried, the largest array that is possible, and the smallest larger one, which is not.
    var possible: (step: Int, value: Double)
    var impossible: (step: Int, limit: Limit)?
    do {
      possible = (allowed.lowerBound, try measure(design.resized(step: allowed.lowerBound)))
    } catch { throw .measurement(error) }
    guard possible.value <= target else {
      throw .oneElementIsTooMuch(
        design: design.name, quantity: quantity, value: possible.value, target: target)
    }
    func attempt(_ step: Int) throws(IsoSizingError) {
      do {
        let value = try measure(design.resized(step: step))
        if value <= target { possible = (step, value) } else { impossible = (step, .target) }
      } catch {
        guard let tooSmall = error.bufferTooSmall else { throw .measurement(error) }
        impossible = (step, .buffer(tooSmall))
      }
    }
    // Upwards from the size given, since sizes far from it may take long, then between the two.
    var step = min(max(design.array.rows + design.array.columns, allowed.lowerBound), allowed.upperBound)
    try attempt(step)
    while impossible == nil, step < allowed.upperBound {
      step = min(2 * step, allowed.upperBound)
      try attempt(step)
    }
    while let high = impossible, high.step - possible.step > 1 {
      try attempt((possible.step + high.step) / 2)
    }
    self.quantity = quantity
    self.target = target
    value = possible.value
    self.design = design.resized(step: possible.step)
    limit = impossible?.limit ?? .elements
  }

  /// Rows and columns of the smallest array together.
  fileprivate static let smallestStep = 2
}

extension IsoSizing {
  /// Sizes a design so that all its chips together are as large as those of another. Its buffers must hold what the
  /// array takes at a time of matrices of any size.
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
    let target: Double
    do { target = try area(baseline) } catch { throw .measurement(error) }
    return try IsoSizing(of: design, quantity: .area, notAbove: target) {
      design throws(ModelSimulationError) in
      let axes = ArrayAxes(design.array)
      do throws(SimulationError) {
        try BufferCapacity(design).check(
          MatmulSize(
            tokens: axes.unit(of: .tokens), inFeatures: axes.unit(of: .inFeatures),
            outFeatures: axes.unit(of: .outFeatures)))
      } catch { throw .array(error) }
      return try area(design)
    }
  }

  /// Sizes a design so that it takes as much power as another on a workload, memory included.
  public static func power(
    of design: Design, like baseline: Design, on workload: InferenceWorkload,
    matmuls: any MatmulSimulator = AnalyticalSimulator(), tables: CostTables,
    scaling: EnergyScaling = .anchors
  ) throws(IsoSizingError) -> IsoSizing {
    func watts(_ design: Design) throws(ModelSimulationError) -> Double {
      try ModelSimulator(design, matmuls: matmuls, tables: tables, scaling: scaling).simulate(workload).watts
    }
    let target: Double
    do { target = try watts(baseline) } catch { throw .measurement(error) }
    return try IsoSizing(of: design, quantity: .power, notAbove: target, measure: watts)
  }
}

extension Design {
  /// The design with so many rows and columns together. Each step adds one of either.
  fileprivate func resized(step: Int) -> Design {
    let (rows, columns) = (array.rows, array.columns)
    var resized = self
    resized.array.rows = min(max((step * rows + (rows + columns) / 2) / (rows + columns), 1), step - 1)
    resized.array.columns = step - resized.array.rows
    return resized
  }

  /// The most rows and columns together that a design may have, in the ratio of this one.
  fileprivate var largestStep: Int {
    var (allowed, excessive) = (IsoSizing.smallestStep, 2 * Design.largestExtent + 1)
    while excessive - allowed > 1 {
      let step = (allowed + excessive) / 2
      let array = resized(step: step).array
      let isAllowed =
        max(array.rows, array.columns) <= Design.largestExtent && array.elements <= Design.mostElements
      if isAllowed { allowed = step } else { excessive = step }
    }
    return allowed
  }
}

extension ModelSimulationError {
  /// The error if it is that an array is too large for the buffers.
  fileprivate var bufferTooSmall: SimulationError? {
    switch self {
    case .array(let error), .matmul(_, _, let error):
      if case .doesNotFit = error { error } else { nil }
    default: nil
    }
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
