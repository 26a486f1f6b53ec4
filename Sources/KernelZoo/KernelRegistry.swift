import CKernels
import Ternary

/// All kernels of the zoo, in a stable order: by family as `ComputeFamily` lists them, packing, activations
/// and rising instruction set.
public enum KernelRegistry {
  /// Every registered kernel, runnable here or not.
  public static let all: [Kernel] = {
    let families = ComputeFamily.allCases
    func rank(_ kernel: Kernel) -> (Int, String, Int, UInt32, String) {
      (
        families.firstIndex(of: kernel.family) ?? families.count, kernel.packing.name,
        Int(kernel.descriptor.pointee.activations.rawValue), kernel.instructionSet.rawValue, kernel.name
      )
    }
    return (0..<bl_kernel_total()).map { Kernel(descriptor: bl_kernel_at($0)) }.sorted { rank($0) < rank($1) }
  }()

  /// Every packing that a kernel uses, in the kernels' order.
  public static let packings: [Packing] = {
    var seen = Set<Packing>()
    return all.map(\.packing).filter { seen.insert($0).inserted }
  }()

  /// The kernels that run with these extensions.
  public static func available(on instructionSet: InstructionSet) -> [Kernel] {
    all.filter { $0.runs(on: instructionSet) }
  }

  /// Of kernels that differ only in instruction set, the one with the highest that these extensions run.
  public static func best(on instructionSet: InstructionSet) -> [Kernel] {
    var best: [Kernel] = []
    for kernel in available(on: instructionSet) {
      if let last = best.last, last.isVariant(of: kernel) {
        best[best.count - 1] = kernel
      } else {
        best.append(kernel)
      }
    }
    return best
  }

  /// The kernel of that name.
  public static func kernel(named name: String) -> Kernel? { all.first { $0.name == name } }
}

extension Kernel {
  /// The same family, packing and activations: the two differ only in instruction set.
  public func isVariant(of other: Kernel) -> Bool {
    familyName == other.familyName && packing == other.packing && activationName == other.activationName
  }
}
