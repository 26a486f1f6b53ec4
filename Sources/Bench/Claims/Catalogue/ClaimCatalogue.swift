import Workloads

/// The published claims that can be checked, group by group.
public enum ClaimCatalogue {
  /// All of them.
  public static let all: [Claim] = arithmetic + memory + latency + throughput + equivalence + speedups

  /// Those that some names mean; an empty list means all.
  ///
  /// - Throws: ``UnknownClaim`` naming what may have been meant.
  public static func claims(named names: [String]) throws(UnknownClaim) -> [Claim] {
    for name in names where !all.contains(where: { $0.isNamed(name) }) {
      throw UnknownClaim(name: name, suggestions: all.map(\.id).nearest(to: name))
    }
    return names.isEmpty ? all : all.filter { claim in names.contains(where: claim.isNamed) }
  }

  static let bitNet158 = "arXiv 2402.17764"
}

/// A name that no claim has.
public struct UnknownClaim: Error, Sendable, Equatable, CustomStringConvertible {
  /// What was asked for.
  public let name: String
  /// What may have been meant, nearest first.
  public let suggestions: [String]

  /// One sentence with what may have been meant, or else with the first words of all names.
  public var description: String {
    guard suggestions.isEmpty else {
      return "unknown claim '\(name)'; did you mean \(suggestions.joined(separator: " or "))?"
    }
    var words: [Substring] = []
    for word in ClaimCatalogue.all.map({ $0.id.prefix { $0 != "-" } }) where !words.contains(word) {
      words.append(word)
    }
    return "unknown claim '\(name)'; names begin with \(words.joined(separator: ", "))"
  }
}
