import CNUMA
import Foundation

/// The NUMA nodes of this machine, through libnuma.
public enum NUMANodes {
  /// Nodes this process may take memory from, ascending; node 0 alone on a system without NUMA.
  public static func available() -> [Int] {
    guard numa_available() >= 0, let allowed = numa_get_mems_allowed() else { return [0] }
    defer { numa_bitmask_free(allowed) }
    let nodes = (0...max(Int(numa_max_node()), 0)).filter { numa_bitmask_isbitset(allowed, UInt32($0)) != 0 }
    return nodes.isEmpty ? [0] : nodes
  }

  /// The programming interface of libnuma; `nil` when the kernel has no NUMA. The library tells no release.
  static var libraryVersion: String? { numa_available() >= 0 ? "API \(LIBNUMA_API_VERSION)" : nil }

  /// Binds untouched pages to the nodes of the policy.
  static func place(
    _ address: UnsafeMutableRawPointer, byteCount: Int, policy: NUMAPolicy
  ) throws(MemoryError) {
    let nodes = available()
    let mode: Int32
    let chosen: [Int]
    switch policy {
    case .local:
      return
    case .interleave:
      (mode, chosen) = (MPOL_INTERLEAVE, nodes)
    case .node(let node):
      guard nodes.contains(node) else { throw .noSuchNode(node, available: nodes) }
      (mode, chosen) = (MPOL_BIND, [node])
    }
    // With one node there is no choice, and containers often forbid mbind.
    guard nodes.count > 1 else { return }
    let bits = UInt.bitWidth
    var mask = [UInt](repeating: 0, count: (nodes.max() ?? 0) / bits + 1)
    for node in chosen { mask[node / bits] |= 1 << UInt(node % bits) }
    // The kernel counts one bit less than it is told (see the notes of mbind(2)).
    guard mbind(address, UInt(byteCount), mode, mask, UInt(mask.count * bits + 1), 0) == 0 else {
      throw .policyRefused(policy, code: errno)
    }
  }
}
