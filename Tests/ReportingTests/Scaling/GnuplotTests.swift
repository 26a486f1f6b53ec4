import Foundation
import Testing

@testable import Reporting

/// Draws with the gnuplot that is installed; where none is, there is nothing to test.
@Suite(.enabled(if: Gnuplot() != nil, "gnuplot is not installed")) struct GnuplotTests {
  @Test func drawsEveryPlotTheSameTwice() throws {
    let gnuplot = try #require(Gnuplot())
    let folder = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    for plot in ScalingFixture.report.plots {
      try Data(plot.script.utf8).write(to: folder.appending(path: "\(plot.name).gp"))
      try Data(plot.data.utf8).write(to: folder.appending(path: "\(plot.name).dat"))
      let pictures = try (0..<2).map { _ in
        try gnuplot.draw(plot, in: folder, format: .svg)
        return try Data(contentsOf: folder.appending(path: "\(plot.name).svg"))
      }
      #expect(pictures[0] == pictures[1])
      #expect(String(decoding: pictures[0], as: UTF8.self).contains("</svg>"))
    }
  }

  @Test func saysWhatIsWrongWithAPlot() throws {
    let gnuplot = try #require(Gnuplot())
    let plot = ScalingPlot(name: "absent", title: "", caption: "", script: "", data: "")
    #expect(throws: GnuplotError.self) {
      try gnuplot.draw(plot, in: FileManager.default.temporaryDirectory, format: .svg)
    }
  }

  @Test func isNotFoundWhereItIsNot() { #expect(Gnuplot(environment: ["PATH": "/nowhere"]) == nil) }
}
