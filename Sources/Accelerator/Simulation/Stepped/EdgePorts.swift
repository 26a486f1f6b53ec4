/// The ports of the three buffers, cycle by cycle. Each fills a queue at the edge of the array from the beginning of
/// a fold on; the array goes on when all three have passed what is due.
struct EdgePorts {
  /// Units of a port that were due since the fold began.
  var weightsDue = 0
  var activationsDue = 0
  var outputsDue = 0

  private let rates: PortRates
  /// Cycles of the clock, and those in which the array moved.
  private var elapsed = 0.0
  private var moved = 0.0
  private var late = (weights: 0.0, activations: 0.0, outputs: 0.0)

  init(_ chip: Chip) { rates = PortRates(chip) }

  /// Waits until what is due has passed, then lets the array move once.
  mutating func move() {
    moved += 1
    let weights = (Double(weightsDue) * rates.weights).rounded(.up)
    let activations = (Double(activationsDue) * rates.activations).rounded(.up)
    let outputs = (Double(outputsDue) * rates.outputs).rounded(.up)
    late.weights = max(late.weights, weights - moved)
    late.activations = max(late.activations, activations - moved)
    late.outputs = max(late.outputs, outputs - moved)
    elapsed = max(elapsed + 1, weights, activations, outputs)
  }

  /// Ends the fold: returns the cycles in which the array moved, adds those in which it did not.
  mutating func endFold(adding stalls: inout PortStalls) -> Int {
    defer {
      (weightsDue, activationsDue, outputsDue) = (0, 0, 0)
      (elapsed, moved) = (0, 0)
      late = (0, 0, 0)
    }
    stalls.add(
      cycles: elapsed - moved, weights: late.weights, activations: late.activations, outputs: late.outputs)
    return Int(moved)
  }
}
