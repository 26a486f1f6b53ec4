import Testing

@testable import Accelerator

@Suite struct TilingParsingTests {
  @Test(arguments: LoopOrder.allCases)
  func readsWhatItWrites(_ order: LoopOrder) throws {
    let tiling = Tiling(tokens: 64, inFeatures: 512, outFeatures: 128, order: order)
    #expect(try Tiling(parsing: "\(tiling)") == tiling)
  }

  @Test func orderMayBeLeftOut() throws {
    #expect(
      try Tiling(parsing: "1x2x3") == Tiling(tokens: 1, inFeatures: 2, outFeatures: 3, order: .mnk))
  }

  @Test(arguments: [
    "", ":", "x", "xx", "1x2", "1x2x3x4", "0x1x1", "-1x1x1", "1x1x16777217", "1x1x99999999999999999999",
    "1.5x1x1",
    "1x2x3:", "1x2x3:mk", "1x2x3:mnm", "1x2x3:mnk:mnk", "1 x2x3", "axbxc",
  ])
  func refusesAnythingElse(_ text: String) {
    let error = #expect(throws: TilingError.self) { try Tiling(parsing: text) }
    #expect(error?.text == text)
  }
}
