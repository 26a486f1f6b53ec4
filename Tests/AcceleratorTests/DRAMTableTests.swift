import Foundation
import Testing
import Workloads

@testable import Accelerator

@Suite struct DRAMTableTests {
  @Test func theTypesHaveSources() throws {
    let table = try DRAMTable.shipped()
    #expect(table.entries.map(\.type) == ["ddr4", "ddr5", "lpddr5x", "gddr6", "hbm2e", "hbm3"])
    for entry in table.entries {
      for value in [entry.picojoulesPerBit, entry.latencySeconds, entry.efficiency] {
        #expect(value.source.count > 20, "\(entry.type)")
        // An assumption says between what it may lie.
        #expect(value.confidence != .assumed || value.range != nil, "\(entry.type)")
        #expect(value.range?.contains(value.value) ?? true, "\(entry.type)")
      }
    }
  }

  /// Picojoules per 64 bits in table 2 of Jouppi et al., ISCA 2021.
  @Test func energiesFollowFromTheirSource() throws {
    let table = try DRAMTable.shipped()
    let ddr4 = try #require(table.entry("ddr4")).picojoulesPerBit
    #expect(abs(ddr4.value - 1300.0 / 64) < 0.05)
    let hbm2e = try #require(table.entry("hbm2e")).picojoulesPerBit
    #expect(abs(hbm2e.value - 250.0 / 64) < 0.05)
    #expect(abs((hbm2e.range?.upperBound ?? 0) - 450.0 / 64) < 0.05)
    let gddr6 = try #require(table.entry("gddr6")).picojoulesPerBit
    #expect(abs(gddr6.value - (350.0 + 480) / 2 / 64) < 0.05)
  }

  @Test func mistakesNameTheirPlace() throws {
    let entry = """
      bitlab-dram: 1
      types:
        - type: fast
          title: Fast
          device: one
          device-bandwidth: 1 GB/s
          energy: {value: 4 pJ/bit, low: 3 pJ/bit, high: 5 pJ/bit, source: x, confidence: stated}
          latency: {value: 30 ns, source: x, confidence: stated}
          efficiency: {value: 0.9, source: x, confidence: assumed}
      """
    func error(_ text: String) -> String {
      do {
        _ = try DRAMTable(.parse(bytes: Array(text.utf8), file: "d.yaml"))
        return "no error"
      } catch { return "\(error)" }
    }
    #expect(error(entry) == "no error")
    #expect(
      error(entry.replacingOccurrences(of: "low: 3", with: "low: 4.5"))
        == "d.yaml:7:21: key 'energy.value': expected a value between low and high")
    #expect(
      error(entry.replacingOccurrences(of: "low: 3 pJ/bit, ", with: "")).contains(
        "key 'energy.low': is missing"))
    #expect(
      error(entry.replacingOccurrences(of: "0.9, source: x, ", with: "0.9, "))
        == "d.yaml:9:17: key 'efficiency.source': is missing, expected text")
    let again = entry.split(separator: "\n").dropFirst(2).joined(separator: "\n")
    #expect(error(entry + "\n" + again) == "d.yaml:10:11: key 'type': the type 'fast' is there twice")
  }
}
