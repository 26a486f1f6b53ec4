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

  /// Of kernels that differ only in instruction set, those of the highest level that these extensions run: one,
  /// or several where extensions of one level offer different ways, of which none is faster on every CPU.
  public static func best(on instructionSet: InstructionSet) -> [Kernel] {
    var best: [Kernel] = []
    for kernel in available(on: instructionSet) {
      best.removeAll { $0.isVariant(of: kernel) && $0.level < kernel.level }
      if !best.contains(where: { $0.isVariant(of: kernel) && $0.level > kernel.level }) {
        best.append(kernel)
      }
    }
    return best
  }

  /// The kernel of that name.
  public static func kernel(named name: String) -> Kernel? { all.first { $0.name == name } }
}

extension Kernel {
  /// The level that runs it.
  public var level: InstructionSetLevel { InstructionSetLevel(needing: instructionSet) }

  /// The same family, packing and activations: the two differ only in instruction set.
  public func isVariant(of other: Kernel) -> Bool {
    familyName == other.familyName && packing == other.packing && activationName == other.activationName
  }
}
