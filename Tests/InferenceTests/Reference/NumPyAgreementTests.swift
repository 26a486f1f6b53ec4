import Inference
import ModelFiles
import Testing

/// The reference against a second one, in another language and written from the papers.
@Suite(.enabled(if: Python.imports("numpy"), "needs a Python package: pip install numpy"))
struct NumPyAgreementTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let architecture: ModelArchitecture
    var cachePrecision = CachePrecision.float16
    var testDescription: String { name }
  }

  static let cases: [Case] = [
    Case(name: "BitNet b1.58 2B4T", architecture: .tiny()),
    Case(name: "BitNet, exact cache", architecture: .tiny(), cachePrecision: .exact),
    Case(name: "BitNet, a key for each head", architecture: .tiny { $0.keyValueHeads = 6 }),
    Case(name: "BitNet, one key for all heads", architecture: .tiny { $0.keyValueHeads = 1 }),
    Case(name: "BitNet, head of its own", architecture: .tiny { $0.tiedEmbeddings = false }),
    Case(name: "BitNet, neighbours", architecture: .tiny { $0.rotaryPairs = .neighbours }),
    Case(name: "BitNet, SwiGLU", architecture: .tiny { $0.activation = .silu }),
    Case(name: "BitNet, base 500000", architecture: .tiny { $0.rotaryBase = 500_000 }),
    Case(name: "LLaMA", architecture: .tinyLLaMA()),
    Case(name: "LLaMA, exact cache", architecture: .tinyLLaMA(), cachePrecision: .exact),
    Case(name: "LLaMA, halves", architecture: .tinyLLaMA { $0.rotaryPairs = .halves }),
    Case(name: "LLaMA, tied", architecture: .tinyLLaMA { $0.tiedEmbeddings = true }),
    Case(name: "LLaMA, ternary", architecture: .tinyLLaMA { $0.isTernary = true }),
    Case(
      name: "LLaMA, ternary with sub-norms",
      architecture: .tinyLLaMA { ($0.isTernary, $0.hasSubNorms) = (true, true) }),
    Case(
      name: "LLaMA, squared ReLU, a key for each head",
      architecture: .tinyLLaMA { ($0.activation, $0.keyValueHeads) = (.squaredReLU, 6) }),
    Case(
      name: "heads of two elements, three layers",
      architecture: .tiny { ($0.headDimension, $0.layers) = (2, 3) }),
  ]

  @Test(arguments: cases)
  func everyStageAgrees(_ example: Case) throws {
    let model = try InMemoryModel(example.architecture, seed: 20)
    let prompts = [1, 2, 63, 64, 65].map { tokens($0) }
    let expected = try NumPyModel.results(
      of: model, .init(example.architecture, example.cachePrecision), prompts: prompts)
    let reference = try ReferenceTransformer(model, cachePrecision: example.cachePrecision)
    for (prompt, stages) in zip(prompts, expected) {
      let trace = try reference.forward(tokens: prompt)
      for (stage, (found, expected)) in zip(trace.residuals + [trace.logits], stages).enumerated() {
        let difference = Self.relativeDifference(found, expected)
        #expect(difference < 1e-9, "\(prompt.count) tokens, stage \(stage)")
      }
    }
  }

  /// Whatever the two could disagree on shows in the logits.
  @Test(arguments: [
    "pairs", "base", "activation", "epsilon", "cache", "groups", "head dimension", "sub-norms", "head",
  ])
  func aDifferenceWouldBeSeen(_ change: String) throws {
    let architecture = ModelArchitecture.tiny { $0.tiedEmbeddings = false }
    let model = try InMemoryModel(architecture, seed: 21)
    var configuration = NumPyModel.Configuration(architecture, .float16)
    switch change {
    case "pairs": configuration.rope_pairs = "neighbours"
    case "base": configuration.rope_theta = 10_001
    case "activation": configuration.hidden_act = "silu"
    case "epsilon": configuration.rms_norm_eps = 1.1e-5
    case "cache": configuration.cache = "exact"
    case "groups": (configuration.num_key_value_heads, configuration.head_dim) = (1, 16)
    case "head dimension": configuration.head_dim = 4
    case "sub-norms": configuration.sub_norms = false
    default: configuration.tie_word_embeddings = true
    }
    if change == "groups" { configuration.num_attention_heads = 3 }
    if change == "head dimension" {
      (configuration.num_attention_heads, configuration.num_key_value_heads) = (12, 4)
    }
    let prompt = tokens(9)
    let stages = try #require(
      try NumPyModel.results(of: model, configuration, prompts: [prompt]).first)
    let trace = try ReferenceTransformer(model).forward(tokens: prompt)
    #expect(Self.relativeDifference(trace.logits, try #require(stages.last)) > 1e-8)
  }

  /// The largest difference, in units of the largest value.
  private static func relativeDifference(_ found: [Double], _ expected: [Double]) -> Double {
    guard found.count == expected.count, (found + expected).allSatisfy(\.isFinite) else { return .infinity }
    let largest = expected.reduce(0) { max($0, $1.magnitude) }
    return zip(found, expected).reduce(0) { max($0, ($1.0 - $1.1).magnitude) } / largest
  }
}
