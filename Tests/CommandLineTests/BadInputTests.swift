import Foundation
import Testing

/// Wrong input gives one clear line on standard error, nothing on standard output, and the right exit code.
@Suite struct BadInputTests {
  private func expectError(
    _ arguments: [String], status: Int32, saying text: String, environment: [String: String] = [:],
    location: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try Tool.run(arguments, environment: environment)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: location)
    #expect(outcome.output == "", sourceLocation: location)
    #expect(outcome.errors.hasPrefix("Error: "), sourceLocation: location)
    #expect(outcome.errors.contains(text), "said: \(outcome.errors)", sourceLocation: location)
    #expect(
      outcome.errors.split(separator: "\n").count == 1, "said: \(outcome.errors)", sourceLocation: location)
  }

  @Test func wrongUsage() throws {
    try expectError(["bench", "--shape", "0x5"], status: 64, saying: "'0x5' is out of range")
    try expectError(["bench", "--shape", "banana"], status: 64, saying: "write OUTxIN")
    try expectError(["bench", "--threads", "999"], status: 64, saying: "999 threads were asked for")
    try expectError(["bench", "--shape", "16000000x1000"], status: 64, saying: "GB are free")
    try expectError(
      ["bench", "--shape", "8640x8640", "--tokens", "16000000"], status: 64, saying: "GB are free")
    try expectError(["bench", "--tokens", "1,zero"], status: 64, saying: "'zero' is not a whole number")
    try expectError(["bench", "--kernels", "no-such-kernel"], status: 64, saying: "no kernel matches")
    try expectError(["bench", "--kernels", "("], status: 64, saying: "is not a regular expression")
    try expectError(
      ["bench", "--families", "magic"], status: 64, saying: "the families are reference, addsub")
    try expectError(["bench", "--models", "llama-8t"], status: 64, saying: "unknown model 'llama-8t'")
    try expectError(["bench", "--cache", "warm"], status: 64, saying: "neither cold nor hot")
    try expectError(["bench", "--numa", "77"], status: 64, saying: "no NUMA node 77")
    try expectError(["bench", "--isa", "avx1024"], status: 64, saying: "avx1024")
    try expectError(["bench", "--precision", "0"], status: 64, saying: "not a percentage")
    try expectError(["bench", "--max-time=-1"], status: 64, saying: "not a time")
    try expectError(["bench", "--format", "xml"], status: 64, saying: "xml")
    try expectError(["bench", "--tensor", "w"], status: 64, saying: "--tensor needs --weights")
    try expectError(
      ["bench", "--models", "3b", "--shape", "8x8"], status: 64, saying: "only one of --models, --shape")
    try expectError(["bench", "--no-such-flag"], status: 64, saying: "--no-such-flag")
    try expectError(["targets", "--isa", "avx1024"], status: 64, saying: "avx1024")
    try expectError(
      ["targets", "--output", "/nowhere/targets.md"], status: 1, saying: "/nowhere/targets.md")
    try expectError(["list", "planets"], status: 64, saying: "planets")
    try expectError(["bench"], status: 64, saying: "avx1024", environment: ["BITLAB_MAX_ISA": "avx1024"])
  }

  @Test func wrongUsageOfTheSimulators() throws {
    func expectUsage(_ arguments: [String], saying text: String) throws {
      try expectError(["simulate"] + arguments, status: 64, saying: text)
    }
    try expectUsage(["--designs", "addsub-sever"], saying: "did you mean addsub-server")
    try expectUsage(["--designs", ","], saying: "names no design")
    try expectUsage(["--models", "llama-8t"], saying: "unknown model 'llama-8t'")
    try expectUsage(["--baseline", "tpu"], saying: "tpu")
    try expectUsage(["--phase", "training"], saying: "neither decode nor prefill")
    try expectUsage(["--phase", "prefill", "--tokens", "1"], saying: "no count of that --phase")
    try expectUsage(["--tokens", "0"], saying: "'0' is not a whole number")
    try expectUsage(["--context", "0"], saying: "context")
    try expectUsage(["--batch", "0"], saying: "batch")
    try expectUsage(["--batch", "999999999999"], saying: "batch")
    try expectUsage(["--tile", "0x1x1"], saying: "tile '0x1x1'")
    try expectUsage(["--iso-area", "--iso-power"], saying: "only one of")
    try expectUsage(["--iso-area", "--baseline", "none"], saying: "need a --baseline")
    try expectUsage(["--scale-sim", "a.cfg"], saying: "go together")
    try expectUsage(["--set", "addsub-edge:array.rows=2"], saying: "which is not simulated")
    try expectUsage(["--devices", "h200"], saying: "h200")
    try expectUsage(["--scaling", "moore"], saying: "moore")
    try expectError(["simulate", "--set", "array.rows=0"], status: 1, saying: "--set array.rows=0")
    try expectError(["simulate", "--set", "array.rows=1000000000"], status: 1, saying: "65536")
    try expectError(["simulate", "--set", "array.rwos=8"], status: 1, saying: "array.rows")
    try expectError(["simulate", "--set", "dram.bandwidth=-1 GB/s"], status: 1, saying: "bandwidth")
    try expectError(["simulate", "--set", "dram.bandwidth=68"], status: 1, saying: "GB/s")
    try expectError(["simulate", "--design", "/nowhere/chip.yaml"], status: 1, saying: "/nowhere/chip.yaml")
    try expectError(
      ["simulate", "--scale-sim", "/nowhere/a.cfg", "--topology", "/nowhere/b.csv"], status: 1,
      saying: "/nowhere/a.cfg")
    try expectError(
      ["simulate", "--models", "70b", "--designs", "addsub-sram"], status: 1, saying: "do not fit")
    try expectError(["bench", "--design", "tpu"], status: 64, saying: "tpu")
  }

  /// What no design can run is said beside the results of those that can.
  @Test func aDesignThatDoesNotFitDoesNotStopTheOthers() throws {
    let outcome = try Tool.run([
      "simulate", "--designs", "fp16-edge,addsub-edge", "--tokens", "1", "--set",
      "addsub-edge:buffers.weights.size=16 B",
    ])
    #expect(outcome.status == 0)
    #expect(outcome.output.contains("fp16-edge"))
    #expect(outcome.output.contains("not simulated: ") && outcome.output.contains("lacks"))
  }

  @Test func filesThatAreWrong() throws {
    let folder = try TemporaryFolder()
    let truncated = try folder.file("truncated.safetensors", containing: "\u{10}\0\0\0\0\0\0\0{}")
    try expectError(["bench", "--weights", truncated], status: 1, saying: "truncated.safetensors")
    try expectError(
      ["bench", "--weights", "/nowhere/w.safetensors"], status: 1, saying: "/nowhere/w.safetensors")
    let typo = try folder.file(
      "typo.yaml", containing: "bitlab-models: 1\nmodels:\n  - id: mine\n    hiden: 12\n")
    try expectError(["bench", "--models", typo], status: 1, saying: "typo.yaml")
    try expectError(["bench", "--models", "/nowhere/m.yaml"], status: 1, saying: "/nowhere/m.yaml")
    try expectError(
      ["bench", "--shape", "8x8", "--output", "/nowhere/results.csv"], status: 1,
      saying: "/nowhere/results.csv")
    try expectError(
      ["bench", "--shape", "8x8", "--output", folder.url.path], status: 1, saying: "it is a directory")
  }
}
