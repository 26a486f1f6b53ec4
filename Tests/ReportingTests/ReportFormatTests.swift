import Bench
import Foundation
import Testing

@testable import Reporting

@Suite struct ReportFormatTests {
  @Test(arguments: [70, 80, 100, 140])
  func tableStaysWithinItsWidth(width: Int) throws {
    let report = try ReportFormat.table.render(ReportFixture.results, options: ReportOptions(width: width))
    for line in report.split(separator: "\n") where line.count > width {
      // A word that is longer than the line has nowhere to break.
      #expect(line.contains { $0 == " " } == false, "\(line.count) columns: \(line)")
    }
  }

  @Test func narrowestTableKeepsTheAnswer() throws {
    let report = try ReportFormat.table.render(ReportFixture.results, options: ReportOptions(width: 20))
    #expect(report.contains("lut-t5-avx512vbmi"))
    #expect(report.contains("9.47x"))
  }

  @Test func colourOnlyAddsEscapes() throws {
    let plain = try ReportFormat.table.render(ReportFixture.results, options: ReportOptions(width: 100))
    let coloured = try ReportFormat.table.render(
      ReportFixture.results, options: ReportOptions(width: 100, colour: true))
    #expect(plain != coloured)
    #expect(!plain.contains("\u{1B}"))
    #expect(coloured.replacing(/\u{1B}\[[0-9;]*m/, with: "") == plain)
  }

  @Test func jsonReadsBack() throws {
    let report = try ReportFormat.json.render(ReportFixture.results)
    let decoded = try JSONDecoder().decode(BenchResults.self, from: Data(report.utf8))
    #expect(decoded == ReportFixture.results)
  }

  @Test func csvQuotesWhatSeparates() throws {
    var results = ReportFixture.empty
    var measurement = ReportFixture.few.measurements[0]
    measurement.status = .wrong("a \"b\", c\r\nd")
    results.measurements = [measurement]
    let report = try ReportFormat.csv.render(results)
    #expect(report.contains(",\"a \"\"b\"\", c\r\nd\","))
    #expect(report.hasSuffix("\r\n"))
  }

  @Test func csvRecordsHaveTheFieldsOfTheHeader() throws {
    var results = ReportFixture.few
    results.context.cpuModel = "CPU"
    results.context.commandLine = ""
    results.context.operatingSystem = nil
    for index in results.measurements.indices {
      results.measurements[index].point.layerRoles = "q"
      if !results.measurements[index].status.isSkipped { results.measurements[index].status = .measured }
    }
    // Nothing is quoted now, so that every comma separates.
    let lines = try ReportFormat.csv.render(results).split(separator: "\r\n")
    let counts = Set(lines.map { $0.split(separator: ",", omittingEmptySubsequences: false).count })
    #expect(counts == [results.columns.count + ContextColumns.all.count])
  }

  @Test func markdownCellsStayInTheirCell() throws {
    var results = ReportFixture.few
    results.measurements[0].point.kernel = "a|b\nc"
    let report = try ReportFormat.md.render(results)
    #expect(report.contains("| a\\|b c "))
  }

  @Test func markdownColumnsAreAligned() throws {
    let report = try ReportFormat.md.render(ReportFixture.results)
    var width: Int?
    for line in report.split(separator: "\n", omittingEmptySubsequences: false) {
      if line.hasPrefix("|") {
        #expect(line.count == width ?? line.count, "\(line)")
        width = line.count
      } else {
        width = nil
      }
    }
  }

  @Test func wrongResultsAreShoutedTwiceInATerminal() throws {
    let report = try ReportFormat.table.render(ReportFixture.results)
    let shouted = report.split(separator: "\n").filter { $0.hasPrefix("WRONG RESULTS at 1 point") }
    #expect(shouted.count == 2)
    #expect(report.contains("WRONG RESULT lut-tl2-avx2: token 0, row 17: 231 instead of 229"))
  }
}
