import Foundation
import Testing

/// Model files from one packing to another, and what is in them.
@Suite struct ConvertCommandTests {
  /// A folder with `tiny.gguf`, of the kind of BitNet b1.58 2B4T.
  private static func synthesize() throws -> TemporaryFolder {
    let folder = try TemporaryFolder()
    let catalogue = try folder.file(
      "tiny.yaml",
      containing: """
        bitlab-models: 1
        models:
          - {id: tiny, title: Tiny, weights: ternary, hidden-size: 256, intermediate-size: 512, layers: 2, heads: 4,
             kv-heads: 2, vocabulary: 600, tied-embeddings: true, source: a test}
        """)
    let outcome = try Tool.run(["synthesize", "--model", catalogue, file("tiny", folder)])
    #expect(outcome.status == 0, "\(outcome.errors)")
    return folder
  }

  private static func file(_ name: String, _ folder: TemporaryFolder) -> String {
    folder.url.appendingPathComponent(name + ".gguf").path
  }

  @Test func aConvertedModelSaysTheSame() throws {
    let folder = try Self.synthesize()
    let first = Self.file("tiny", folder)
    // The dequantised file goes back to trits.
    for (from, to, type) in [("tiny", "dense", "f32"), ("dense", "packed", "i2_s")] {
      let outcome = try Tool.run([
        "convert", Self.file(from, folder), Self.file(to, folder), "--packing", type,
      ])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect(outcome.output == "" && outcome.errors == "")
    }
    let texts = try [first, Self.file("packed", folder)].map {
      try Tool.run(["run", $0, "--prompt", "The memory", "-n", "8"]).output
    }
    #expect(!texts[0].isEmpty)
    #expect(texts[0] == texts[1])
    let hub = folder.url.appendingPathComponent("hub").path
    let outcome = try Tool.run(["convert", first, hub + "/"])
    #expect(outcome.status == 0 && outcome.output == "" && outcome.errors == "", "\(outcome.errors)")
    #expect(try Tool.run(["run", hub, "--prompt", "The memory", "-n", "8"]).output == texts[0])
    #expect(try Tool.run(["convert", first, hub]).errors.contains("is a folder that is not empty"))
    let before = try Tool.run(["inspect", first, "--tensors", "--format", "csv"])
    let after = try Tool.run(["inspect", Self.file("packed", folder), "--tensors", "--format", "csv"])
    #expect(before.status == 0, "\(before.errors)")
    #expect(
      before.output.replacingOccurrences(of: "tiny.gguf", with: "packed.gguf").split(separator: "\r\n").count
        == after.output.split(separator: "\r\n").count)
  }

  @Test func aModelIsShown() throws {
    let folder = try Self.synthesize()
    let file = Self.file("tiny", folder)
    let page = try Tool.run(["inspect", file])
    #expect(page.status == 0, "\(page.errors)")
    for part in [
      "bitnet-b1.58", "I2_S", "linear layers", "header, padding", "Ternary weights:", "34% zeros", "t5",
      "general.architecture",
    ] {
      #expect(page.output.contains(part), "\(part) is not in \(page.output)")
    }
    #expect(!page.output.contains("blk.1.ffn_down.weight"))
    #expect(try Tool.run(["inspect", file, "--tensors"]).output.contains("blk.1.ffn_down.weight"))
    let markdown = try Tool.run(["inspect", file, "--format", "md"])
    #expect(markdown.output.contains("| packing"))
    for options in [[], ["--tensors"]] {
      let json = try Tool.run(["inspect", file, "--format", "json"] + options)
      let records = try #require(
        JSONSerialization.jsonObject(with: Data(json.output.utf8)) as? [[String: Any]])
      #expect(records.count > 20)
    }
  }

  @Test(
    arguments: [
      (["convert", "FILE", "FILE"], "is the model itself"),
      (["convert", "FILE", "out.safetensors"], "or a folder for a Hugging Face model"),
      (["convert", "FILE", "/nowhere/out.gguf"], "/nowhere/out.gguf: cannot be created"),
      (["convert", "FILE", "out.gguf", "--packing", "q8_0"], "are ternary and cannot be written as Q8_0"),
      (["convert", "/nowhere.gguf", "out.gguf"], "/nowhere.gguf"),
      (["inspect", "/nowhere.gguf"], "/nowhere.gguf"),
      (["inspect", "/dev/null"], "/dev/null"),
    ] as [([String], String)])
  func badInputGetsOneClearSentence(_ arguments: [String], _ message: String) throws {
    let folder = try Self.synthesize()
    let outcome = try Tool.run(arguments.map { $0 == "FILE" ? Self.file("tiny", folder) : $0 })
    #expect(outcome.status == 1, "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.contains(message), "\(arguments): \(outcome.errors)")
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(arguments): \(outcome.errors)")
    #expect(outcome.output == "")
  }
}
