import Bench
import Testing

@testable import Reporting

/// Compares reports byte by byte with the files in Golden/. After a wanted change, write them anew with
/// `BITLAB_UPDATE_GOLDEN=1 swift test --filter GoldenReportTests` and read the difference before committing it.
@Suite struct GoldenReportTests {
  struct Case: Sendable, CustomTestStringConvertible {
    var file: String
    var format: ReportFormat
    var options = ReportOptions()
    var results = ReportFixture.results
    var testDescription: String { file }
  }

  @Test(arguments: [
    Case(file: "terminal-80.txt", format: .table, options: ReportOptions(width: 80)),
    Case(file: "terminal-140.txt", format: .table, options: ReportOptions(width: 140)),
    Case(file: "terminal-140-colour.txt", format: .table, options: ReportOptions(width: 140, colour: true)),
    Case(file: "unlimited.txt", format: .table),
    Case(file: "results.csv", format: .csv, results: ReportFixture.few),
    Case(file: "results.md", format: .md),
    Case(file: "results.json", format: .json, results: ReportFixture.few),
    Case(file: "empty.txt", format: .table, options: ReportOptions(width: 80), results: ReportFixture.empty),
    Case(file: "empty.csv", format: .csv, results: ReportFixture.empty),
    Case(file: "empty.md", format: .md, results: ReportFixture.empty),
    Case(file: "empty.json", format: .json, results: ReportFixture.empty),
  ])
  func reportEqualsItsGoldenFile(_ golden: Case) throws {
    try GoldenFile.expect(
      golden.file, equals: golden.format.render(golden.results, options: golden.options))
  }
}
