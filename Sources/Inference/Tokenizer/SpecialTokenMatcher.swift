import ModelFiles

/// Finds the tokens that are matched in text before it is cut: user-defined ones always; control tokens and the unknown
/// token only where that is wanted. The leftmost match counts, and of those the longest.
struct SpecialTokenMatcher: Sendable {
  private struct Node: Sendable {
    var children: [UInt8: Int] = [:]
    var token: Int?
    var isUserDefined = false
  }

  private var nodes = [Node()]
  private let hasUserDefined: Bool
  /// By byte: whether a match can begin with it.
  private var begins = [Bool](repeating: false, count: 256)

  init(_ description: TokenizerDescription) {
    hasUserDefined = description.tokenKinds.contains(.userDefined)
    for (token, kind) in description.tokenKinds.enumerated() {
      switch kind {
      case .userDefined, .control, .unknown: insert(description.tokens[token], token, kind == .userDefined)
      case .normal, .unused, .byte: break
      }
    }
  }

  private mutating func insert(_ text: String, _ token: Int, _ isUserDefined: Bool) {
    guard !text.isEmpty else { return }
    var node = 0
    for byte in text.utf8.prefix(1) { begins[Int(byte)] = true }
    for byte in text.utf8 {
      let child = nodes[node].children[byte] ?? nodes.count
      if child == nodes.count {
        nodes[node].children[byte] = child
        nodes.append(Node())
      }
      node = child
    }
    guard nodes[node].token == nil else { return }
    nodes[node].token = token
    nodes[node].isUserDefined = isUserDefined
  }

  /// The first match at or after `start`.
  func firstMatch(in text: [UInt8], from start: Int, control: Bool) -> (range: Range<Int>, token: Int)? {
    guard control || hasUserDefined else { return nil }
    for begin in start..<max(start, text.count) where begins[Int(text[begin])] {
      if let (end, token) = longestMatch(in: text, at: begin, control) { return (begin..<end, token) }
    }
    return nil
  }

  private func longestMatch(in text: [UInt8], at begin: Int, _ control: Bool) -> (end: Int, token: Int)? {
    var longest: (end: Int, token: Int)?
    var (node, offset) = (0, begin)
    while offset < text.count, let child = nodes[node].children[text[offset]] {
      (node, offset) = (child, offset + 1)
      if let token = nodes[node].token, control || nodes[node].isUserDefined { longest = (offset, token) }
    }
    return longest
  }
}
