import Foundation
import Testing

@testable import Reporting

/// As ``GoldenReportTests``, for targets.
@Suite struct TargetReportTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var format: ReportFormat
    var options = ReportOptions()
    var testDescription: String { file }
  }

  @Test(arguments: [
    Case(file: "targets-80.txt", format: .table, options: ReportOptions(width: 80)),
    Case(file: "targets-140.txt", format: .table, options: ReportOptions(width: 140)),
    Case(file: "targets.md", format: .md),
    Case(file: "targets.csv", format: .csv),
    Case(file: "targets.json", format: .json),
  ])
  func tableEqualsItsGoldenFile(_ golden: Case) throws {
    let file = URL(filePath: #filePath).deletingLastPathComponent().appending(path: "Golden/\(golden.file)")
    let report = try golden.format.render(TargetFixture.table, options: golden.options)
    if ProcessInfo.processInfo.environment["BITLAB_UPDATE_GOLDEN"] == "1" {
      try Data(report.utf8).write(to: file)
    }
    let expected = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(report == expected)
  }
}
