import Accelerator
import Workloads

/// A smaller FP16 model on an FP16 chip over a larger ternary one on ternary chips.
struct ChipCheck: ClaimCheck {
  let quantity: EquivalenceQuantity
  let float: String
  let ternary: String

  private static let floatDesign = "fp16-server"
  /// The first gives the figure, the others are told.
  private static let ternaryDesigns = ["addsub-server", "lut-server"]

  var method: ClaimMethod { .modelled }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let baseline = try value(of: float, on: Self.floatDesign, evidence)
    let others = try Self.ternaryDesigns.map { design in
      (design: design, ratio: baseline / (try value(of: ternary, on: design, evidence)))
    }
    return ClaimFigure(
      others[0].ratio,
      basis: "\(others[0].design) against \(Self.floatDesign), one chip, "
        + others.dropFirst().map { "\($0.design) \($0.ratio.rounded(toDecimals: 2))x" }.joined(
          separator: ", "))
  }

  private func value(of model: String, on design: String, _ evidence: ClaimEvidence) throws -> Double {
    let workload = try InferenceWorkload(
      evidence.models.model(named: model), phase: quantity.phase, context: EquivalenceQuantity.context)
    let simulation = try ModelSimulator(evidence.designs.design(named: design), tables: .shipped())
      .simulate(workload)
    switch quantity.figure {
    case .latency: return simulation.secondsPerPass
    case .energy: return simulation.joulesPerPass
    case .memory: return simulation.memory.bytes
    }
  }
}
