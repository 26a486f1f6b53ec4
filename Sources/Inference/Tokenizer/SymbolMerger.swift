/// Merges neighbouring symbols, the lowest rank first and the leftmost of equal ranks, until no rule applies. A heap of
/// possible merges over a linked list: words of any length take `n log n` steps. Kept between words for its memory.
struct SymbolMerger {
  /// A stretch of text that is one token, or will not be.
  struct Symbol {
    /// In the text.
    var range: Range<Int>
    /// Negative if the stretch is no token.
    var token: Int32
    fileprivate var previous: Int
    fileprivate var next: Int
    fileprivate var isMerged = false
  }

  /// The most symbols of a word, and the highest rank: both share a word of 64 bits in the heap.
  static let highestRank = Int32(1 << 24 - 1)

  private var symbols: [Symbol] = []
  private var queue: [UInt64] = []

  /// Begins a word.
  mutating func removeAll() {
    symbols.removeAll(keepingCapacity: true)
    queue.removeAll(keepingCapacity: true)
  }

  /// Adds a symbol at the right.
  @inline(__always) mutating func append(_ range: Range<Int>, token: Int32) {
    let position = symbols.count
    symbols.append(Symbol(range: range, token: token, previous: position - 1, next: position + 1))
  }

  /// Merges all that `rule` allows.
  @inline(__always) mutating func merge(_ rule: (Symbol, Symbol) -> MergeRule?) {
    for left in symbols.indices.dropLast() { consider(left, left + 1, rule) }
    while let (rank, left) = popLowest() {
      let right = symbols[left].next
      // Either side may have become part of another symbol since: then the rule is another, or there is none.
      guard !symbols[left].isMerged, right < symbols.count, let found = rule(symbols[left], symbols[right]),
        found.rank == rank
      else { continue }
      symbols[left].range = symbols[left].range.lowerBound..<symbols[right].range.upperBound
      symbols[left].token = found.token
      symbols[left].next = symbols[right].next
      symbols[right].isMerged = true
      let (previous, next) = (symbols[left].previous, symbols[left].next)
      if previous >= 0 { consider(previous, left, rule) }
      if next < symbols.count {
        symbols[next].previous = left
        consider(left, next, rule)
      }
    }
  }

  /// What is left, from left to right.
  @inline(__always) func forEach(_ body: (Symbol) -> Void) {
    for symbol in symbols where !symbol.isMerged { body(symbol) }
  }

  @inline(__always) private mutating func consider(
    _ left: Int, _ right: Int, _ rule: (Symbol, Symbol) -> MergeRule?
  ) {
    guard let found = rule(symbols[left], symbols[right]) else { return }
    push(UInt64(found.rank) << 40 | UInt64(left))
  }

  private mutating func push(_ entry: UInt64) {
    var child = queue.count
    queue.append(entry)
    while child > 0, queue[(child - 1) / 2] > entry {
      queue[child] = queue[(child - 1) / 2]
      child = (child - 1) / 2
    }
    queue[child] = entry
  }

  private mutating func popLowest() -> (rank: Int32, left: Int)? {
    guard let last = queue.popLast() else { return nil }
    let lowest = queue.first ?? last
    if !queue.isEmpty {
      var parent = 0
      while 2 * parent + 1 < queue.count {
        var child = 2 * parent + 1
        if child + 1 < queue.count, queue[child + 1] < queue[child] { child += 1 }
        guard queue[child] < last else { break }
        queue[parent] = queue[child]
        parent = child
      }
      queue[parent] = last
    }
    return (Int32(lowest >> 40), Int(lowest & (1 << 40 - 1)))
  }
}
