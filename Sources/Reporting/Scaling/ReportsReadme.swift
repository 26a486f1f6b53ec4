/// `README.md` of the folder: what the files are, and what the columns mean.
public enum ReportsReadme {
  /// - Parameter plots: The plots that were made.
  public static func markdown(plots: [ScalingPlot]) -> String {
    let columns = TextTable(
      [("column", .left), ("meaning", .left)], rows: ScalingColumn.all.map { [$0.name, $0.description] })
    let pictures = TextTable(
      [("plot", .left), ("shows", .left)],
      rows: plots.map { ["[\($0.name)](\(ScalingReport.plotFolder)/\($0.name).svg)", $0.title] })
    return """
      # Reports

      Written by `bitlab report`; the same measurements give the same bytes. Do not edit by hand.

      - [`scaling.md`](scaling.md): the report to read.
      - [`scaling.html`](scaling.html): the same as one page that needs no network, with a table to sort and filter.
      - [`scaling.csv`](scaling.csv): all figures, one row for each model, phase, and kernel or design.
      - `plots/`: pictures, each with the gnuplot script and the numbers it was drawn from beside it.

      ## Columns of scaling.csv

      A figure that is not there is empty, never 0. What is modelled has `modelled` in its name. Numbers are in full \
      precision, units are in the names.

      \(columns.markdownLines.joined(separator: "\n"))

      ## Plots

      \(pictures.markdownLines.joined(separator: "\n"))

      """
  }
}
