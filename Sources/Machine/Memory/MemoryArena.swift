import Synchronization

/// Memory for many small things that are read once each, such as the weights of layers: they share huge pages,
/// so that going from one to the next costs no more page walks than one large thing.
public final class MemoryArena: Sendable {
  /// Blocks are this large: what is larger gets memory of its own.
  public static let blockBytes = 64 << 20
  /// Pieces begin at multiples of this.
  public static let alignmentBytes = 4096

  private let policy: NUMAPolicy
  private let current = Mutex<Block?>(nil)

  private struct Block {
    let memory: AlignedMemory
    var usedBytes = 0
  }

  /// A part of a block, which lives as long as any of its parts.
  public final class Piece: Sendable {
    // Unsafe in name only: the address never changes, and access to what lies there is the callers' affair.
    /// The first byte, at a multiple of ``alignmentBytes``.
    nonisolated(unsafe) public let baseAddress: UnsafeMutableRawPointer
    /// Bytes that were asked for.
    public let byteCount: Int
    private let block: AlignedMemory

    fileprivate init(block: AlignedMemory, offset: Int, byteCount: Int) {
      self.block = block
      self.byteCount = byteCount
      baseAddress = block.baseAddress + offset
    }
  }

  /// - Parameter policy: applied to all pages.
  public init(policy: NUMAPolicy = .local) { self.policy = policy }

  /// Gives memory of its own to what a block could not hold, and else the next part of the current block.
  ///
  /// - Parameter byteCount: at least 1.
  /// - Throws: ``MemoryError``.
  public func allocate(byteCount: Int) throws -> Piece {
    guard byteCount <= Self.blockBytes else {
      return Piece(
        block: try AlignedMemory(byteCount: byteCount, policy: policy), offset: 0, byteCount: byteCount)
    }
    guard byteCount >= 1 else { throw MemoryError.badSize(bytes: byteCount) }
    return try current.withLock { current in
      var block: Block
      if let present = current, Self.blockBytes - present.usedBytes >= byteCount {
        block = present
      } else {
        block = Block(memory: try AlignedMemory(byteCount: Self.blockBytes, policy: policy))
      }
      let piece = Piece(block: block.memory, offset: block.usedBytes, byteCount: byteCount)
      let end = block.usedBytes + byteCount
      block.usedBytes = (end + Self.alignmentBytes - 1) / Self.alignmentBytes * Self.alignmentBytes
      current = block
      return piece
    }
  }
}
