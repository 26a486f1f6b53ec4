import Ternary

/// Half-precision multiply-add: the baseline.
public struct FP16MAC: Datapath {
  /// Creates the datapath.
  public init() {}

  public let name = "fp16-mac"
  public let family = ComputeFamily.float
  public let summary = "multiplies FP16 by FP16 and adds"
  public let source = "operation energies of arXiv 2310.11453, table 2"

  public func objection(to element: ElementDesign) -> ElementObjection? {
    element.activations == .float16
      ? nil : ElementObjection(key: "activations.format", expected: "fp16")
  }

  public func timing(of element: ElementDesign) -> ElementTiming {
    ElementTiming(cyclesPerStep: 1, fillCycles: 0)
  }

  public func activities(in element: ElementDesign) -> [Activity] {
    [
      Activity(.multiply(.float16), per: .multiplyAccumulate, in: .arithmetic),
      Activity(.add(.float16), per: .multiplyAccumulate, in: .accumulator),
    ]
  }

  public func parts(of element: ElementDesign) -> [HardwarePart] {
    [
      HardwarePart(.multiply(.float16), count: Double(element.dotWidth), in: .arithmetic),
      HardwarePart(.add(.float16), count: Double(element.dotWidth), in: .accumulator),
    ]
  }
}
