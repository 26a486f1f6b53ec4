import Foundation
import Reporting

/// What the terminal on standard output can show.
enum TerminalStyle {
  /// Columns of the terminal, `COLUMNS` first; 140 when the output is not a terminal.
  static func width(environment: [String: String] = ProcessInfo.processInfo.environment) -> Int {
    if let text = environment["COLUMNS"], let columns = Int(text), columns > 0 { return columns }
    var size = winsize()
    guard ioctl(STDOUT_FILENO, UInt(TIOCGWINSZ), &size) == 0, size.ws_col > 0 else { return 140 }
    return Int(size.ws_col)
  }

  /// Whether standard output is a terminal.
  static var isTerminal: Bool { isatty(STDOUT_FILENO) == 1 }

  /// Colour on a terminal unless `NO_COLOR` is set or the terminal is dumb (https://no-color.org).
  static func usesColour(environment: [String: String] = ProcessInfo.processInfo.environment) -> Bool {
    if let noColour = environment["NO_COLOR"], !noColour.isEmpty { return false }
    if let force = environment["CLICOLOR_FORCE"], !force.isEmpty, force != "0" { return true }
    return isTerminal && environment["TERM"] != "dumb"
  }
}

extension ReportOptions {
  /// What the place that `--output` names can show: a file nothing, standard output what its terminal does.
  init(output: String?) {
    let toTerminal = output == nil
    self.init(
      width: toTerminal ? TerminalStyle.width() : nil, colour: toTerminal && TerminalStyle.usesColour())
  }
}
