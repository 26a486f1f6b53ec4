import CNUMA
import Foundation

/// On which NUMA nodes the pages of a region lie.
public enum NUMAPolicy: Sendable, Hashable, CustomStringConvertible {
  /// Each page on the node of the worker that touches it first.
  case local
  /// Pages in turn on all nodes this process may use.
  case interleave
  /// All pages on one node.
  case node(Int)

  /// The policy's name at the command line.
  public var description: String {
    switch self {
    case .local: "local"
    case .interleave: "interleave"
    case .node(let node): "node \(node)"
    }
  }
}

/// Why memory could not be had.
public enum MemoryError: Error, Equatable, CustomStringConvertible {
  /// Less than one byte, or more than an address can count.
  case badSize(bytes: Int)
  /// More than the machine has free; touching it would end in the kernel killing a process.
  case notEnough(bytes: Int, available: Int)
  /// The kernel refused the mapping.
  case refused(bytes: Int, code: Int32)
  /// The node does not exist or this process may not use it.
  case noSuchNode(Int, available: [Int])
  /// The kernel refused the policy.
  case policyRefused(NUMAPolicy, code: Int32)

  /// What is wrong and what to do, in one sentence.
  public var description: String {
    func gigabytes(_ bytes: Int) -> String { String(format: "%.2f GB", Double(bytes) / 1e9) }
    switch self {
    case .badSize(let bytes):
      return "a memory region of \(bytes) bytes cannot be made: ask for at least 1 byte."
    case .notEnough(let bytes, let available):
      return "\(gigabytes(bytes)) of memory are needed but only \(gigabytes(available)) are free: "
        + "choose smaller shapes or end other programs."
    case .refused(let bytes, let code):
      return "the system refused \(gigabytes(bytes)) of memory (\(String(cString: strerror(code)))): "
        + "choose smaller shapes or raise the limit of `ulimit -v`."
    case .noSuchNode(let node, let available):
      return "NUMA node \(node) is not available: choose one of "
        + available.map(String.init).joined(separator: ", ") + "."
    case .policyRefused(let policy, let code):
      return "the system refused the NUMA policy \(policy) (\(String(cString: strerror(code)))): use the "
        + "policy local, or allow mbind (in a container: --cap-add SYS_NICE)."
    }
  }
}

/// A region of zeroed memory that starts at a multiple of 2 MiB, so that huge pages can hold it.
///
/// Pages come into being when they are first touched, on the node the policy says. The region is returned to
/// the system with the object. The bytes are plain shared memory: whoever lets several workers write gives
/// them disjoint parts or a barrier.
public final class AlignedMemory: Sendable {
  /// The size of a huge page on x86-64 and, with 4 KiB pages, on AArch64.
  public static let hugePageBytes = 2 << 20
  /// From this size on, the memory the machine has free is asked for first.
  private static let checkedBytes = 64 << 20

  /// Usable bytes, as asked for.
  public let byteCount: Int
  /// The policy the pages follow.
  public let policy: NUMAPolicy
  // Unsafe in name only: the address never changes, and access to what lies there is the callers' affair.
  /// The first byte, at a multiple of ``hugePageBytes``.
  nonisolated(unsafe) public let baseAddress: UnsafeMutableRawPointer
  private let mappedBytes: Int

  /// Maps a region; nothing is touched yet.
  ///
  /// - Parameters:
  ///   - byteCount: at least 1.
  ///   - hugePages: asks for transparent huge pages, where the system has them; it may still give small ones.
  ///   - policy: applied to all pages of the region.
  public init(
    byteCount: Int, hugePages: Bool = true, policy: NUMAPolicy = .local
  ) throws(MemoryError) {
    let huge = Self.hugePageBytes
    let (padded, overflow) = byteCount.addingReportingOverflow(2 * huge - 1)
    guard byteCount >= 1, !overflow else { throw .badSize(bytes: byteCount) }
    if byteCount >= Self.checkedBytes, let available = MemorySize(files: SystemFiles()).availableBytes,
      byteCount > available
    {
      throw .notEnough(bytes: byteCount, available: available)
    }
    // One huge page more than needed; what lies before the first boundary and after the last goes back.
    let whole = padded / huge * huge
    guard let mapping = mmap(nil, whole, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0),
      mapping != MAP_FAILED
    else { throw .refused(bytes: byteCount, code: errno) }
    mappedBytes = whole - huge
    baseAddress = mapping.alignedUp(toMultipleOf: huge)
    let before = baseAddress - mapping
    if before > 0 { munmap(mapping, before) }
    if before < huge { munmap(baseAddress + mappedBytes, huge - before) }
    self.byteCount = byteCount
    self.policy = policy
    // From here on deinit returns the mapping, also when an error is thrown.
    madvise(baseAddress, mappedBytes, hugePages ? MADV_HUGEPAGE : MADV_NOHUGEPAGE)
    try NUMANodes.place(baseAddress, byteCount: mappedBytes, policy: policy)
  }

  deinit { munmap(baseAddress, mappedBytes) }

  /// The region, `byteCount` long.
  public var bytes: UnsafeMutableRawBufferPointer {
    UnsafeMutableRawBufferPointer(start: baseAddress, count: byteCount)
  }

  /// Makes all pages exist, each touched by the worker whose share of the region it is, so that with
  /// ``NUMAPolicy/local`` it lies on that worker's node. Contents are kept.
  ///
  /// - Parameter tile: bytes per unit of work: shares are split at its multiples, like the rows that the
  ///   same workers will read. At least 1.
  public func touch(by pool: WorkerPool, tile: Int = hugePageBytes) {
    let page = max(sysconf(Int32(_SC_PAGESIZE)), 1)
    pool.run { worker in
      let share = worker.rows(of: self.byteCount, tile: tile)
      guard !share.isEmpty else { return }
      bl_touch_pages(self.baseAddress + share.lowerBound, share.count, page)
    }
  }
}
