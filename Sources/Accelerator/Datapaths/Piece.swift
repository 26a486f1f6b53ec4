/// A kind of hardware in an element together with how often it is used, from which both its energy and its area
/// follow.
struct Piece {
  var operation: Operation
  /// How many an element has; a fraction if several elements share one, zero if it sits at the edge of the array.
  var count: Double
  /// Uses, all of them together, on each occasion.
  var uses: Double
  var occasion: Activity.Occasion
  var component: Activity.Component

  init(
    _ operation: Operation, count: Double, uses: Double, per occasion: Activity.Occasion,
    in component: Activity.Component
  ) {
    self.operation = operation
    self.count = count
    self.uses = uses
    self.occasion = occasion
    self.component = component
  }

  /// Pieces that are each used so often in a step.
  init(_ operation: Operation, count: Int = 1, timesAStep: Int = 1, in component: Activity.Component) {
    self.init(
      operation, count: Double(count), uses: Double(count * timesAStep), per: .step, in: component)
  }

  /// Pieces that are each used once for one product of a step, `dotWidth` of which an element works on at a time.
  init(
    _ operation: Operation, count: Int, ofDotWidth dotWidth: Int, per occasion: Activity.Occasion,
    in component: Activity.Component
  ) {
    self.init(
      operation, count: Double(count), uses: Double(count) / Double(dotWidth), per: occasion, in: component)
  }
}

/// A datapath that is a list of pieces.
protocol PiecewiseDatapath: Datapath {
  func pieces(of element: ElementDesign) -> [Piece]
}

extension PiecewiseDatapath {
  func activities(in element: ElementDesign) -> [Activity] {
    pieces(of: element).map { Activity($0.operation, count: $0.uses, per: $0.occasion, in: $0.component) }
  }

  func parts(of element: ElementDesign) -> [HardwarePart] {
    pieces(of: element).filter { $0.count > 0 }.map {
      HardwarePart($0.operation, count: $0.count, in: $0.component)
    }
  }
}
