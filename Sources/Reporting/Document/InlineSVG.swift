/// A picture of gnuplot's as part of a page.
enum InlineSVG {
  /// Takes the picture out of its file: no XML declaration, identifiers that no other picture has, and a name for
  /// those who cannot see it.
  static func element(_ file: String, plot: ScalingPlot) -> String {
    guard let canvas = file.firstRange(of: "<g id=\"gnuplot_canvas\">") else { return "" }
    let size = file.firstMatch(of: /viewBox="[^"]*"/).map { String($0.0) } ?? ""
    let content = file[canvas.upperBound...]
      .replacing("id='gp", with: "id='\(plot.name)-gp")
      .replacing("#gp", with: "#\(plot.name)-gp")
      .replacing("id=\"gnuplot_plot", with: "id=\"\(plot.name)-plot")
      .replacing(/<filter.*?<\/filter>/.dotMatchesNewlines(), with: "")
      // What nobody sees: groups that gnuplot leaves empty, hundredths of a point, spaces.
      .replacing(/<g [^>]*>\s*<\/g>/, with: "")
      .replacing(/([ML ,(])(\d{2,}\.\d)\d+/) { "\($0.1)\($0.2)" }
      .replacing(/\s*\n\s*/, with: "\n")
    return "<svg \(size) xmlns:xlink=\"http://www.w3.org/1999/xlink\" role=\"img\" "
      + "aria-label=\"\(HTMLText.escaped(plot.title))\">\n<g>\(content)"
  }
}
