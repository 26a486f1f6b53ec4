import Testing

@testable import Reporting

@Suite struct EndToEndReportTests {
  @Test(arguments: [
    ("end-to-end-80.txt", ReportFormat.table, 80), ("end-to-end-140.txt", .table, 140),
    ("end-to-end.md", .md, 0), ("end-to-end.csv", .csv, 0), ("end-to-end.json", .json, 0),
  ])
  func equalsItsGoldenFile(_ file: String, _ format: ReportFormat, _ width: Int) throws {
    let options = width > 0 ? ReportOptions(width: width) : ReportOptions()
    try GoldenFile.expect(file, equals: format.render(EndToEndFixture.results, options: options))
  }
}
