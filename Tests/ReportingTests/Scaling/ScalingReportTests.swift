import Bench
import Testing
import Workloads

@testable import Reporting

@Suite struct ScalingReportTests {
  private let report = ScalingFixture.report

  @Test func filesEqualTheirGoldenFiles() throws {
    try GoldenFile.expect("Scaling/scaling.csv", equals: report.csv)
    try GoldenFile.expect("Scaling/scaling.md", equals: report.markdown)
    try GoldenFile.expect("Scaling/README.md", equals: ReportsReadme.markdown(plots: report.plots))
    for plot in report.plots {
      try GoldenFile.expect("Scaling/\(plot.name).gp", equals: plot.script)
      try GoldenFile.expect("Scaling/\(plot.name).dat", equals: plot.data)
    }
  }

  @Test func equalInputGivesEqualBytes() {
    let again = ScalingReport(
      models: ScalingFixture.models.reversed(), runs: [ScalingFixture.run],
      entries: report.modelled.map(\.entry))
    #expect(again.csv == report.csv)
    #expect(again.plots == report.plots)
  }

  @Test func modelsAreAddedUpFromTheirLayers() throws {
    let model = try #require(report.measured.first { $0.point.kernel == "mad-i2s-avx512vnni" })
    #expect(model.model.id == "bitnet-700m")
    #expect(model.point.tokens == 1)
    // FP16 weights were read at 40 GB/s, and this kernel is seven times faster.
    let expected = Double(model.model.linearParameters) * 2 / 40e9 / 7
    #expect(abs(model.linears.median / expected - 1) < 1e-12)
    #expect(abs(model.linears.high / expected - 1.02) < 1e-12)
    #expect(abs((model.speedup?.median ?? 0) - 7) < 1e-12)
    #expect(model.linearBytes == Double(model.model.linearParameters) / 4)
    let head = Double(model.model.embeddingParameters) * 2 / 40e9
    #expect(abs((model.headModelledSeconds ?? 0) / head - 1) < 1e-12)
    #expect(model.linearJoules == nil)
  }

  @Test func aModelWithoutEveryLayerHasNoSum() {
    #expect(report.models.map(\.id) == ["bitnet-700m", "bitnet-2b4t", "bitnet-100b"])
    #expect(!report.measured.contains { $0.model.id == "bitnet-100b" })
    #expect(report.markdown.contains("Whole-model times of bitnet-100b: not every layer was measured."))
  }

  @Test func ofAPointMeasuredTwiceTheFirstCounts() {
    var second = ScalingFixture.run
    for index in second.measurements.indices { second.measurements[index].operatorLatency?.median *= 2 }
    let both = ScalingReport(
      models: ScalingFixture.models, runs: [ScalingFixture.run, second], entries: [])
    #expect(both.measured == ScalingFixture.measuredOnly.measured)
  }

  @Test func whatIsModelledIsNamedSo() {
    let measured = report.measured.map(ScalingRow.measured)
    let modelled = report.modelled.map(ScalingRow.modelled)
    for column in ScalingColumn.all {
      let isOfChips = modelled.contains { $0.hasValue(column) } && !measured.contains { $0.hasValue(column) }
      let namesWhatWasAssumed =
        column.name == "context" || column.name.hasSuffix("_bytes") && !column.name.contains("dram")
      if isOfChips, !namesWhatWasAssumed { #expect(column.name.contains("modelled"), "\(column.name)") }
    }
    #expect(Set(ScalingColumn.all.map(\.name)).count == ScalingColumn.all.count)
  }

  @Test func wrongKernelsAndFailedPassesAreTold() {
    #expect(report.markdown.contains("WRONG RESULTS, which were not timed, from lut-tl2-avx2."))
    #expect(report.markdown.contains("lut-edge, bitnet-100b, decode: the design has no room for it"))
  }

  @Test func aPartThatIsMissingIsLeftOut() {
    let measured = ScalingFixture.measuredOnly
    #expect(!measured.markdown.contains("## Modelled chips"))
    #expect(measured.plots.allSatisfy { !$0.name.contains("modelled") })
    let modelled = ScalingFixture.modelledOnly
    #expect(!modelled.markdown.contains("## Measured on this CPU"))
    #expect(modelled.markdown.contains("Nothing was measured."))
    let empty = ScalingReport(models: [], runs: [], entries: [])
    #expect(empty.plots.isEmpty)
    #expect(empty.markdown.contains("There is nothing to report."))
    #expect(empty.csv.split(whereSeparator: \.isNewline).count == 1)
  }

  @Test func titlesOfPlotsFit() {
    for plot in report.plots { #expect(plot.title.count <= 48, "\(plot.title)") }
  }

  @Test func tablesAreAligned() {
    var lines: [Substring] = []
    for line in (report.markdown + "\n").split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("|") {
        lines.append(line)
      } else {
        #expect(Set(lines.map(\.count)).count <= 1, "\(lines.first ?? "")")
        lines = []
      }
    }
  }
}

extension ScalingRow {
  fileprivate func hasValue(_ column: ScalingColumn) -> Bool { column.value(self) != .missing }
}
