import Foundation
import Ternary
import Testing
import Workloads

@testable import Accelerator

@Suite struct DesignFileTests {
  @Test func everyKeyArrives() throws {
    let design = try DesignFixture.read()
    let expected = Design(
      name: "mine-7nm", summary: "adds & subtracts",
      technology: Technology(nodeNanometres: 7, clockHertz: 1e9),
      array: ArrayDesign(
        rows: 64, columns: 32, dataflow: .outputStationary, datapath: "addsub", dotWidth: 4,
        accumulatorBits: 24), weightFormat: .t5, keepsWeightsOnChip: false,
      activationFormat: .integer(bits: 8),
      weightBuffer: BufferDesign(bytes: 524_288, bytesPerCycle: 256, isDoubleBuffered: true),
      activationBuffer: BufferDesign(bytes: 262_144, bytesPerCycle: 128, isDoubleBuffered: true),
      outputBuffer: BufferDesign(bytes: 131_072, bytesPerCycle: 128, isDoubleBuffered: false),
      dram: DRAMDesign(
        type: "lpddr5x", bytesPerSecond: 68e9, efficiency: 0.85, latencySeconds: 45e-9, picojoulesPerBit: 6),
      vectorUnit: VectorUnitDesign(lanes: 64, format: .float16),
      chips: ChipGroup(count: 1, parallelism: .tensor, linkBytesPerSecond: 0, linkPicojoulesPerBit: 0))
    #expect(design == expected)
  }

  @Test func optionalKeysArrive() throws {
    let text = DesignFixture.text
      .replacingOccurrences(of: "datapath: addsub", with: "datapath: lut\n  tables: {group: 4, sharers: 16}")
      .replacingOccurrences(of: "format: t5", with: "format: tl2, on-chip: true")
      .replacingOccurrences(
        of: "68 GB/s}", with: "0.5 TB/s, latency: 100 ns, efficiency: 0.9, energy: 5.5 pJ/bit}"
      )
      .replacingOccurrences(
        of: "chips: 1",
        with: "chips: {count: 8, parallelism: pipeline, link: {bandwidth: 64 GB/s, energy: 1.3 pJ/bit}}")
    let design = try DesignFixture.read(text)
    #expect(design.array.tables == TableDesign(groupSize: 4, sharers: 16))
    #expect(design.keepsWeightsOnChip)
    #expect(
      design.dram
        == DRAMDesign(
          type: "lpddr5x", bytesPerSecond: 5e11, efficiency: 0.9, latencySeconds: 1e-7, picojoulesPerBit: 5.5)
    )
    #expect(
      design.chips
        == ChipGroup(
          count: 8, parallelism: .pipeline, linkBytesPerSecond: 64e9, linkPicojoulesPerBit: 1.3))
  }

  @Test(arguments: [
    // Missing keys.
    ("  rows: 64\n", "", "my.yaml:6:3: key 'array.rows': is missing, expected a whole number"),
    (
      "accumulator-bits: 24", "acumulator-bits: 24",
      "my.yaml:6:3: key 'array.accumulator-bits': is missing, expected a whole number; is 'acumulator-bits' meant?"
    ),
    (
      "size: 512 KiB, ", "",
      "my.yaml:15:16: key 'buffers.weights.size': is missing, expected a size such as '512 KiB'"
    ),
    ("weights: {format: t5}\n", "", "my.yaml:1:1: key 'weights': is missing, expected a mapping of keys"),
    // Unknown ones.
    (
      "rows: 64", "rows: 64\n  dot-with: 4",
      "my.yaml:7:3: unknown key 'array.dot-with'; did you mean 'dot-width'?"
    ),
    (
      "chips: 1", "chip: 1",
      "my.yaml:20:1: unknown key 'chip'; did you mean 'chips'?"
    ),
    (
      "{bits: 8}", "{bits: 8, colour: red}",
      "my.yaml:13:24: unknown key 'activations.colour'; the keys are format, bits"
    ),
    // Sizes.
    (
      "rows: 64", "rows: 0",
      "my.yaml:6:9: key 'array.rows': expected a whole number from 1 to 65536, found '0'"
    ),
    (
      "rows: 64", "rows: 1000000000",
      "my.yaml:6:9: key 'array.rows': expected a whole number from 1 to 65536, found '1000000000'"
    ),
    (
      "rows: 64", "rows: 99999999999999999999999999", "my.yaml:6:9: key 'array.rows': expected a whole number"
    ),
    ("rows: 64", "rows: -64", "found '-64'"),
    ("rows: 64", "rows: 64.5", "found '64.5'"),
    ("rows: 64", "rows:", "my.yaml:6:8: key 'array.rows': expected a whole number from 1 to 65536, found ''"),
    ("rows: 64", "rows: [64]", "my.yaml:6:9: key 'array.rows': expected a whole number, found a list"),
    (
      "rows: 64\n  columns: 32", "rows: 65536\n  columns: 65536",
      "my.yaml:7:12: key 'array.columns': expected at most 67108864 elements in all, found 65536 × 65536"
    ),
    ("dot-width: 4", "dot-width: 1025", "expected a whole number from 1 to 1024, found '1025'"),
    // Units.
    (
      "512 KiB", "512",
      "my.yaml:15:23: key 'buffers.weights.size': expected a size in B, KiB, MiB, GiB or TiB, such as '512 KiB', found '512'"
    ),
    ("512 KiB", "512 kB", "expected a size in B, KiB, MiB, GiB or TiB, such as '512 KiB', found '512 kB'"),
    ("512 KiB", "512KiB", "expected a size in B, KiB, MiB, GiB or TiB, such as '512 KiB', found '512KiB'"),
    ("512 KiB", "2 TiB", "expected a size from 1 B to 1 TiB, found '2 TiB'"),
    ("512 KiB", "0 B", "expected a size from 1 B to 1 TiB, found '0 B'"),
    ("512 KiB", "0.3 KiB", "expected a size of a whole number of B, found '0.3 KiB'"),
    (
      "256 B/cycle", "256 GB/s",
      "my.yaml:15:43: key 'buffers.weights.bandwidth': expected bytes a cycle in B/cycle, such as '256 B/cycle', found '256 GB/s'"
    ),
    (
      "68 GB/s", "-68 GB/s",
      "my.yaml:18:34: key 'dram.bandwidth': expected a bandwidth from 1 MB/s to 1000 TB/s, found '-68 GB/s'"
    ),
    (
      "68 GB/s", "nan GB/s", "expected a bandwidth in B/s, kB/s, MB/s, GB/s or TB/s, such as '68 GB/s', found"
    ),
    ("68 GB/s", "inf GB/s", "such as '68 GB/s', found 'inf GB/s'"),
    ("68 GB/s", "1e999 GB/s", "such as '68 GB/s', found '1e999 GB/s'"),
    ("68 GB/s", "1e300 GB/s", "expected a bandwidth from 1 MB/s to 1000 TB/s, found '1e300 GB/s'"),
    ("68 GB/s", "0x44 GB/s", "such as '68 GB/s', found '0x44 GB/s'"),
    (
      "68 GB/s", "{GB/s: 68}", "key 'dram.bandwidth': expected a bandwidth such as '68 GB/s', found a mapping"
    ),
    (
      "7 nm", "7",
      "my.yaml:4:20: key 'technology.node': expected a process node in nm, such as '7 nm', found '7'"
    ),
    ("7 nm", "180 nm", "key 'technology.node': expected a process node from 7 nm to 130 nm, found '180 nm'"),
    (
      "7 nm", "7.5 nm",
      "key 'technology.node': expected a process node of a whole number of nm, found '7.5 nm'"
    ),
    ("1 GHz", "0 GHz", "key 'technology.clock': expected a clock from 1 MHz to 100 GHz, found '0 GHz'"),
    ("68 GB/s", "68 GB/s, latency: 1 s", "key 'dram.latency': expected a time from 0 s to 1 ms, found '1 s'"),
    ("68 GB/s", "68 GB/s, efficiency: 85 %", "expected a number from 0.01 to 1, found '85 %'"),
    (
      "68 GB/s", "68 GB/s, efficiency: 1.5",
      "key 'dram.efficiency': expected a number from 0.01 to 1, found '1.5'"
    ),
    ("68 GB/s", "68 GB/s, energy: 4 pJ", "expected an energy in pJ/bit, such as '4 pJ/bit', found '4 pJ'"),
    // Words.
    (
      "output-stationary", "row-stationary",
      "my.yaml:8:13: key 'array.dataflow': expected one of output-stationary, weight-stationary, "
        + "input-stationary, found 'row-stationary'"
    ),
    (
      "format: t5", "format: t6",
      "key 'weights.format': expected one of fp16, bf16, int8, i2s, tq2, tq1, tl2, t5"
    ),
    (
      "lpddr5x", "ddr2",
      "my.yaml:18:14: key 'dram.type': expected one of ddr4, ddr5, lpddr5x, gddr6, hbm2e, hbm3, found 'ddr2'"
    ),
    ("double-buffered: true", "double-buffered: yes", "expected true or false, found 'yes'"),
    ("Mine-7nm", "mine/7nm", "my.yaml:2:7: key 'name': expected up to 64 letters, digits, dots"),
    ("bitlab-design: 1", "bitlab-design: 2", "expected a whole number from 1 to 1, found '2'"),
    // What does not go together.
    (
      "{bits: 8}", "{bits: 8, format: fp16}",
      "my.yaml:13:14: expected either bits, such as {bits: 8}, or format, such as {format: fp16}"
    ),
    ("{bits: 8}", "{}", "my.yaml:13:14: expected either bits, such as {bits: 8}, or format"),
    (
      "accumulator-bits: 24", "accumulator-bits: 7",
      "my.yaml:11:21: key 'array.accumulator-bits': expected at least the 8 bits of an activation, found 7"
    ),
    (
      "chips: 1", "chips: 8",
      "my.yaml:20:8: key 'chips': expected 1, or for several {count: 8, parallelism: tensor, "
    ),
    (
      "chips: 1", "chips: {count: 8, parallelism: tensor}",
      "my.yaml:20:8: key 'chips.link': is missing, expected a mapping of keys"
    ),
    // What the datapath objects to.
    (
      "datapath: addsub", "datapath: adsub",
      "my.yaml:9:13: key 'array.datapath': expected one of fp16-mac, bf16-mac, int8-mac, addsub, lut, "
        + "bitserial, popcount, found 'adsub'"
    ),
    (
      "format: t5", "format: fp16",
      "my.yaml:12:19: key 'weights.format': expected a ternary or binary format such as t5 for the addsub datapath"
    ),
    (
      "accumulator-bits: 24", "accumulator-bits: 9",
      "my.yaml:11:21: key 'array.accumulator-bits': expected 10 to 64"
    ),
    ("datapath: addsub", "datapath: lut", "my.yaml:6:3: key 'array.tables': expected a group size"),
    (
      "datapath: addsub", "datapath: fp16-mac",
      "my.yaml:13:14: key 'activations': expected fp16 for the fp16-mac datapath"
    ),
    // What is no design.
    ("array:\n", "array: 5\nother:\n", "my.yaml:5:8: key 'array': expected a mapping of keys, found '5'"),
    ("rows: 64", "rows: 64\n  rows: 65", "my.yaml:6:3: the key 'rows' occurs twice in one mapping"),
    (
      "rows: 64", "rows: &r 64",
      "my.yaml:6:9: '&' before a letter is refused: anchors and aliases are not accepted"
    ),
    ("rows: 64", "rows: *r", "is not YAML: found undefined alias"),
    ("rows: 64", "rows: {", "is not YAML"),
  ])
  func everyMistakeIsOneClearSentence(piece: String, replacement: String, expected: String) throws {
    let error = try DesignFixture.error(replacing: piece, by: replacement)
    #expect(error.contains(expected), "\(error)")
    #expect(error.hasPrefix("my.yaml:"))
  }

  @Test(arguments: [
    ("", "my.yaml: is empty"),
    ("- a", "my.yaml:1:1: expected a mapping of keys, found a list"),
    ("bitlab-models: 1", "my.yaml:1:1: key 'bitlab-design': is missing"),
    ("a: \u{7}", "is not YAML"),
    (String(repeating: "x", count: 1_000_001), "is larger than 1000000 bytes"),
    (String(repeating: "{a: ", count: 200_000), "my.yaml"),
    (String(repeating: "[", count: 500_000), "my.yaml"),
    ("a: &a [x, x]\n" + (1...30).map { "b\($0): &b\($0) [*a, *a]\n" }.joined(), "my.yaml:1:4: '&' before"),
  ])
  func filesOfAnotherKindAreRefused(text: String, expected: String) throws {
    let error = try DesignFixture.error(of: text)
    #expect(error.contains(expected), "\(error)")
  }

  /// What is known as a key to overrides and suggestions is what designs have.
  @Test func theListOfKeysIsComplete() throws {
    func leaves(_ node: YAMLNode, _ prefix: String) -> [String] {
      guard case .mapping(let entries) = node.content else { return [prefix] }
      return entries.flatMap { leaves($0.value, prefix.isEmpty ? $0.key : "\(prefix).\($0.key)") }
    }
    func keys(_ overrides: [String]) throws -> Set<String> {
      let text = try DesignFixture.read(overrides: overrides).yaml
      return Set(leaves(try YAMLNode.parse(bytes: text.utf8, file: "my.yaml"), ""))
    }
    let chips = "chips={count: 2, parallelism: tensor, link: {bandwidth: 1 GB/s, energy: 1 pJ/bit}}"
    let integers = try keys(["array.tables={group: 2, sharers: 1}", chips])
    let floats = try keys([
      "array.datapath=fp16-mac", "activations={format: fp16}", "array.accumulator-bits=32",
      "weights.format=fp16",
    ])
    #expect(integers.union(floats).subtracting(["chips"]) == Set(DesignKeys.all))
    #expect(try keys([]).subtracting(DesignKeys.all) == ["chips"])
  }

  @Test func damagedFilesNeverTrap() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var random = SeededGenerator(seed: seed)
    let bytes = Array(DesignFixture.text.utf8)
    let dram = try DesignFixture.dram()
    for _ in 0..<300 {
      var damaged = bytes
      for _ in 0..<Int.random(in: 1...4, using: &random) {
        let index = Int.random(in: 0..<damaged.count, using: &random)
        switch Int.random(in: 0..<3, using: &random) {
        case 0: damaged[index] = UInt8.random(in: 0...255, using: &random)
        case 1: damaged.removeSubrange(index..<min(index + 5, damaged.count))
        default: damaged.insert(contentsOf: Array("99999999999".utf8), at: index)
        }
      }
      do {
        _ = try Design.parse(bytes: damaged, file: "my.yaml", dram: dram)
      } catch {
        #expect(error.description.hasPrefix("my.yaml"), "seed \(seed): \(error)")
        #expect(!error.description.contains("\n"), "seed \(seed): \(error)")
      }
    }
  }
}
