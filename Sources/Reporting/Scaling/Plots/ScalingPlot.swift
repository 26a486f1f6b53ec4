import Foundation

/// A plot as gnuplot draws it: a script and the table of numbers it reads, both plain text to be kept beside the
/// picture.
public struct ScalingPlot: Sendable, Hashable {
  /// The name of its files, without extension.
  public let name: String
  /// What it shows, for headings.
  public let title: String
  /// How to read it, and what can be read from it.
  public let caption: String
  /// The contents of `name.gp`.
  public let script: String
  /// The contents of `name.dat`.
  public let data: String
}

/// The beginning of every script.
enum PlotPreamble {
  /// Wide enough for a page, and not too wide for the text to be readable when a phone shrinks it.
  static let width = 480

  /// - Parameters:
  ///   - name: Of the plot.
  ///   - title: At most 48 characters, or it does not fit.
  ///   - height: In the unit of the width.
  static func lines(name: String, title: String, height: Int) -> [String] {
    [
      "# \(title). Written by `bitlab report`; `gnuplot \(name).gp` in this folder draws it again.",
      "if (!exists(\"format\")) format = \"svg\"",
      "set encoding utf8",
      "if (format eq \"png\") {",
      "  set terminal pngcairo size \(width * 2),\(height * 2) font \"sans-serif,15\" fontscale 1.6 linewidth 2 "
        + "pointscale 2 background \"white\"",
      "} else {",
      "  set terminal svg size \(width),\(height) enhanced font \"sans-serif,15\" background \"white\"",
      "}",
      "set output \"\(name).\" . format",
      "set title \(quoted(title))",
      "set tics nomirror",
      "set border 3",
      "set grid linecolor \"#cccccc\" linewidth 0.5",
      "set key outside bottom center horizontal samplen 2.5 font \"sans-serif,14\"",
    ]
  }

  /// Text as gnuplot's enhanced mode shows it unchanged, in quotes.
  static func quoted(_ text: String) -> String {
    var escaped = ""
    for character in text {
      if "_^@&~{}".contains(character) { escaped += "\\\\" }
      if "\"\\".contains(character) { escaped += "\\" }
      escaped.append(character)
    }
    return "\"\(escaped)\""
  }
}

/// Numbers in tables of plots: six digits say more than a plot can show.
enum PlotNumber {
  static func text(_ number: Double) -> String { String(format: "%.6g", number) }
}
