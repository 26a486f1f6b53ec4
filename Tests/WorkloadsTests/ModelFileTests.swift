import Foundation
import Testing

@testable import Workloads

@Suite struct ModelFileTests {
  static let entry = """
    bitlab-models: 1
    models:
      - id: Mine-1b
        title: My model
        aliases: [mine]
        weights: ternary
        hidden-size: 2_048
        intermediate-size: 8192
        layers: 16
        heads: 32
        kv-heads: 8
        vocabulary: 1000
        tied-embeddings: true
        source: R & D
    """

  /// Read once: in a debug build it takes a while.
  static let builtIn = Result { try ModelCatalogue.builtIn() }

  func load(_ text: String) throws -> ModelCatalogue {
    try Self.builtIn.get().loading(bytes: Array(text.utf8), file: "my.yaml")
  }

  /// The error of a file in which one line was replaced.
  func error(replacing line: String, by replacement: String) throws -> String {
    let text = Self.entry.replacingOccurrences(of: line, with: replacement)
    try #require(text != Self.entry)
    return try error(of: text)
  }

  func error(of text: String) throws -> String {
    do {
      _ = try load(text)
      return "no error"
    } catch let error as YAMLError {
      #expect(!error.description.contains("\n"))
      return error.description
    }
  }

  @Test func aUsersModelJoinsTheBuiltInOnes() throws {
    let catalogue = try load(Self.entry)
    let model = try catalogue.model(named: "MINE")
    #expect(model.id == "mine-1b")
    #expect(model.headDimension == 64)
    #expect(model.gatedFeedForward)
    #expect(model.confidence == .stated)
    #expect(model.hiddenSize == 2048)
    #expect(try catalogue.model(named: "3b").id == "bitnet-3b")
  }

  @Test func aModelWithoutGateHasNone() throws {
    let model = try load(Self.entry + "\n    gated-ffn: false\n    head-dimension: 80").model(named: "mine")
    #expect(
      model.matmulShapes().map(\.role) == [.query, .key, .value, .output, .up, .down, .languageModelHead])
    #expect(model.matmulShapes(fused: true).map(\.outFeatures) == [3840, 2048, 8192, 2048, 1000])
  }

  @Test(arguments: [
    (
      "layers: 16", "layrs: 16",
      "my.yaml:3:5: key 'layers': is missing, expected a whole number; is 'layrs' meant?"
    ),
    ("    layers: 16\n", "", "my.yaml:3:5: key 'layers': is missing, expected a whole number"),
    (
      "source: R & D", "source: x\n    colour: red",
      "my.yaml:15:5: unknown key 'colour'; the keys are id, title"
    ),
    (
      "source: R & D", "source: x\n    sorce: red",
      "my.yaml:15:5: unknown key 'sorce'; did you mean 'source'?"
    ),
    (
      "layers: 16", "layers: 0",
      "my.yaml:9:13: key 'layers': expected a whole number from 1 to 10000, found '0'"
    ),
    (
      "layers: 16", "layers: -3",
      "my.yaml:9:13: key 'layers': expected a whole number from 1 to 10000, found '-3'"
    ),
    (
      "layers: 16", "layers: 99999999999999999999999",
      "my.yaml:9:13: key 'layers': expected a whole number from 1"
    ),
    ("layers: 16", "layers: 16.5", "found '16.5'"),
    ("layers: 16", "layers: many", "found 'many'"),
    ("layers: 16", "layers:", "found ''"),
    ("layers: 16", "layers: [16]", "my.yaml:9:13: key 'layers': expected a whole number, found a list"),
    ("layers: 16", "layers: {a: 16}", "my.yaml:9:13: key 'layers': expected a whole number, found a mapping"),
    ("layers: 16", "layers: 16\n    layers: 17", "the key 'layers' occurs twice in one mapping"),
    (
      "weights: ternary", "weights: int4",
      "my.yaml:6:14: key 'weights': expected one of ternary, fp16, found 'int4'"
    ),
    (
      "tied-embeddings: true", "tied-embeddings: yes",
      "my.yaml:13:22: key 'tied-embeddings': expected true or false"
    ),
    ("kv-heads: 8", "kv-heads: 5", "key 'kv-heads': expected a divisor of the 32 heads"),
    ("heads: 32", "heads: 24", "key 'heads': expected a divisor of hidden-size 2048, found 24"),
    ("id: Mine-1b", "id: 7b", "my.yaml:3:5: the name '7b' is taken by bitnet-7b"),
    ("aliases: [mine]", "aliases: [mine, mine]", "my.yaml:3:5: the name 'mine' is taken by mine-1b"),
    ("aliases: [mine]", "aliases: [mine-1b]", "my.yaml:3:5: the name 'mine-1b' is taken by mine-1b"),
    ("aliases: [mine]", "aliases: mine", "my.yaml:5:14: key 'aliases': expected a list, found 'mine'"),
    ("aliases: [mine]", "aliases: [[mine]]", "my.yaml:5:15: key 'aliases': expected text, found a list"),
    ("id: Mine-1b", "id: a/b", "key 'id': expected up to 64 letters, digits, dots"),
    ("id: Mine-1b", "id: ''", "my.yaml:3:9: key 'id': expected 1 to 500 characters"),
    (
      "bitlab-models: 1", "bitlab-models: 2",
      "my.yaml:1:16: key 'bitlab-models': expected a whole number from 1 to 1"
    ),
    ("source: R & D", "source: &x R", "my.yaml:14:13: '&' before a letter is refused"),
    ("title: My model", "title: [", "is not YAML"),
    ("title: My model", "title: *x", "is not YAML: found undefined alias"),
    ("\nmodels:", "\n? [a]\n: b\nmodels:", "my.yaml:2:3: expected a word as key, found a list"),
    (
      "source: R & D", "source: x\n    published: 5",
      "my.yaml:15:16: key 'published': expected a mapping of keys"
    ),
    (
      "source: R & D", "source: x\n    published: {parameters: 1}",
      "my.yaml:15:16: key 'published.within': is missing"
    ),
  ])
  func everyMistakeIsOneClearSentence(line: String, replacement: String, expected: String) throws {
    let error = try error(replacing: line, by: replacement)
    #expect(error.contains(expected), "\(error)")
    #expect(error.hasPrefix("my.yaml:"))
  }

  @Test(arguments: [
    ("", "my.yaml: is empty"),
    ("# nothing", "my.yaml: is empty"),
    ("- a", "my.yaml:1:1: expected a mapping of keys, found a list"),
    ("a: 1\n---\nb: 2", "is not YAML: expected a single document in the stream, but found another document"),
    ("models: []", "my.yaml:1:1: key 'bitlab-models': is missing"),
    ("bitlab-models: 1\nmodels: [x]", "my.yaml:2:10: key 'models': expected a mapping of keys, found 'x'"),
    ("bitlab-models: 1\nmodels: []\nmodles: []", "my.yaml:3:1: unknown key 'modles'; did you mean 'models'?"),
    ("a: \u{7}", "is not YAML"),
  ])
  func aFileOfAnotherKindIsRefused(text: String, expected: String) throws {
    let error = try error(of: text)
    #expect(error.contains(expected), "\(error)")
  }

  @Test func hostileFilesAreRefusedAtOnce() throws {
    let bomb = "a: &a [x, x]\n" + (1...30).map { "? [*a, *a]\n: &b\($0) [*a, *a]\n" }.joined()
    #expect(try error(of: bomb).contains("anchors and aliases are not accepted"))
    #expect(try error(of: String(repeating: "[", count: 500_000)).hasPrefix("my.yaml"))
    #expect(try error(of: String(repeating: "- ", count: 400_000)).hasPrefix("my.yaml"))
    #expect(try error(of: String(repeating: "{a: ", count: 200_000)).hasPrefix("my.yaml"))
    #expect(try error(of: String(repeating: "x", count: 1_000_001)).contains("is larger than 1000000 bytes"))
    #expect(throws: YAMLError(YAMLPlace(file: "f"), message: "is not UTF-8 text")) {
      try Self.builtIn.get().loading(bytes: [0x61, 0xFF], file: "f")
    }
  }

  @Test func filesAreReadFromDisk() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID()).yaml")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(Self.entry.utf8).write(to: path)
    #expect(try ModelCatalogue.builtIn().loading(yaml: path.path).model(named: "mine").layers == 16)
    try Data(count: 2_000_000).write(to: path)
    #expect(throws: YAMLError.self) { try ModelCatalogue.builtIn().loading(yaml: path.path) }
  }

  @Test(arguments: ["/nonexistent/my.yaml", "/", ""]) func whatIsNoFileIsRefused(path: String) throws {
    do {
      _ = try ModelCatalogue.builtIn().loading(yaml: path)
      Issue.record("\(path) was read")
    } catch {
      #expect(error.message.contains("cannot be"), "\(error)")
    }
  }
}
