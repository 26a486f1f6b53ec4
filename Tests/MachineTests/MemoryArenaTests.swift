import Testing

@testable import Machine

@Suite struct MemoryArenaTests {
  @Test func piecesAreAlignedApartAndKeepTheirContents() throws {
    let arena = MemoryArena()
    let sizes = [1, 4096, 4097, 3 << 20, 61 << 20, 5, MemoryArena.blockBytes, MemoryArena.blockBytes + 1]
    let pieces = try sizes.map { try arena.allocate(byteCount: $0) }
    for (index, piece) in pieces.enumerated() {
      #expect(piece.byteCount == sizes[index])
      #expect(UInt(bitPattern: piece.baseAddress) % UInt(MemoryArena.alignmentBytes) == 0)
      piece.baseAddress.storeBytes(of: UInt8(index), as: UInt8.self)
      piece.baseAddress.storeBytes(of: UInt8(index), toByteOffset: sizes[index] - 1, as: UInt8.self)
    }
    for (index, piece) in pieces.enumerated() {
      #expect(piece.baseAddress.load(as: UInt8.self) == UInt8(index))
      #expect(piece.baseAddress.load(fromByteOffset: sizes[index] - 1, as: UInt8.self) == UInt8(index))
    }
  }

  @Test func smallPiecesShareABlock() throws {
    let arena = MemoryArena()
    let first = try arena.allocate(byteCount: 10_000)
    let second = try arena.allocate(byteCount: 10_000)
    #expect(second.baseAddress - first.baseAddress == 12_288)
  }

  @Test func piecesOutliveTheArena() throws {
    let piece = try MemoryArena().allocate(byteCount: 100)
    piece.baseAddress.storeBytes(of: 42, as: UInt8.self)
    #expect(piece.baseAddress.load(as: UInt8.self) == 42)
  }

  @Test func nothingIsNoSize() {
    #expect(throws: MemoryError.self) { try MemoryArena().allocate(byteCount: 0) }
  }
}
