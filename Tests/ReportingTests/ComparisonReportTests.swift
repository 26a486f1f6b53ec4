import Bench
import Foundation
import Testing

@testable import Reporting

/// As ``GoldenReportTests``, for comparisons.
@Suite struct ComparisonReportTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var format: ReportFormat
    var options = ReportOptions()
    var comparison = ComparisonFixture.comparison
    var testDescription: String { file }
  }

  @Test(arguments: [
    Case(file: "compare-60.txt", format: .table, options: ReportOptions(width: 60)),
    Case(file: "compare-120.txt", format: .table, options: ReportOptions(width: 120)),
    Case(file: "compare.md", format: .md),
    Case(file: "compare.csv", format: .csv),
    Case(file: "compare-fp16.json", format: .json, comparison: ComparisonFixture.byFP16),
    Case(file: "compare-fp16.txt", format: .table, comparison: ComparisonFixture.byFP16),
    Case(file: "compare-nothing.md", format: .md, comparison: ComparisonFixture.nothingInCommon),
  ])
  func comparisonEqualsItsGoldenFile(_ golden: Case) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(golden.file)")
    let report = try golden.format.render(golden.comparison, options: golden.options)
    if ProcessInfo.processInfo.environment["BITLAB_UPDATE_GOLDEN"] == "1" {
      try Data(report.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(report == expected)
  }

  @Test func runsOfAnyKindAreListed() throws {
    let listing = Listing([
      StoredPoint(
        position: 0, key: "a", subject: "d",
        payload: ["design": .text("d"), "cycles": .integer(12), "x": .missing]),
      StoredPoint(
        position: 1, key: "b", subject: "e", payload: ["design": .text("e"), "energy_j": .number(0.5)]),
    ])
    #expect(
      try listing.render(.csv) == "cycles,design,energy_j,x\r\n12,d,,\r\n,e,0.5,\r\n")
  }
}
