import Workloads

/// One pass of tokens through a model as matrices that can be measured one by one: what a whole model takes on a
/// CPU is their times, each times how often the pass has it.
///
/// Left out, because they are not matrices: norms, rotary embedding, softmax, activation function, residual sums
/// and the look-up in the embedding.
public struct ModelPass: Sendable, Hashable {
  /// The model.
  public let model: LanguageModel
  /// Rows of the activations, M: 1 in decode, the prompt's tokens in prefill.
  public let tokens: Int
  /// Tokens in the key-value cache that each token attends to.
  public let context: Int

  /// A pass of a single sequence.
  public init(_ model: LanguageModel, tokens: Int, context: Int) {
    self.model = model
    self.tokens = tokens
    self.context = context
  }

  /// The linear layers: distinct shapes, each with how many there are.
  public var linears: [BenchShape] {
    model.matmulShapes(includingHead: false).distinct().map {
      BenchShape(
        model: model.id, role: $0.roles.map(\.rawValue).joined(separator: ","), outFeatures: $0.outFeatures,
        inFeatures: $0.inFeatures, countPerToken: $0.countPerToken)
    }
  }

  /// From the last hidden state of the last token to scores of the vocabulary: FP16 in every model.
  public var head: BenchShape {
    BenchShape(
      model: model.id, role: MatmulRole.languageModelHead.rawValue, outFeatures: model.vocabulary,
      inFeatures: model.hiddenSize)
  }

  /// Attention over an FP16 cache as products with all keys, and with all values, of a layer as one matrix each.
  ///
  /// Without grouped queries, a head's products with its own columns and those of all heads together are as many,
  /// so bytes and multiply-accumulates are those of attention over every pair of tokens; with them, the bytes are.
  public var attention: [BenchShape] {
    let features = model.keyValueHeads * model.headDimension
    return [
      BenchShape(
        model: model.id, role: "keys", outFeatures: context, inFeatures: features,
        countPerToken: model.layers),
      BenchShape(
        model: model.id, role: "values", outFeatures: features, inFeatures: context,
        countPerToken: model.layers),
    ]
  }

  /// Bytes of embedding and LM head, 16 bits each, one matrix if they are tied, and of the key-value cache.
  public var bytesBesidesLinears: Double {
    Double(model.embeddingParameters) * 2 * (model.tiedEmbeddings ? 1 : 2)
      + Double(model.keyValueCacheBytesPerToken()) * Double(context)
  }
}
