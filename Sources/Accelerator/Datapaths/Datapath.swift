import Ternary

/// What is inside a processing element: one way to multiply by weights, as hardware.
///
/// A datapath is one file that ends in a conforming type, and a line in ``Datapaths/all``. It says how long a step
/// takes, what happens in it (for energy) and what it is made of (for area); the rest of the room knows nothing of
/// it.
public protocol Datapath: Sendable {
  /// The name in design files: `addsub`.
  var name: String { get }
  /// The family of CPU kernels that computes the same way.
  var family: ComputeFamily { get }
  /// The idea in one line.
  var summary: String { get }
  /// Where the structure and its costs are published.
  var source: String { get }

  /// What must change in an element for this datapath to work, as a clause that follows "expected"; `nil` if it
  /// works.
  func objection(to element: ElementDesign) -> ElementObjection?
  /// How long things take in it.
  func timing(of element: ElementDesign) -> ElementTiming
  /// What happens in it, with how often.
  func activities(in element: ElementDesign) -> [Activity]
  /// What one element is made of. A part that several elements share counts as a fraction.
  func parts(of element: ElementDesign) -> [HardwarePart]
}

/// What a datapath may know of the design it is in.
public struct ElementDesign: Sendable, Hashable {
  /// Which operand stays in the element.
  public var dataflow: Dataflow
  /// Weights an element multiplies and sums in one step.
  public var dotWidth: Int
  /// Bits of the running sum; for floating-point datapaths 16 or 32.
  public var accumulatorBits: Int
  /// What the weights are multiplied by.
  public var activations: NumberFormat
  /// How weights are stored.
  public var weights: WeightFormat
  /// Look-up tables, if the design has them.
  public var tables: TableDesign?

  /// The elements of a design.
  public init(_ design: Design) {
    dataflow = design.array.dataflow
    dotWidth = design.array.dotWidth
    accumulatorBits = design.array.accumulatorBits
    activations = design.activationFormat
    weights = design.weightFormat
    tables = design.array.tables
  }

  /// An element from its parts.
  public init(
    dataflow: Dataflow, dotWidth: Int, accumulatorBits: Int, activations: NumberFormat, weights: WeightFormat,
    tables: TableDesign? = nil
  ) {
    self.dataflow = dataflow
    self.dotWidth = dotWidth
    self.accumulatorBits = accumulatorBits
    self.activations = activations
    self.weights = weights
    self.tables = tables
  }
}

/// A key of a design file that does not suit its datapath.
public struct ElementObjection: Sendable, Hashable {
  /// The key: `array.dot-width`.
  public var key: String
  /// What it should be and why: `a multiple of the group size 4`.
  public var expected: String

  /// Creates an objection.
  public init(key: String, expected: String) {
    self.key = key
    self.expected = expected
  }
}

/// How long things take in an element.
public struct ElementTiming: Sendable, Hashable {
  /// Cycles between one step and the next: more than one when the bits of an operand pass one after the other.
  public var cyclesPerStep: Int
  /// Cycles that a fold takes longer because something must be ready before its first step, such as a table.
  public var fillCycles: Int

  /// Creates a timing.
  public init(cyclesPerStep: Int, fillCycles: Int) {
    self.cyclesPerStep = cyclesPerStep
    self.fillCycles = fillCycles
  }
}

/// Something that happens in the array, how often, and where it is accounted.
public struct Activity: Sendable, Hashable {
  /// What an activity happens once for, or several times.
  public enum Occasion: String, CaseIterable, Sendable {
    /// Every product, zero weights included.
    case multiplyAccumulate
    /// Every product whose weight is not zero.
    case nonzeroMultiplyAccumulate
    /// Every step of an element that does work: up to `dotWidth` products.
    case step
    /// Every table made: once per group of activations and set of sharing elements.
    case table
    /// Every weight that enters the array.
    case weightEntry
  }

  /// Where its energy is accounted in the breakdown.
  public enum Component: String, CaseIterable, Sendable {
    /// Multipliers, selectors, table reads, logic and the adders that sum a step.
    case arithmetic
    /// The running sum.
    case accumulator
    /// Making and storing tables.
    case tables
    /// Turning stored weights into what the datapath uses.
    case weightDecoder
    /// Registers that operands pass through.
    case registers
  }

  /// What happens.
  public var operation: Operation
  /// How often on each occasion.
  public var count: Double
  /// The occasion.
  public var occasion: Occasion
  /// Where its energy is accounted.
  public var component: Component

  /// Creates an activity.
  public init(_ operation: Operation, count: Double = 1, per occasion: Occasion, in component: Component) {
    self.operation = operation
    self.count = count
    self.occasion = occasion
    self.component = component
  }
}

/// A piece of an element.
public struct HardwarePart: Sendable, Hashable {
  /// What it does.
  public var operation: Operation
  /// How many an element has.
  public var count: Double
  /// What it is part of.
  public var component: Activity.Component

  /// Creates a part.
  public init(_ operation: Operation, count: Double = 1, in component: Activity.Component) {
    self.operation = operation
    self.count = count
    self.component = component
  }
}
