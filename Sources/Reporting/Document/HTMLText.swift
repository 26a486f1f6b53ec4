/// Text in HTML.
enum HTMLText {
  /// Text that is neither tag nor entity, nor ends an attribute.
  static func escaped(_ text: String) -> String {
    text.replacing("&", with: "&amp;").replacing("<", with: "&lt;").replacing(">", with: "&gt;")
      .replacing("\"", with: "&quot;")
  }

  /// Escaped text, in which code in backticks and links become elements.
  static func inline(_ text: String) -> String {
    var html = ""
    for (index, part) in text.split(separator: "`", omittingEmptySubsequences: false).enumerated() {
      html += index % 2 == 1 ? "<code>\(escaped(String(part)))</code>" : links(String(part))
    }
    return html
  }

  private static func links(_ text: String) -> String {
    var html = ""
    var rest = text[...]
    while let link = rest.firstMatch(of: /\[([^\]]+)\]\(([^)]+)\)/) {
      html += escaped(String(rest[..<link.range.lowerBound]))
      html += "<a href=\"\(escaped(String(link.2)))\">\(escaped(String(link.1)))</a>"
      rest = rest[link.range.upperBound...]
    }
    return html + escaped(String(rest))
  }

  /// A heading as part of an address: `Which family wins` becomes `which-family-wins`.
  static func anchor(_ heading: String) -> String {
    heading.lowercased().split { !$0.isLetter && !$0.isNumber }.joined(separator: "-")
  }
}
