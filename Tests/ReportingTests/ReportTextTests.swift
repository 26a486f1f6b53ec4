import Testing

@testable import Bench
@testable import Reporting

@Suite struct ReportTextTests {
  @Test(arguments: [
    (1.0, "1.00 s"), (0.9996, "1.00 s"), (0.9994, "999 ms"), (12.34, "12.3 s"), (1234, "1234 s"),
    (8.42e-5, "84.2 us"), (9.996e-6, "10.0 us"), (99.96e-6, "100 us"), (3e-9, "3.00 ns"), (4e-10, "0.40 ns"),
    (0, "0.00 ns"),
  ])
  func secondsChooseTheirUnit(seconds: Double, text: String) {
    #expect(QuantityText.seconds(seconds) == text)
  }

  @Test func otherQuantities() {
    #expect(QuantityText.bytes(5_529_600) == "5.53 MB")
    #expect(QuantityText.bytes(12) == "12.0 B")
    #expect(QuantityText.joules(0.00321) == "3.21 mJ")
    #expect(QuantityText.count(1_254_000) == "1.25 M")
    #expect(QuantityText.count(7) == "7.00")
    #expect(QuantityText.percent(0.914) == "91%")
    #expect(QuantityText.percent(0.0342) == "3.4%")
    #expect(QuantityText.percent(1.04) == "104%")
    #expect(QuantityText.ratio(5.214) == "5.21x")
    #expect(QuantityText.ratio(0.0312) == "0.031x")
    #expect(QuantityText.number(.infinity) == "inf")
  }

  @Test func lowCoverageIsMarked() {
    let estimate = Estimate(median: 5, low: 4.9, high: 5.6, coverage: 0.75, count: 3)
    #expect(QuantityText.interval(estimate) == "4.90-5.60?")
    #expect(QuantityText.uncertainty(estimate) == "+-7.0%?")
  }

  @Test func textWrapsAtSpaces() {
    #expect(
      WrappedText.lines("one two three four", width: 9, hangingIndent: "  ") == [
        "one two", "  three", "  four",
      ])
    #expect(WrappedText.lines("unbreakable word", width: 4) == ["unbreakable", "word"])
    #expect(WrappedText.lines("one two", width: nil) == ["one two"])
    #expect(WrappedText.lines("", width: 9) == [""])
  }

  @Test func columnsMakeWayInOrder() {
    let headings = ["kept", "second", "first"].enumerated().map {
      TextTable.Heading(title: $1, alignment: .left, dropOrder: $0)
    }
    var table = TextTable(headings: headings, rows: [["abcdef", "b", "c"]])
    #expect(table.fit(width: 100, indent: 0) == [])
    #expect(table.fit(width: 15, indent: 0) == ["first"])
    #expect(table.line(0) == "abcdef  b")
    #expect(table.fit(width: 1, indent: 0) == ["second"])
    #expect(table.headerLine == "kept")
  }

  private func verdictText(_ change: (inout Measurement) -> Void) throws -> VerdictText {
    var results = ReportFixture.results
    results.measurements.removeAll { $0.point.tokens > 1 }
    for index in results.measurements.indices { change(&results.measurements[index]) }
    return VerdictText(try #require(Verdict(results).scenarios.first))
  }

  @Test func verdictWithoutFP16GivesTheLatency() throws {
    let text = try verdictText {
      $0.speedupOverFP16 = nil
      $0.baselineKernel = nil
    }
    #expect(text.answer.hasPrefix("Fastest: lut (lut-t5-avx512vbmi), 62.6 us (FP16 was not measured); 79%"))
    #expect(!text.details.contains { $0.hasPrefix("FP16") })
  }

  @Test func verdictSaysWhenFP16IsFaster() throws {
    let text = try verdictText {
      if let speedup = $0.speedupOverFP16 { $0.speedupOverFP16 = speedup.dividing(1) }
    }
    #expect(text.answer.contains("slower than FP16: 0.12x FP16 [0.12-0.12]"))
  }

  @Test func verdictWithoutTernaryKernels() throws {
    let text = try verdictText { $0.point.exact = false }
    #expect(text.answer == "No exact ternary kernel with int8 activations was measured.")
  }

  @Test func verdictNamesFamiliesThatLackShapes() throws {
    let text = try verdictText {
      if $0.point.family == "addsub", $0.point.inFeatures == 8640 { $0.status = .skipped("too slow") }
    }
    #expect(text.details[0].contains("addsub 4.16x (lacks 1 shape)"))
  }
}
