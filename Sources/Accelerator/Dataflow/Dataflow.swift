/// Which operand of Y[M×N] = X[M×K]·Wᵀ stays in the elements of the array while the others pass.
public enum Dataflow: String, CaseIterable, Sendable {
  /// Each element keeps one entry of Y: tokens along the rows, out-features along the columns, in-features in
  /// time.
  case outputStationary = "output-stationary"
  /// Each element keeps weights: in-features along the rows, out-features along the columns, tokens in time.
  case weightStationary = "weight-stationary"
  /// Each element keeps activations: in-features along the rows, tokens along the columns, out-features in time.
  case inputStationary = "input-stationary"
}
