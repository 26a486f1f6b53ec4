import KernelZoo
import ModelFiles

/// Keys and values of all tokens so far, as IEEE binary16: for each layer and key-value head, position after
/// position, so that a head reads one contiguous run.
final class KeyValueCache {
  /// Tokens it has room for.
  let capacity: Int
  let headDimension: Int
  private let keyValueHeads: Int
  private let memory: any WeightMemory
  private let layerElements: Int

  /// - Throws: What `allocate` throws.
  init(
    _ architecture: ModelArchitecture, capacity: Int, allocate: (Int) throws -> any WeightMemory
  ) throws {
    self.capacity = capacity
    headDimension = architecture.headDimension
    keyValueHeads = architecture.keyValueHeads
    layerElements = keyValueHeads * capacity * headDimension
    memory = try allocate(Self.byteCount(architecture, tokens: capacity))
  }

  /// Bytes for so many tokens.
  static func byteCount(_ architecture: ModelArchitecture, tokens: Int) -> Int {
    2 * architecture.layers * architecture.keyValueHeads * architecture.headDimension * tokens
      * MemoryLayout<UInt16>.stride
  }

  /// The keys of a head, position 0 first.
  func keys(layer: Int, head: Int) -> UnsafeMutablePointer<UInt16> { start(2 * layer, head) }

  /// The values of a head, position 0 first.
  func values(layer: Int, head: Int) -> UnsafeMutablePointer<UInt16> { start(2 * layer + 1, head) }

  private func start(_ plane: Int, _ head: Int) -> UnsafeMutablePointer<UInt16> {
    memory.baseAddress.assumingMemoryBound(to: UInt16.self) + plane * layerElements
      + head * capacity * headDimension
  }
}
