/// Breaks text into lines at spaces.
enum WrappedText {
  /// The words of `text` in lines of at most `width` columns; longer words stand alone. Lines after the first
  /// begin with `hangingIndent`. Without a width, one line.
  static func lines(_ text: String, width: Int?, hangingIndent: String = "") -> [String] {
    guard let width else { return [text] }
    var lines: [String] = []
    var line = ""
    for word in text.split(separator: " ") {
      if line.isEmpty {
        line = (lines.isEmpty ? "" : hangingIndent) + word
      } else if line.count + 1 + word.count <= width {
        line += " " + word
      } else {
        lines.append(line)
        line = hangingIndent + word
      }
    }
    return lines + [line]
  }
}
