/// How a piece of terminal text stands out.
enum TerminalStyle: String, Sendable {
  case plain = ""
  case bold = "1"
  case dim = "2"
  case good = "32"
  case caution = "33"
  case alarm = "1;31"

  /// `text` between ANSI escapes (ECMA-48, section 8.3.117), or as it is without colour.
  func applied(to text: String, colour: Bool) -> String {
    colour && self != .plain ? "\u{1B}[\(rawValue)m\(text)\u{1B}[0m" : text
  }
}
