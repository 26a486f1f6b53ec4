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
    try expectError(
      ["bench", "--whole-model", "3b", "--models", "3b"], status: 64, saying: "only one of --models")
    try expectError(["bench", "--whole-model", "llama-8t"], status: 64, saying: "unknown model 'llama-8t'")
    try expectError(["bench", "--whole-model", "3b,7b"], status: 64, saying: "takes one model")
    try expectError(
      ["bench", "--whole-model", "3b", "--tokens", "5"], status: 64, saying: "leave out --tokens")
    try expectError(
      ["bench", "--whole-model", "3b", "--threads", "1,1"], status: 64, saying: "one count of --threads")
    try expectError(
      ["bench", "--whole-model", "100b", "--kernels", "fp32"], status: 64, saying: "GB are free")
    try expectError(["reproduce", "--claim", "savin"], status: 64, saying: "did you mean saving-7nm")
    try expectError(["reproduce", "--claim", "moon"], status: 64, saying: "names begin with saving")
    try expectError(["reproduce", "--format", "xml"], status: 64, saying: "xml")
    try expectError(["reproduce", "--isa", "avx1024"], status: 64, saying: "avx1024")
    try expectError(
      ["reproduce", "--claim", "saving", "--output", "/nowhere/claims.md"], status: 1,
      saying: "/nowhere/claims.md")
    try expectError(["targets", "--isa", "avx1024"], status: 64, saying: "avx1024")
    try expectError(
      ["targets", "--output", "/nowhere/targets.md"], status: 1, saying: "/nowhere/targets.md")
    try expectError(["list", "planets"], status: 64, saying: "planets")
    try expectError(["bench"], status: 64, saying: "avx1024", environment: ["BITLAB_MAX_ISA": "avx1024"])
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
