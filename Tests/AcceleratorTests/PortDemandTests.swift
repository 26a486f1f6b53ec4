import Ternary
import Testing

@testable import Accelerator

@Suite struct PortDemandTests {
  /// The search looks at a few cycles only; walking through all must find no longer wait.
  @Test func stallsEqualThoseOfEveryCycle() {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let operandBits = [1.6, 8, 24]
    let widths = [0.5, 1, 1.6, 3, 7.3, 20]
    var stalled = 0
    for _ in 0..<3000 {
      func band() -> DemandBand {
        DemandBand(
          start: .random(in: 0...20, using: &random), lanes: .random(in: 0...12, using: &random),
          length: .random(in: 0...30, using: &random), perCycle: .random(in: 0...5, using: &random))
      }
      let port = BufferDesign(
        bytes: 1, bytesPerCycle: widths[.random(in: 0..<6, using: &random)], isDoubleBuffered: false)
      let bits = operandBits[.random(in: 0..<3, using: &random)]
      let demand = PortDemand(band(), band(), cyclesPerUnit: PortRates.cycles(bits: bits, port))
      var due = 0
      var longest = 0.0
      for cycle in 0...70 {
        for band in [demand.bands.0, demand.bands.1] {
          for lane in 0..<band.lanes where (0..<band.length).contains(cycle - band.start - lane) {
            due += band.perCycle
          }
        }
        longest = max(longest, (Double(due) * demand.cyclesPerUnit).rounded(.up) - Double(cycle + 1))
      }
      #expect(demand.stallCycles == longest, "\(demand), seed \(seed)")
      if demand.keepsUp { #expect(longest == 0, "\(demand), seed \(seed)") }
      if longest > 0 { stalled += 1 }
    }
    #expect(stalled > 500, "too few cases that stall, seed \(seed)")
  }

  @Test func portOfExactlyTheDemandDoesNotStall() {
    // 64 lanes of four weights at 1.6 bits are 51.2 bytes, which neither side of the comparison can represent.
    let port = BufferDesign(bytes: 1, bytesPerCycle: 51.2, isDoubleBuffered: false)
    let demand = PortDemand(
      DemandBand(start: 0, lanes: 64, length: 100_000, perCycle: 4),
      cyclesPerUnit: PortRates.cycles(bits: 1.6, port))
    #expect(demand.stallCycles == 0)
  }
}
