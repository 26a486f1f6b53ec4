import Foundation
import KernelZoo
import ModelFiles
import Testing

@testable import Inference
@testable import Workloads

/// Another engine loads the files that are written here, and says the same: tokens, rotary embedding, norms, attention
/// and all.
@Suite(
  .enabled(if: Python.imports("xllamacpp"), "needs llama.cpp as a Python package: pip install xllamacpp"))
struct OtherEngineTests {
  private static let script = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("llama_cpp_text.py").path
  private static let tokens = 12
  /// The other engine rounds activations to 16 bits; below this share of the spread of scores, which token is the best
  /// is up to rounding.
  private static let clearShare: Float = 0.004

  private static func architecture(_ weights: WeightPrecision, tied: Bool) -> ModelArchitecture {
    ModelArchitecture(
      LanguageModel(
        id: "small", title: "Small", aliases: [], weights: weights, hiddenSize: 256, intermediateSize: 768,
        layers: 3, heads: 4, keyValueHeads: tied ? 4 : 2, headDimension: 64, vocabulary: 600,
        tiedEmbeddings: tied, gatedFeedForward: true, confidence: .derived, source: "", note: nil,
        published: nil))
  }

  @Test(
    arguments: [(WeightPrecision.fp16, false), (.ternary, true)],
    ["The memory wall is", "One small step, 3.14 times: don't!"])
  func llamaCppSaysTheSame(_ model: (weights: WeightPrecision, tied: Bool), prompt: String) throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let (path, dense, answer) = (
      folder.path + "/model.gguf", folder.path + "/dense.gguf", folder.path + "/answer.txt"
    )
    let linear: TensorElementType = model.weights == .ternary ? .i2_s : .float16
    try ModelSynthesis(
      Self.architecture(model.weights, tied: model.tied), linearType: linear, embeddingType: .float16, seed: 5
    ).write(to: path)
    let source = try GGUFModel(path: path)
    // Ternary weights times their scale, which every engine multiplies by activations that are not quantised.
    _ = try ModelConversion(source, linearType: .float16).write(to: dense)
    let failure = Python.run([Self.script, dense, prompt, "\(Self.tokens)", answer])
    try #require(failure == nil, "\(failure ?? "")")
    let theirs = try String(contentsOfFile: answer, encoding: .utf8)
    let (ours, isClear) = try Self.text(of: source, after: prompt)
    #expect(isClear ? theirs == ours : theirs.hasPrefix(ours), "theirs: \(theirs), ours: \(ours)")
    #expect(ours.count > 2)
  }

  /// Greedy text, up to the first token that is not clearly the best.
  private static func text(of source: GGUFModel, after prompt: String) throws -> (String, isClear: Bool) {
    let tokenizer = try Tokenizer(source.tokenizer())
    let kernel = try #require(
      KernelRegistry.best(on: .ofThisCPU).first { $0.family == .float && $0.packing.name == "fp16" })
    let transformer = try Transformer(
      ModelWeights(source, kernel: kernel, team: SingleWorker()), capacity: 128, team: SingleWorker())
    var stream = TokenStream(tokenizer)
    var text = ""
    var scores = Array(try transformer.see(tokenizer.encode(prompt)))
    for _ in 0..<tokens {
      let best = Sampler.highest(scores)
      let spread = (scores.max() ?? 0) - (scores.min() ?? 0)
      let second = scores.enumerated().filter { $0.offset != best }.map(\.element).max() ?? 0
      guard scores[best] - second > clearShare * spread else { return (text, false) }
      guard !tokenizer.endTokens.contains(best) else { break }
      text += stream.append(best)
      scores = Array(try transformer.see([best]))
    }
    return (text + stream.finish(), true)
  }
}
