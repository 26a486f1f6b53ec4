import KernelZoo
import ModelFiles

/// Packed weights where they lie in the file they were mapped from.
final class FileWeights: WeightMemory {
  /// Every buffer that a kernel reads begins at a multiple of this; tensors of a file may begin at less.
  private static let kernelAlignmentBytes = 64

  // Unsafe in name only: nothing writes to weights once they are packed, and the mapping is read-only.
  nonisolated(unsafe) let baseAddress: UnsafeMutableRawPointer
  let byteCount: Int
  private let tensor: StoredTensor

  /// - Returns: `nil` for a tensor without data.
  init?(_ tensor: StoredTensor) {
    guard let start = tensor.bytes.baseAddress else { return nil }
    baseAddress = UnsafeMutableRawPointer(mutating: start)
    byteCount = tensor.bytes.count
    self.tensor = tensor
  }

  /// Whether kernels can read it where it is; else it must be copied.
  var isAligned: Bool { Int(bitPattern: baseAddress) % Self.kernelAlignmentBytes == 0 }
}
