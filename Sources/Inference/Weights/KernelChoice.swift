import KernelZoo
import ModelFiles

/// Which kernels can run a model, and which one does if the user names none.
public enum KernelChoice {
  /// The kernel whose packing the file has, or else the one that does best in decode and prefill together:
  /// multiply-add on two-bit codes for ternary weights, 16-bit floats for others.
  public static func standard(for source: any ModelSource, on instructionSet: InstructionSet) -> Kernel? {
    let kernels = KernelRegistry.best(on: instructionSet).filter {
      fits($0, source) && $0.family != .reference
    }
    let family = source.architecture.isTernary ? "mad" : "float"
    let inFile = source.stored(.linear(.query, layer: 0)).flatMap { packing(of: $0.elementType) }
    let wanted = [inFile, source.architecture.isTernary ? "i2s" : "fp16"].compactMap(\.self)
    for packing in wanted {
      let fitting = kernels.filter { $0.familyName == family && $0.packing.name == packing }
      // Of several the most exact: one for bfloat16 rounds activations too.
      if let best = fitting.min(by: { $0.roundingError < $1.roundingError }) { return best }
    }
    return kernels.first
  }

  /// - Throws: ``InferenceError`` if the kernel cannot multiply by the model's weights.
  static func check(_ kernel: Kernel, for source: any ModelSource) throws(InferenceError) {
    guard !fits(kernel, source) else { return }
    let takes =
      switch kernel.packing.weightKind {
      case .ternary: "ternary"
      case .binary: "binary"
      case .int8: "8-bit"
      case .float: "float"
      }
    throw .unfitKernel(
      kernel: kernel.name, takes: takes, model: source.architecture.isTernary ? "ternary" : "floats")
  }

  /// Whether a kernel can multiply by the model's weights: those for ternary weights and for int8 by a ternary
  /// model's, those for floats by any. Float kernels multiply a ternary model's weights by activations that are not
  /// quantised.
  public static func fits(_ kernel: Kernel, _ source: any ModelSource) -> Bool {
    switch kernel.packing.weightKind {
    case .ternary, .int8: source.architecture.isTernary
    case .binary: false
    case .float: true
    }
  }

  private static func packing(of type: TensorElementType) -> String? {
    switch type {
    case .bfloat16: "bf16"
    case .float32: "fp32"
    default: InPlaceCheck.packingName(of: type)
    }
  }
}
