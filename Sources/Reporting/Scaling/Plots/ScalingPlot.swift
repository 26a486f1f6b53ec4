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

/// The beginning of every script, with the places of everything: gnuplot's own guesses of widths vary with fonts.
struct PlotPreamble {
  /// Wide enough for a page, and not too wide for the text to be readable when a phone shrinks it.
  private static let width = 480
  private static let titleHeight = 50
  /// Tics and label of the x axis.
  private static let axisHeight = 70
  private static let keyRowHeight = 21

  let name: String
  /// At most 48 characters, or it does not fit.
  let title: String
  /// Height of what is drawn in, in the unit of the width.
  let plotHeight: Int
  /// Lines of the key, which is below the plot in two columns.
  let keyEntries: Int
  /// Left and right edge of what is drawn in, as shares of the width.
  let edges: (left: Double, right: Double)

  var lines: [String] {
    let keyRows = (keyEntries + 1) / 2
    let below = Self.axisHeight + keyRows * Self.keyRowHeight
    let height = Self.titleHeight + plotHeight + below
    func share(_ pixels: Int) -> String { PlotNumber.text(Double(pixels) / Double(height)) }
    return [
      "# \(title). Written by `bitlab report`; `gnuplot \(name).gp` in this folder draws it again.",
      "if (!exists(\"format\")) format = \"svg\"",
      "set encoding utf8",
      "if (format eq \"png\") {",
      "  set terminal pngcairo size \(Self.width * 2),\(height * 2) font \"sans-serif,15\" fontscale 1.6 linewidth 2 "
        + "pointscale 2 background \"white\"",
      "} else {",
      "  set terminal svg size \(Self.width),\(height) enhanced font \"sans-serif,15\" background \"white\"",
      "}",
      "set output \"\(name).\" . format",
      "set title \(Self.quoted(title))",
      "set tics nomirror",
      "set border 3",
      "set grid linecolor \"#cccccc\" linewidth 0.5",
      "set lmargin at screen \(edges.left)",
      "set rmargin at screen \(edges.right)",
      "set tmargin at screen \(share(height - Self.titleHeight))",
      "set bmargin at screen \(share(below))",
      "set key at screen 0.5,\(share(4)) center bottom vertical maxrows \(keyRows) samplen 2.5 width -1 "
        + "font \"sans-serif,14\"",
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
