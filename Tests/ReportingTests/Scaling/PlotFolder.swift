import Foundation

@testable import Reporting

/// A folder with the scripts and numbers of the fixture's plots, which is removed with its owner.
final class PlotFolder {
  private let url = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID().uuidString)")

  init() throws {
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
    for plot in ScalingFixture.report.plots {
      try Data(plot.script.utf8).write(to: url.appending(path: "\(plot.name).gp"))
      try Data(plot.data.utf8).write(to: url.appending(path: "\(plot.name).dat"))
    }
  }

  deinit { try? FileManager.default.removeItem(at: url) }

  /// The plot as SVG.
  func picture(of plot: ScalingPlot, by gnuplot: Gnuplot) throws -> String {
    try gnuplot.draw(plot, in: url, format: .svg)
    return try String(contentsOf: url.appending(path: "\(plot.name).svg"), encoding: .utf8)
  }
}
