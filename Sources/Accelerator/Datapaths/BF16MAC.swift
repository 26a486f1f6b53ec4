import Ternary

/// Multiply-add of the upper halves of single-precision numbers.
struct BF16MAC: PiecewiseDatapath {
  let name = "bf16-mac"
  let family = ComputeFamily.float
  let summary = "multiplies BF16 by BF16 and adds, in BF16 or FP32"
  let source = "format: arXiv 1905.12322"

  private let unit = FloatMAC(format: .bfloat16, weightFormat: .bf16)

  func objection(to element: ElementDesign) -> ElementObjection? { unit.objection(to: element) }

  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 0) }

  func pieces(of element: ElementDesign) -> [Piece] { unit.pieces(of: element) }
}
