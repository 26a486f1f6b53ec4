import Testing

@testable import Accelerator
@testable import Workloads

/// A design file, and what becomes of it when something is changed.
enum DesignFixture {
  static let text = """
    bitlab-design: 1
    name: Mine-7nm
    summary: adds & subtracts
    technology: {node: 7 nm, clock: 1 GHz}
    array:
      rows: 64
      columns: 32
      dataflow: output-stationary
      datapath: addsub
      dot-width: 4
      accumulator-bits: 24
    weights: {format: t5}
    activations: {bits: 8}
    buffers:
      weights:     {size: 512 KiB, bandwidth: 256 B/cycle, double-buffered: true}
      activations: {size: 256 KiB, bandwidth: 128 B/cycle, double-buffered: true}
      outputs:     {size: 128 KiB, bandwidth: 128 B/cycle}
    dram: {type: lpddr5x, bandwidth: 68 GB/s}
    vector-unit: {lanes: 64, format: fp16}
    chips: 1
    """

  static func dram() throws -> DRAMTable { try DRAMTable.shipped() }

  static func read(_ text: String = text, overrides: [String] = []) throws -> Design {
    try Design.parse(
      bytes: Array(text.utf8), file: "my.yaml", overrides: overrides.map { try DesignOverride($0) },
      dram: dram())
  }

  /// The error of a text, in one line.
  static func error(of text: String = text, overrides: [String] = []) throws -> String {
    do {
      _ = try read(text, overrides: overrides)
      return "no error"
    } catch let error as YAMLError {
      #expect(!error.description.contains("\n"))
      return error.description
    }
  }

  /// The error when one piece of the design is replaced.
  static func error(replacing piece: String, by replacement: String) throws -> String {
    let pieces = text.split(separator: piece, maxSplits: 1, omittingEmptySubsequences: false)
    try #require(pieces.count == 2, "the design has no '\(piece)'")
    return try error(of: pieces.joined(separator: replacement))
  }
}
