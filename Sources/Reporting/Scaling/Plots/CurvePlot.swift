/// Quantities over a quantity: curves or scattered points.
struct CurvePlot {
  /// An axis with its unit in the label.
  struct Axis {
    var label: String
    var isLogarithmic = true
    /// In gnuplot's words; `*` leaves an end to the data.
    var range = "[*:*]"
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
  /// Further lines of the script, such as labels and roofs.
  var settings: [String] = []
  /// Further clauses of `plot`.
  var functions: [String] = []
  var height = 400

  /// The plot; `nil` without any point.
  var plot: ScalingPlot? {
    let series = series.filter { !$0.points.isEmpty }
    guard !series.isEmpty else { return nil }
    var script = PlotPreamble.lines(name: name, title: title, height: height)
    for (letter, axis) in [("x", x), ("y", y)] {
      if axis.isLogarithmic { script.append("set logscale \(letter)") }
      script.append("set \(letter)label \(PlotPreamble.quoted(axis.label))")
      script.append("set \(letter)range \(axis.range)")
    }
    script += settings
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
}
