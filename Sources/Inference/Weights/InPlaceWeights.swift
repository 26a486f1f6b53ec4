import KernelZoo
import ModelFiles

/// Packed weights that stay in the file they were mapped from.
final class InPlaceWeights: WeightMemory {
  // Unsafe in name only: nothing writes to weights once they are packed, and the mapping is read-only.
  nonisolated(unsafe) let baseAddress: UnsafeMutableRawPointer
  let byteCount: Int
  private let tensor: StoredTensor

  /// - Returns: `nil` if the tensor does not begin where kernels can read it.
  init?(_ tensor: StoredTensor) {
    guard let start = tensor.bytes.baseAddress, Int(bitPattern: start) % kernelAlignmentBytes == 0 else {
      return nil
    }
    baseAddress = UnsafeMutableRawPointer(mutating: start)
    byteCount = tensor.bytes.count
    self.tensor = tensor
  }
}

/// Every buffer that a kernel reads or writes begins at a multiple of this.
let kernelAlignmentBytes = 64
