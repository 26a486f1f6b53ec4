/// Learns merges from words: again and again the pair of neighbours that occurs most often becomes one symbol
/// (Sennrich, Haddow and Birch, arXiv 1508.07909).
enum BytePairTraining {
  /// Two symbols that become one.
  struct Merge: Sendable, Hashable {
    var left: [UInt8]
    var right: [UInt8]
  }

  private struct Word {
    var symbols: [[UInt8]]
    var occurrences: Int

    var pairs: some Sequence<Merge> {
      zip(symbols, symbols.dropFirst()).lazy.map { Merge(left: $0, right: $1) }
    }

    mutating func apply(_ merge: Merge) {
      var merged: [[UInt8]] = []
      for symbol in symbols {
        // The left symbol of a pair is only ever one of the word's own: what has just merged is longer.
        if symbol == merge.right, merged.last == merge.left {
          merged[merged.count - 1] += symbol
        } else {
          merged.append(symbol)
        }
      }
      symbols = merged
    }
  }

  /// Merges by falling number of occurrences, until every word is one symbol. Of pairs that occur equally often, the one
  /// whose bytes come first: the same words give the same merges everywhere.
  static func learn(from text: [[[UInt8]]]) -> [Merge] {
    var words = Dictionary(grouping: text, by: \.self).map { Word(symbols: $0, occurrences: $1.count) }
    var (counts, places) = ([Merge: Int](), [Merge: Set<Int>]())
    for (place, word) in words.enumerated() {
      for pair in word.pairs {
        counts[pair, default: 0] += word.occurrences
        places[pair, default: []].insert(place)
      }
    }
    var merges: [Merge] = []
    while let (merge, count) = counts.max(by: { precedes($1, $0) }), count > 0 {
      merges.append(merge)
      for place in places[merge] ?? [] {
        for pair in words[place].pairs { counts[pair, default: 0] -= words[place].occurrences }
        words[place].apply(merge)
        for pair in words[place].pairs {
          counts[pair, default: 0] += words[place].occurrences
          places[pair, default: []].insert(place)
        }
      }
      counts[merge] = nil
    }
    return merges
  }

  private static func precedes(_ a: (key: Merge, value: Int), _ b: (key: Merge, value: Int)) -> Bool {
    if a.value != b.value { return a.value > b.value }
    if a.key.left != b.key.left { return a.key.left.lexicographicallyPrecedes(b.key.left) }
    return a.key.right.lexicographicallyPrecedes(b.key.right)
  }
}
