import CKernels
import Foundation

/// Memory that holds packed weights; other rooms bring their own, with huge pages or a NUMA policy.
public protocol WeightMemory: AnyObject, Sendable {
  /// The first byte, at a multiple of 64.
  var baseAddress: UnsafeMutableRawPointer { get }
  /// Bytes that may be used.
  var byteCount: Int { get }
}

/// Heap memory at a multiple of the kernels' alignment, freed with its owner.
///
/// What fills a page begins at one and has it to itself: cores fetch ahead, up to the end of a page, so that
/// buffers of two workers in one page would take lines from each other. What fills half a huge page begins at one,
/// and asks for huge pages: results lie in as many places as there are tokens, more than a core knows small pages.
public final class AlignedBuffer: WeightMemory, @unchecked Sendable {
  // Unchecked: the bytes are shared between threads by design; whoever writes them sees to the order.
  private static let pageBytes = 4 << 10
  private static let hugePageBytes = 2 << 20

  /// The first byte.
  public let baseAddress: UnsafeMutableRawPointer
  /// Bytes that were asked for, at least one.
  public let byteCount: Int

  /// Allocates `byteCount` bytes, contents undefined.
  public init(byteCount: Int) {
    self.byteCount = max(byteCount, 1)
    let isHuge = self.byteCount >= Self.hugePageBytes / 2
    let alignment =
      isHuge
      ? Self.hugePageBytes : self.byteCount >= Self.pageBytes ? Self.pageBytes : Int(BL_ALIGNMENT_BYTES)
    let wholeBytes = (self.byteCount + alignment - 1) / alignment * alignment
    baseAddress = .allocate(byteCount: wholeBytes, alignment: alignment)
    #if os(Linux)
      // A wish: without it, or where the system refuses, the pages are small.
      if isHuge { madvise(baseAddress, wholeBytes, MADV_HUGEPAGE) }
    #endif
  }

  deinit { baseAddress.deallocate() }
}
