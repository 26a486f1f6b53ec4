/// Horizontal bars, each the sum of its parts, with its name above it: names are long, and phones are narrow.
struct StackPlot {
  /// A bar.
  struct Bar {
    var label: String
    /// One for each part.
    var values: [Double]
  }

  /// Okabe and Ito's colours in an order in which neighbours differ in lightness, so that grey will do.
  private static let colours = ["#0072B2", "#F0E442", "#D55E00", "#56B4E9", "#333333", "#DDDDDD"]
  private static let barPitch = 34

  var name: String
  var title: String
  var caption: String
  /// What is stacked, with its unit.
  var label: String
  var parts: [String]
  var bars: [Bar]
  /// The end of the axis; `nil` leaves it to the data.
  var maximum: Double?
  /// Bars that stand together, with a gap before the next group.
  var groupSize = Int.max

  /// The plot; `nil` without bars.
  var plot: ScalingPlot? {
    guard !bars.isEmpty else { return nil }
    precondition(bars.allSatisfy { $0.values.count == parts.count }, "a bar lacks a part")
    // Parts that no bar has would only take room in the key.
    let shown = parts.indices.filter { part in bars.contains { $0.values[part] > 0 } }
    let positions = bars.indices.map { Double($0) + 0.4 * Double($0 / groupSize) }
    let last = positions[positions.count - 1]
    var script = PlotPreamble(
      name: name, title: title, plotHeight: Int((last + 1.1) * Double(Self.barPitch)),
      keyEntries: shown.count,
      edges: (left: 0.04, right: 0.94)
    ).lines
    script += [
      "set border 1",
      "unset ytics",
      "set grid noytics xtics",
      "set yrange [\(PlotNumber.text(last + 0.5)):-0.6]",
      "set xrange [0:\(maximum.map(PlotNumber.text) ?? "*")]",
      "set xlabel \(PlotPreamble.quoted(label))",
    ]
    script += zip(bars, positions).map { bar, position in
      "set label \(PlotPreamble.quoted(bar.label)) at 0,\(PlotNumber.text(position - 0.3)) left offset 0.2,0 front "
        + "font \"sans-serif,13\""
    }
    let clauses = shown.indices.map { index in
      // Columns: 1 position, then the parts.
      let low = index == 0 ? "(0)" : "(sum [i=2:\(index + 1)] column(i))"
      let high = "(sum [i=2:\(index + 2)] column(i))"
      let colour = Self.colours[shown[index] % Self.colours.count]
      return "\"\(name).dat\" using \(low):1:\(low):\(high):($1-0.05):($1+0.4) with boxxyerror "
        + "fillcolor \"\(colour)\" fillstyle solid border linecolor \"#000000\" linewidth 0.5 "
        + "title \(PlotPreamble.quoted(parts[shown[index]]))"
    }
    script.append("plot " + clauses.joined(separator: ", \\\n  "))
    let rows = bars.indices.map { bar in
      ([PlotNumber.text(positions[bar])] + shown.map { PlotNumber.text(bars[bar].values[$0]) })
        .joined(separator: " ") + "  # \(bars[bar].label)"
    }
    let header = "# \(label)\n# position; " + shown.map { parts[$0] }.joined(separator: "; ")
    return ScalingPlot(
      name: name, title: title, caption: caption, script: script.joined(separator: "\n") + "\n",
      data: ([header] + rows).joined(separator: "\n") + "\n")
  }
}
