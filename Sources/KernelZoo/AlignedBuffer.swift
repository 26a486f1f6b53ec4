import CKernels

/// Memory that holds packed weights; other rooms bring their own, with huge pages or a NUMA policy.
public protocol WeightMemory: AnyObject, Sendable {
  /// The first byte, at a multiple of 64.
  var baseAddress: UnsafeMutableRawPointer { get }
  /// Bytes that may be used.
  var byteCount: Int { get }
}

/// Heap memory at a multiple of the kernels' alignment, freed with its owner.
public final class AlignedBuffer: WeightMemory, @unchecked Sendable {
  // Unchecked: the bytes are shared between threads by design; whoever writes them sees to the order.
  /// The first byte.
  public let baseAddress: UnsafeMutableRawPointer
  /// Bytes that were asked for, at least one.
  public let byteCount: Int

  /// Allocates `byteCount` bytes, contents undefined.
  public init(byteCount: Int) {
    self.byteCount = max(byteCount, 1)
    baseAddress = .allocate(byteCount: self.byteCount, alignment: Int(BL_ALIGNMENT_BYTES))
  }

  deinit { baseAddress.deallocate() }
}
