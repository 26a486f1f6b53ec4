extension Sequence where Element == String {
  /// Up to `limit` names that a mistyped one may have meant, nearest first: those that begin with it, contain
  /// it, or are at most a third of its letters away. Case does not matter.
  package func nearest(to name: String, limit: Int = 3) -> [String] {
    let wanted = Array(name.lowercased().prefix(64))
    let ranked = enumerated().compactMap { index, candidate -> (rank: Int, index: Int, name: String)? in
      let letters = Array(candidate.lowercased())
      let distance = editDistance(wanted, letters)
      if !wanted.isEmpty && letters.starts(with: wanted) { return (0, index, candidate) }
      if distance <= Swift.max(1, wanted.count / 3) { return (distance, index, candidate) }
      if wanted.count > 1 && candidate.lowercased().contains(String(wanted)) {
        return (wanted.count, index, candidate)
      }
      return nil
    }
    return ranked.sorted { ($0.rank, $0.index) < ($1.rank, $1.index) }.prefix(limit).map(\.name)
  }
}

/// Insertions, deletions and replacements that turn one word into the other (Levenshtein).
private func editDistance(_ from: [Character], _ to: [Character]) -> Int {
  var row = Array(0...to.count)
  for (position, letter) in from.enumerated() {
    var diagonal = row[0]
    row[0] = position + 1
    for index in to.indices {
      let replaced = diagonal + (letter == to[index] ? 0 : 1)
      diagonal = row[index + 1]
      row[index + 1] = min(replaced, row[index] + 1, diagonal + 1)
    }
  }
  return row[to.count]
}
