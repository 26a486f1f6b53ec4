/// Lines of terminal text within a width.
struct Page {
  static let indent = "  "

  let options: ReportOptions
  private(set) var text = ""

  init(options: ReportOptions) {
    self.options = options
  }

  mutating func blank() {
    text += "\n"
  }

  /// Wrapped text at the margin.
  mutating func paragraph(_ paragraph: String, style: TerminalStyle = .plain) {
    for line in WrappedText.lines(paragraph, width: options.width, hangingIndent: Self.indent) {
      write(line, style)
    }
  }

  /// Wrapped and indented text.
  mutating func item(_ item: String, style: TerminalStyle = .plain) {
    let width = options.width.map { $0 - Self.indent.count }
    for line in WrappedText.lines(item, width: width, hangingIndent: Self.indent) {
      write(Self.indent + line, style)
    }
  }

  /// One indented line as it is.
  mutating func line(_ line: String, style: TerminalStyle = .plain) {
    write(Self.indent + line, style)
  }

  private mutating func write(_ line: String, _ style: TerminalStyle) {
    text += style.applied(to: line, colour: options.colour) + "\n"
  }
}
