import CKernels
import KernelZoo

/// A kernel that is right but for one entry: what a real mistake in a tail or a carry looks like.
enum BrokenKernel {
  /// The reference kernel, with 1 added to the last row of the last token.
  static let lastEntryOff = derived { task in
    guard let task, let reference = BrokenKernel.reference else { return }
    reference.pointee.multiply(task)
    let t = task.pointee
    if t.n_end == t.n {
      let sums = t.y.assumingMemoryBound(to: Int32.self)
      sums[t.m * t.n - 1] += 1
    }
  }

  /// The FP16 baseline, writing nothing at all.
  static func silent(_ kernel: bl_kernel) -> Kernel { copy(kernel) { _ in } }

  nonisolated(unsafe) private static let reference: UnsafePointer<bl_kernel>? = {
    (0..<bl_kernel_total()).map { bl_kernel_at($0)! }.first {
      String(cString: $0.pointee.name) == "reference-i8-scalar"
    }
  }()

  private static func derived(
    _ multiply: @convention(c) (UnsafePointer<bl_multiply_task>?) -> Void
  ) -> Kernel? {
    reference.map { copy($0.pointee, multiply) }
  }

  private static func copy(
    _ kernel: bl_kernel, _ multiply: @convention(c) (UnsafePointer<bl_multiply_task>?) -> Void
  ) -> Kernel {
    // Descriptors live as long as the process; a test's few do too.
    let descriptor = UnsafeMutablePointer<bl_kernel>.allocate(capacity: 1)
    descriptor.initialize(to: kernel)
    descriptor.pointee.multiply = multiply
    return Kernel(descriptor: descriptor)
  }
}
