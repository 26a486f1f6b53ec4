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

  /// Whether the packed size of a matrix depends on its weights.
  public var sizeDependsOnWeights: Bool {
    // Sparse packings are smallest for zeros, others for weights that are all alike.
    let (rows, columns) = (64, 256)
    let bound = descriptor.pointee.packed_bytes(rows, columns, nil)
    return [Int8(0), 1].contains { weight in
      weightKind != .float
        && [Int8](repeating: weight, count: rows * columns).withUnsafeBytes {
          descriptor.pointee.packed_bytes(rows, columns, $0.baseAddress) != bound
        }
    }
  }

  /// Bytes of a packed matrix, padding included: the most it may take where that depends on its weights.
  ///
  /// - Returns: `nil` unless both sides are from 1 to ``PackedWeights/largestSide``.
  public func packedBytes(outFeatures: Int, inFeatures: Int) -> Int? {
    let sides = 1...PackedWeights.largestSide
    guard sides.contains(outFeatures), sides.contains(inFeatures) else { return nil }
    return descriptor.pointee.packed_bytes(outFeatures, inFeatures, nil)
  }

  /// Packings are the same when their descriptors are.
  public static func == (left: Packing, right: Packing) -> Bool { left.descriptor == right.descriptor }
  /// Hashes the descriptor's address.
  public func hash(into hasher: inout Hasher) { hasher.combine(descriptor) }
}
