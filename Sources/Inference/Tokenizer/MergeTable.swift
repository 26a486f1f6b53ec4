/// What two neighbouring tokens become.
struct MergeRule: Sendable {
  /// Lower ranks merge first.
  var rank: Int32
  /// The token of both together.
  var token: Int32
}

/// Finds merges by their two tokens: a hash table with the rule beside its key, one place in memory for each search.
struct MergeTable: Sendable {
  private struct Entry: Sendable {
    var left: Int32
    var right: Int32
    var rule: MergeRule
  }

  private var entries: [Entry]

  /// A table with room for `count` merges.
  init(count: Int) {
    let free = Entry(left: -1, right: -1, rule: MergeRule(rank: 0, token: 0))
    entries = [Entry](repeating: free, count: hashTableSize(for: count))
  }

  /// Of two rules for the same pair the later counts, as in Hugging Face's tokenizers.
  mutating func insert(_ left: Int32, _ right: Int32, _ rule: MergeRule) {
    entries[slot(of: left, right)] = Entry(left: left, right: right, rule: rule)
  }

  /// The rule for a pair.
  func rule(_ left: Int32, _ right: Int32) -> MergeRule? {
    let entry = entries[slot(of: left, right)]
    return entry.left < 0 ? nil : entry.rule
  }

  private func slot(of left: Int32, _ right: Int32) -> Int {
    let mask = entries.count - 1
    let key = UInt64(UInt32(bitPattern: left)) << 32 | UInt64(UInt32(bitPattern: right))
    let hash = key &* 0x9E37_79B9_7F4A_7C15
    var slot = Int(truncatingIfNeeded: hash >> 32) & mask
    while entries[slot].left >= 0, entries[slot].left != left || entries[slot].right != right {
      slot = (slot + 1) & mask
    }
    return slot
  }
}
