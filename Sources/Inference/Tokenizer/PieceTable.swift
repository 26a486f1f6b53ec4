/// Finds tokens by their bytes. Its own hash table over one array of bytes: a dictionary of strings takes several times
/// as long to fill with a vocabulary, and a search in it would have to make a string first.
struct PieceTable: Sendable {
  private var bytes: [UInt8] = []
  private var ends: [Int] = []
  private var tokens: [Int32] = []
  /// Numbers of pieces, from 1, where their hashes say; 0 is free. At most half are taken.
  private var slots: [Int32]
  /// The length of the longest piece.
  private(set) var longest = 0

  /// A table with room for `count` pieces.
  init(count: Int) {
    var capacity = 16
    while capacity < 2 * count { capacity *= 2 }
    slots = [Int32](repeating: 0, count: capacity)
    ends.reserveCapacity(count)
    tokens.reserveCapacity(count)
    bytes.reserveCapacity(8 * count)
  }

  /// Adds a piece; if it is there already, returns its token and changes nothing. More pieces than there is room for are
  /// a mistake of the caller.
  mutating func insert(_ piece: [UInt8], token: Int32) -> Int32? {
    precondition(tokens.count < slots.count / 2, "more pieces than the table has room for")
    let slot = slot(of: piece, 0..<piece.count)
    if slots[slot] > 0 { return tokens[Int(slots[slot]) - 1] }
    bytes += piece
    ends.append(bytes.count)
    tokens.append(token)
    slots[slot] = Int32(tokens.count)
    longest = max(longest, piece.count)
    return nil
  }

  /// The token whose bytes are those of `text` in `range`.
  func token(of text: [UInt8], _ range: Range<Int>) -> Int32? {
    guard range.count <= longest else { return nil }
    let number = slots[slot(of: text, range)]
    return number > 0 ? tokens[Int(number) - 1] : nil
  }

  /// Where the piece is, or the free place for it.
  private func slot(of text: [UInt8], _ range: Range<Int>) -> Int {
    var hash: UInt64 = 0xCBF2_9CE4_8422_2325
    for offset in range { hash = (hash ^ UInt64(text[offset])) &* 0x0000_0100_0000_01B3 }
    let mask = slots.count - 1
    var slot = Int(truncatingIfNeeded: hash ^ hash >> 32) & mask
    while slots[slot] > 0, !matches(Int(slots[slot]) - 1, text, range) { slot = (slot + 1) & mask }
    return slot
  }

  private func matches(_ piece: Int, _ text: [UInt8], _ range: Range<Int>) -> Bool {
    let start = piece == 0 ? 0 : ends[piece - 1]
    guard ends[piece] - start == range.count else { return false }
    for offset in 0..<range.count where bytes[start + offset] != text[range.lowerBound + offset] {
      return false
    }
    return true
  }
}
