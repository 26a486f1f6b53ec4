/// Finds tokens by their bytes. Its own hash table over one array of bytes: a dictionary of strings takes several times
/// as long to fill with a vocabulary, and a search in it would have to make a string first.
struct PieceTable: Sendable {
  /// Where a piece is in the bytes, and its token. Together, as most time goes into waiting for memory.
  private struct Slot: Sendable {
    var start = 0
    /// 0 where there is no piece.
    var count: Int32 = 0
    var token: Int32 = 0
  }

  private var bytes: [UInt8] = []
  private var slots: [Slot]
  private var room: Int
  /// The length of the longest piece.
  private var longest = 0

  /// A table with room for `count` pieces.
  init(count: Int) {
    slots = [Slot](repeating: Slot(), count: hashTableSize(for: count))
    room = count
    bytes.reserveCapacity(8 * count)
  }

  /// Adds a piece that is not empty; if it is there already, returns its token and changes nothing. More pieces than
  /// there is room for are a mistake of the caller.
  mutating func insert(_ piece: [UInt8], token: Int32) -> Int32? {
    precondition(room > 0 && !piece.isEmpty, "more pieces than the table has room for")
    let slot = slot(of: piece, 0..<piece.count)
    if slots[slot].count > 0 { return slots[slot].token }
    guard let count = Int32(exactly: piece.count) else { return nil }
    slots[slot] = Slot(start: bytes.count, count: count, token: token)
    bytes += piece
    room -= 1
    longest = max(longest, piece.count)
    return nil
  }

  /// The token whose bytes are those of `text` in `range`, which is not empty.
  func token(of text: [UInt8], _ range: Range<Int>) -> Int32? {
    guard range.count <= longest else { return nil }
    let slot = slots[slot(of: text, range)]
    return slot.count > 0 ? slot.token : nil
  }

  /// Where the piece is, or the free place for it.
  private func slot(of text: [UInt8], _ range: Range<Int>) -> Int {
    // FNV-1a; its high bits are mixed better than its low ones.
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for offset in range { hash = (hash ^ UInt64(text[offset])) &* 0x0000_0100_0000_01B3 }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
    while slots[slot].count > 0, !matches(slots[slot], text, range) { slot = (slot + 1) & mask }
    return slot
  }

  private func matches(_ slot: Slot, _ text: [UInt8], _ range: Range<Int>) -> Bool {
    guard Int(slot.count) == range.count else { return false }
    for offset in 0..<range.count where bytes[slot.start + offset] != text[range.lowerBound + offset] {
      return false
    }
    return true
  }
}

/// A power of two that leaves at least a third of the places free.
func hashTableSize(for count: Int) -> Int {
  var size = 16
  while 2 * size < 3 * count { size *= 2 }
  return size
}
