import CKernels
import Ternary

/// What a packing can hold.
public enum WeightKind: UInt32, Sendable, Hashable {
  /// -1, 0 or +1.
  case ternary = 0
  /// -1 or +1.
  case binary = 1
  /// Any 8-bit integer.
  case int8 = 2
  /// Floating point.
  case float = 3
}

/// How a weight matrix lies in memory: the Swift face of a `bl_packing`.
public struct Packing: Sendable, Hashable {
  // Descriptors are immutable C data with static storage, so the pointer may be shared freely.
  nonisolated(unsafe) let descriptor: UnsafePointer<bl_packing>

  /// Short name, such as `i2s`.
  public var name: String { String(cString: descriptor.pointee.name) }
  /// One line.
  public var summary: String { String(cString: descriptor.pointee.summary) }
  /// The public source of the layout.
  public var source: String { String(cString: descriptor.pointee.source) }
  /// Bits per weight of an unpadded matrix, at one third zeros where the size depends on the data.
  public var bitsPerWeight: Double { descriptor.pointee.bits_per_weight }
  /// What it can hold.
  public var weightKind: WeightKind { WeightKind(rawValue: descriptor.pointee.weights.rawValue) ?? .ternary }
  /// Rows are padded to this multiple.
  public var rowMultiple: Int { descriptor.pointee.n_multiple }
  /// Columns are padded to this multiple.
  public var columnMultiple: Int { descriptor.pointee.k_multiple }

  /// Packings are the same when their descriptors are.
  public static func == (left: Packing, right: Packing) -> Bool { left.descriptor == right.descriptor }
  /// Hashes the descriptor's address.
  public func hash(into hasher: inout Hasher) { hasher.combine(descriptor) }
}
