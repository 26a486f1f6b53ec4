/// What the ports of the three buffers take for what they are asked for in one cycle.
///
/// The operands of a step that takes several cycles pass evenly over them, so that a unit is a part of an operand
/// there; what is loaded before the first step, and sums that leave the elements they stayed in, pass whole.
struct PortRates: Sendable {
  /// Cycles of the weight buffer's port for one unit.
  let weights: Double
  /// Cycles of the activation buffer's port for one unit.
  let activations: Double
  /// Cycles of the output buffer's port for one unit.
  let outputs: Double

  init(_ chip: Chip) {
    let design = chip.design
    let dataflow = design.array.dataflow
    let share = 1 / Double(chip.timing.cyclesPerStep)
    weights =
      Self.cycles(bits: design.weightFormat.bitsPerWeight, design.weightBuffer)
      * (dataflow == .weightStationary ? 1 : share)
    activations =
      Self.cycles(bits: Double(design.activationFormat.bits), design.activationBuffer)
      * (dataflow == .inputStationary ? 1 : share)
    outputs =
      Self.cycles(bits: Double(design.array.accumulatorBits), design.outputBuffer)
      * (dataflow == .outputStationary ? 1 : share)
  }

  /// The last bits of the quotient are dropped, lest a port that is exactly wide enough be a cycle late for how
  /// decimal fractions round.
  static func cycles(bits: Double, _ port: BufferDesign) -> Double {
    bits / 8 / port.bytesPerCycle * (1 - 1e-12)
  }
}
