import Ternary

/// Half-precision multiply-add: the baseline.
struct FP16MAC: PiecewiseDatapath {
  let name = "fp16-mac"
  let family = ComputeFamily.float
  let summary = "multiplies FP16 by FP16 and adds, in FP16 or FP32"
  let source = "operation energies of arXiv 2310.11453, table 2"

  private let unit = FloatMAC(format: .float16, weightFormat: .fp16)

  func objection(to element: ElementDesign) -> ElementObjection? { unit.objection(to: element) }

  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 0) }

  func pieces(of element: ElementDesign) -> [Piece] { unit.pieces(of: element) }
}
