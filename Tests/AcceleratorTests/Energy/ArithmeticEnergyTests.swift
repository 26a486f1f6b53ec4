import Foundation
import Testing
import Workloads

@testable import Accelerator

@Suite struct ArithmeticEnergyTests {
  @Test func publishedSavings() throws {
    let savings = try ArithmeticEnergy.shipped().savings
    func ratio(_ node: Int, _ bits: Int) -> String? {
      savings.first { $0.nodeNanometres == node && $0.accumulatorBits == bits }
        .map { String(format: "%.1f", $0.ratio) }
    }
    #expect(ratio(7, 8) == "71.4")
    #expect(ratio(45, 8) == "50.0")
    #expect(ratio(7, 32) == "16.7")
    #expect(ratio(45, 32) == "15.0")
    #expect(savings.count == 8)
    for node in [45, 7] {
      let ratios = savings.filter { $0.nodeNanometres == node }.map(\.ratio)
      #expect(ratios == ratios.sorted(by: >))
    }
  }

  @Test func publishedPassesToThePrintedDigits() throws {
    let passes = try ArithmeticEnergy.shipped().passes(dramPicojoulesPerBit: 4, ternaryFormat: .i2s)
    #expect(passes.map(\.printed) == ["0.258", "0.186", "0.347", "0.425", "0.649", "0.028"])
    for pass in passes { #expect(pass.printed == pass.published, "\(pass.model)") }
  }

  @Test func whatThePublishedFiguresLeaveOut() throws {
    let passes = try ArithmeticEnergy.shipped().passes(dramPicojoulesPerBit: 4, ternaryFormat: .i2s)
    let bitnet = try #require(passes.first { $0.isTernary })
    #expect(bitnet.linearWeights == 2_084_044_800)
    // Attention in FP16 is most of what the ternary model is charged for.
    #expect(abs(bitnet.attentionShare - 0.73) < 0.005)
    #expect(bitnet.weightBytes == 521_011_200)
    #expect(abs(bitnet.weightReadJoules - 0.016672) < 1e-6)
    // One decoded token reads what a pass reads: a thousand times its additions.
    #expect(bitnet.weightReadJoules > 1000 * bitnet.linearJoulesPerToken)
    let llama = try #require(passes.first)
    // Against the FP16 model of half its size, decoding saves as the bytes do, not as the arithmetic does.
    let perWeight = { (pass: ArithmeticEnergy.Pass) in pass.decodedTokenJoules / Double(pass.linearWeights) }
    #expect((7.9...8.2).contains(perWeight(llama) / perWeight(bitnet)))
  }

  @Test(arguments: ["tokens: 0", "tokens: many", "node: 3 nm"])
  func malformedPublicationsAreRefused(_ line: String) {
    let lines = ["bitlab-published-energy: 1", "source: test", "models: []", line]
    #expect(throws: YAMLError.self) {
      try PublishedEnergy(bytes: Data(lines.joined(separator: "\n").utf8), name: "test.yaml")
    }
  }
}
