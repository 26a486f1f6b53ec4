import Testing

@testable import Reporting

@Suite struct ClaimReportTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var format: ReportFormat
    var options = ReportOptions()
    var testDescription: String { file }
  }

  @Test(arguments: [
    Case(file: "claims-80.txt", format: .table, options: ReportOptions(width: 80)),
    Case(file: "claims-140.txt", format: .table, options: ReportOptions(width: 140)),
    Case(file: "claims.md", format: .md),
    Case(file: "claims.csv", format: .csv),
    Case(file: "claims.json", format: .json),
  ])
  func claimsEqualTheirGoldenFile(_ golden: Case) throws {
    try GoldenFile.expect(
      golden.file, equals: golden.format.render(ClaimFixture.table, options: golden.options))
  }

  @Test(arguments: [
    Case(file: "whole-model-80.txt", format: .table, options: ReportOptions(width: 80)),
    Case(file: "whole-model-140.txt", format: .table, options: ReportOptions(width: 140)),
    Case(file: "whole-model.md", format: .md),
    Case(file: "whole-model.csv", format: .csv),
    Case(file: "whole-model.json", format: .json),
  ])
  func wholeModelsEqualTheirGoldenFile(_ golden: Case) throws {
    try GoldenFile.expect(
      golden.file, equals: golden.format.render(WholeModelFixture.results, options: golden.options))
  }
}
