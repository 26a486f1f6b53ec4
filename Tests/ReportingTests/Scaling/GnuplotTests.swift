import Testing

@testable import Reporting

/// Draws with the gnuplot that is installed; where none is, there is nothing to test.
@Suite(.enabled(if: Gnuplot() != nil, "gnuplot is not installed")) struct GnuplotTests {
  @Test func drawsEveryPlotTheSameTwice() throws {
    let gnuplot = try #require(Gnuplot())
    let folder = try PlotFolder()
    for plot in ScalingFixture.report.plots {
      let pictures = try (0..<2).map { _ in try folder.picture(of: plot, by: gnuplot) }
      #expect(pictures[0] == pictures[1])
      #expect(pictures[0].contains("</svg>"))
    }
  }

  @Test func saysWhatIsWrongWithAPlot() throws {
    let gnuplot = try #require(Gnuplot())
    let folder = try PlotFolder()
    let plot = ScalingPlot(name: "absent", title: "", caption: "", script: "", data: "")
    #expect(throws: GnuplotError.self) { try folder.picture(of: plot, by: gnuplot) }
  }

  @Test func isNotFoundWhereItIsNot() { #expect(Gnuplot(environment: ["PATH": "/nowhere"]) == nil) }
}
