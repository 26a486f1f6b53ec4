import Foundation

/// Quantities over a quantity: curves or scattered points.
struct CurvePlot {
  /// An axis with its unit in the label.
  struct Axis {
    var label: String
    /// Otherwise it begins at 0.
    var isLogarithmic = true
  }

  /// Points that belong together.
  struct Series {
    var label: String
    /// What gnuplot's `plot` needs to know behind `using`: `with points …`.
    var style: String
    var points: [(x: Double, y: Double)]
  }

  var name: String
  var title: String
  var caption: String
  var x: Axis
  var y: Axis
  var series: [Series]
  /// Further clauses of `plot`.
  var functions: [String] = []
  /// Values that the y axis must reach besides those of the series.
  var levels: [Double] = []

  /// The plot; `nil` without any point.
  var plot: ScalingPlot? {
    let series = series.filter { !$0.points.isEmpty }
    guard !series.isEmpty else { return nil }
    var script = PlotPreamble(
      name: name, title: title, plotHeight: 290, keyEntries: functions.count + series.count,
      edges: (left: 0.2, right: 0.95)
    ).lines
    script += Self.lines(x, "x", of: series.flatMap { $0.points.map(\.x) })
    script += Self.lines(y, "y", of: series.flatMap { $0.points.map(\.y) } + levels)
    let clauses = series.enumerated().map { index, series in
      "\"\(name).dat\" index \(index) using 1:2 \(series.style) title \(PlotPreamble.quoted(series.label))"
    }
    script.append("plot " + (functions + clauses).joined(separator: ", \\\n  "))
    let blocks = series.map { series in
      (["# \(series.label)"]
        + series.points.map { "\(PlotNumber.text($0.x)) \(PlotNumber.text($0.y))" })
        .joined(separator: "\n")
    }
    return ScalingPlot(
      name: name, title: title, caption: caption, script: script.joined(separator: "\n") + "\n",
      data: "# \(x.label); \(y.label)\n" + blocks.joined(separator: "\n\n\n") + "\n")
  }

  /// Label, range and tics of an axis.
  private static func lines(_ axis: Axis, _ letter: String, of values: [Double]) -> [String] {
    let label = "set \(letter)label \(PlotPreamble.quoted(axis.label))"
    guard axis.isLogarithmic, let low = values.min(), let high = values.max(), low > 0 else {
      return [label, "set \(letter)range [0:*]"]
    }
    // A little room beside the outermost markers, instead of whole decades.
    let range = (low / 1.3)...(high * 1.3)
    let decades = Int(log10(range.lowerBound).rounded(.down))...Int(log10(range.upperBound).rounded(.up))
    let steps = log10(range.upperBound / range.lowerBound) < 2.6 ? [1.0, 2, 5] : [1.0]
    let tics = decades.flatMap { decade in steps.map { $0 * pow(10, Double(decade)) } }.filter(range.contains)
    return [
      label, "set logscale \(letter)",
      "set \(letter)range [\(PlotNumber.text(range.lowerBound)):\(PlotNumber.text(range.upperBound))]",
      "set \(letter)tics (\(tics.map { "\"\(PlotNumber.text($0))\" \(PlotNumber.text($0))" }.joined(separator: ", ")))",
    ]
  }
}
