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
    try GoldenFile.expect(
      golden.file, equals: golden.format.render(TargetFixture.table, options: golden.options))
  }
}
