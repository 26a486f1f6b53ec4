import Foundation
import KernelZoo
import Testing

/// From a file to tokens: the commands that make, run and compare models.
@Suite struct ModelCommandTests {
  /// A folder with `tiny.gguf`, of the kind of BitNet b1.58 2B4T.
  private static func synthesize(_ options: [String] = [], kind: String = "ternary") throws -> TemporaryFolder
  {
    let folder = try TemporaryFolder()
    let catalogue = try folder.file(
      "tiny.yaml",
      containing: """
        bitlab-models: 1
        models:
          - {id: tiny, title: Tiny, weights: \(kind), hidden-size: 256, intermediate-size: 512, layers: 2, heads: 4,
             kv-heads: 2, vocabulary: 600, tied-embeddings: true, source: a test}
        """)
    let outcome = try Tool.run(["synthesize", "--model", catalogue, Self.file(folder)] + options)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output == "" && outcome.errors == "")
    return folder
  }

  private static func file(_ folder: TemporaryFolder) -> String {
    folder.url.appendingPathComponent("tiny.gguf").path
  }

  @Test func aSynthesizedModelSpeaks() throws {
    let folder = try Self.synthesize()
    let arguments = ["run", Self.file(folder), "--prompt", "The memory", "-n", "12"]
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(!outcome.output.trimmingCharacters(in: .whitespacesAndNewlines).isEmpty)
    #expect(outcome.errors.contains("weights used in place"))
    #expect(outcome.errors.contains("prefill: ") && outcome.errors.contains("tokens/s"))
    #expect(outcome.errors.contains("% of DRAM read"))
    // All exact kernels, any number of threads: the same text.
    for options in [
      ["--kernel", "lut-t5"], ["--kernel", "addsub-planes", "--threads", "1"], ["--isa", "scalar"],
    ] {
      let other = try Tool.run(arguments + options)
      #expect(other.status == 0, "\(options) \(other.errors)")
      #expect(other.output == outcome.output, "\(options)")
    }
  }

  @Test(arguments: [
    ["--packing", "tq2_0"], ["--packing", "tq1_0", "--embedding", "q8_0"], ["--embedding", "bf16"],
  ])
  func everyPackingSpeaks(_ options: [String]) throws {
    let folder = try Self.synthesize(options)
    let outcome = try Tool.run([
      "run", Self.file(folder), "--prompt", "a b", "-n", "4", "--temperature", "0.7",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
  }

  @Test func aFloatModelSpeaks() throws {
    let folder = try Self.synthesize(kind: "fp16")
    let outcome = try Tool.run(["run", Self.file(folder), "--prompt", "a b", "-n", "4"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("float-fp16-"))
    let ternary = try Tool.run(["run", Self.file(folder), "--prompt", "a", "--kernel", "mad-i2s"])
    #expect(ternary.status == 1)
    #expect(ternary.errors.contains("multiplies by ternary weights, but those of the model are floats"))
  }

  @Test func kernelsAreComparedEndToEnd() throws {
    let folder = try Self.synthesize()
    let outcome = try Tool.run([
      "bench", "--model-file", Self.file(folder), "--tokens", "9", "--decoded-tokens", "5", "--format", "csv",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false)
    }
    let kernels = KernelRegistry.best(on: .ofThisCPU).filter {
      $0.family != .reference && $0.packing.weightKind != .binary
    }
    #expect(Set(lines.dropFirst().map { String($0[1]) }) == Set(kernels.map(\.name)))
    #expect(lines.dropFirst().allSatisfy { $0[3] == "measured" })
  }

  @Test(
    arguments: [
      (["run", "FILE"], 64, "--prompt"),
      (["run", "FILE", "--prompt", "a", "-n", "0"], 64, "-n must be at least 1"),
      (["run", "FILE", "--prompt", "a", "-n", "5000"], 64, "exceed the model's context of 4096"),
      (["run", "FILE", "--prompt", "a", "--kernel", "mad-x"], 64, "there is no kernel 'mad-x'"),
      (["run", "FILE", "--prompt", "a", "--kernel", "mad-b1"], 1, "multiplies by binary weights"),
      (["run", "FILE", "--prompt", "a", "--threads", "0"], 64, "0 threads were asked for"),
      (["run", "FILE", "--prompt", "a", "--top-p", "0"], 64, "--top-p must be above 0"),
      (["run", "FILE", "--prompt", "a", "--temperature=-1"], 64, "--temperature must be 0 or more"),
      (["run", "/nowhere.gguf", "--prompt", "a"], 1, "/nowhere.gguf"),
      (["bench", "--model-file", "FILE", "--tokens", "1,2"], 64, "one count of --tokens"),
      (["bench", "--model-file", "FILE", "--tokens", "4096"], 64, "exceed the model's context"),
      (["bench", "--model-file", "FILE", "--kernels", "b1-"], 64, "none of the kernels asked for"),
      (["bench", "--model-file", "FILE", "--models", "3b"], 64, "give only one of"),
      (["bench", "--model-file", "FILE", "--decoded-tokens", "1"], 64, "at least 2"),
      (["bench", "--model-file", "FILE", "--fused"], 64, "--fused"),
      (["bench", "--model-file", "FILE", "--max-time", "1"], 64, "leave out --max-time"),
      (["synthesize", "--model", "3b,7b", "x.gguf"], 64, "takes one model"),
      (
        ["synthesize", "--model", "2b4t", "x.gguf", "--packing", "f16"], 64,
        "are ternary and cannot be written as F16"
      ),
      (["synthesize", "--model", "2b4t", "x.gguf", "--packing", "q9"], 64, "'q9' is no element type"),
      (["synthesize", "--model", "2b4t", "x.gguf", "--layers", "0"], 64, "--layers must be from 1"),
      (["synthesize", "--model", "2b4t", "/nowhere/x.gguf"], 1, "/nowhere/x.gguf: cannot be created"),
    ] as [([String], Int32, String)])
  func badInputGetsOneClearSentence(_ arguments: [String], _ status: Int32, _ message: String) throws {
    let folder = try Self.synthesize()
    let outcome = try Tool.run(arguments.map { $0 == "FILE" ? Self.file(folder) : $0 })
    #expect(outcome.status == status, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(arguments): \(outcome.errors)")
    #expect(outcome.output == "")
  }

  @Test func aBrokenFileGetsOneClearSentence() throws {
    let folder = try Self.synthesize()
    let whole = try Data(contentsOf: URL(fileURLWithPath: Self.file(folder)))
    for count in [0, 3, 4, 100, 5000, whole.count - 1] {
      try whole.prefix(count).write(to: URL(fileURLWithPath: Self.file(folder)))
      let outcome = try Tool.run(["run", Self.file(folder), "--prompt", "a"])
      #expect(outcome.status == 1, "\(count) bytes: \(outcome.errors)")
      #expect(outcome.errors.hasPrefix("Error: \(Self.file(folder))"), "\(count) bytes: \(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(count) bytes: \(outcome.errors)")
    }
  }
}
