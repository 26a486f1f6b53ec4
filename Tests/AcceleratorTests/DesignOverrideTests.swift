import Testing
import Workloads

@testable import Accelerator

@Suite struct DesignOverrideTests {
  @Test func overridesTakeThePlaceOfWhatIsThere() throws {
    let design = try DesignFixture.read(overrides: [
      "array.rows=128", "array.rows = 256", "dram={type: hbm3, bandwidth: 819 GB/s}",
      "dram.energy=4.5 pJ/bit",
      "activations={format: fp16}", "array.datapath=lut", "array.accumulator-bits=32",
      "array.tables={group: 2, sharers: 8}",
      "buffers.outputs.double-buffered=true",
      "chips={count: 2, parallelism: tensor, link: {bandwidth: 1 GB/s, energy: 1 pJ/bit}}",
    ])
    #expect(design.array.rows == 256)
    #expect(design.dram.type == "hbm3")
    #expect(design.dram.bytesPerSecond == 819e9)
    #expect(design.dram.picojoulesPerBit == 4.5)
    #expect(try design.dram.latencySeconds == DesignFixture.dram().entry("hbm3")?.latencySeconds.value)
    #expect(design.activationFormat == .float16)
    #expect(design.array.tables == TableDesign(groupSize: 2, sharers: 8))
    #expect(design.outputBuffer.isDoubleBuffered)
    #expect(design.chips.count == 2)
    // The rest is as in the file.
    #expect(try design.weightBuffer == DesignFixture.read().weightBuffer)
  }

  @Test func aValueTakesThePlaceOfAMappingKeyByKey() throws {
    let design = try DesignFixture.read(overrides: [
      "chips.count=4", "chips.parallelism=pipeline", "chips.link.bandwidth=64 GB/s",
      "chips.link.energy=1 pJ/bit",
    ])
    #expect(design.chips.count == 4)
    #expect(design.chips.parallelism == .pipeline)
  }

  @Test(arguments: [
    ("array.rows", "--set array.rows: expected KEY=VALUE, such as array.rows=128"),
    ("", "--set : expected KEY=VALUE"),
    ("=4", "--set =4: unknown key ''; the keys are bitlab-design, name"),
    ("array.row=4", "--set array.row=4: unknown key 'array.row'; did you mean 'array.rows'"),
    ("rows=4", "--set rows=4: unknown key 'rows'; did you mean 'array.rows'?"),
    ("array.rows.x=4", "--set array.rows.x=4: unknown key 'array.rows.x'; did you mean 'array.rows'"),
    ("colour=red", "--set colour=red: unknown key 'colour'; the keys are bitlab-design, name"),
    (
      "array.rows=0",
      "--set array.rows=0: key 'array.rows': expected a whole number from 1 to 65536, found '0'"
    ),
    ("array.rows=", "--set array.rows=: key 'array.rows': expected a whole number from 1 to 65536, found ''"),
    ("array.rows=[1]", "--set array.rows=[1]: key 'array.rows': expected a whole number, found a list"),
    ("array.rows={", "--set array.rows={: is not YAML"),
    ("array.rows=&a 3", "--set array.rows=&a 3: '&' before a letter is refused"),
    (
      "dram.bandwidth=68",
      "--set dram.bandwidth=68: key 'dram.bandwidth': expected a bandwidth in B/s, kB/s, MB/s, GB/s or TB/s"
    ),
    (
      "array.tables.group=4", "--set array.tables.group=4: key 'array.tables.sharers': is missing"
    ),
    ("array={rows: 4, colour: red}", "--set array={rows: 4, colour: red}: key 'array.columns': is missing"),
    (
      "array.accumulator-bits=9",
      "--set array.accumulator-bits=9: key 'array.accumulator-bits': expected 10 to 64 bits"
    ),
    ("weights.format=fp16", "--set weights.format=fp16: key 'weights.format': expected a ternary"),
    ("array=5", "--set array=5: key 'array': expected a mapping of keys, found '5'"),
  ])
  func aMistakeNamesTheOverride(override: String, expected: String) throws {
    let error = try DesignFixture.error(overrides: [override])
    #expect(error.hasPrefix(expected), "\(error)")
  }

  @Test func longOverridesAreQuotedInPart() throws {
    let error = try DesignFixture.error(overrides: ["name=" + String(repeating: "x", count: 100_000)])
    #expect(error.count < 300, "\(error)")
    let huge = try DesignFixture.error(overrides: ["name=" + String(repeating: "[", count: 2_000_000)])
    #expect(huge.contains("is larger than 1000000 bytes"))
  }
}
