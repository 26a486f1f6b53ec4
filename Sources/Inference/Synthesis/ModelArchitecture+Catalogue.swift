import ModelFiles
import Workloads

extension ModelArchitecture {
  /// The architecture that a model of the catalogue has where its weights are published, with the names of its files:
  /// - BitNet b1.58 2B4T: `bitnet-b1.58` (arXiv 2504.12285 and its published configuration).
  /// - Other ternary models with tied embeddings: `bitnet`, as the public reproductions of BitNet b1.58
  ///   (1bitLLM/bitnet_b1_58-large and -3B).
  /// - All others: `llama`, ternary or not, as ternary models of LLaMA shapes are published.
  ///
  /// - Parameters:
  ///   - model: Its shape.
  ///   - layers: Fewer or more transformer layers than the model has; `nil` for its own.
  public init(_ model: LanguageModel, layers: Int? = nil) {
    let isBitNet2B4T = model.weights == .ternary && model.tiedEmbeddings && model.keyValueHeads < model.heads
    let isBitNet = model.weights == .ternary && model.tiedEmbeddings
    self.init(
      name: isBitNet2B4T ? "bitnet-b1.58" : isBitNet ? "bitnet" : "llama",
      title: "\(model.title) (random weights)", vocabulary: model.vocabulary,
      contextLength: isBitNet2B4T || !isBitNet ? 4096 : 2048,
      hiddenSize: model.hiddenSize, intermediateSize: model.intermediateSize, layers: layers ?? model.layers,
      heads: model.heads, keyValueHeads: model.keyValueHeads, headDimension: model.headDimension,
      normEpsilon: 1e-5, rotaryBase: isBitNet2B4T ? 500_000 : 10_000,
      rotaryPairs: isBitNet ? .halves : .neighbours,
      activation: isBitNet2B4T ? .squaredReLU : .silu, hasSubNorms: isBitNet,
      tiedEmbeddings: model.tiedEmbeddings, isTernary: model.weights == .ternary)
  }
}
