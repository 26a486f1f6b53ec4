import Bench

/// What sets a kernel apart from those that multiply ternary weights by int8 activations exactly.
enum DifferenceText {
  /// `int4 activations`, `binary weights, sign activations`; empty for those kernels themselves.
  static func text(weights: String, activations: String, exact: Bool) -> String {
    if weights == "float" { return "float weights and activations" }
    var parts: [String] = []
    if weights != "ternary" { parts.append("\(weights) weights") }
    if activations != "int8" { parts.append("\(activations) activations") }
    if !exact { parts.append("lossy") }
    return parts.joined(separator: ", ")
  }

  static func text(_ entrant: Standing.Entrant) -> String {
    text(weights: entrant.weights, activations: entrant.activations, exact: entrant.exact)
  }
}
