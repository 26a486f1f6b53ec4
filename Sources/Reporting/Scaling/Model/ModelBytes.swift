import Accelerator
import Workloads

/// What of a model lies in memory besides its linear layers, whatever their packing.
struct ModelBytes {
  /// Tokens in the key-value cache: those of the modelled decode, so that both sections compare.
  static let context = ScalingStudy.decodeContext

  /// Embedding and LM head, 16 bits a weight, one matrix if they are tied.
  let embedding: Double
  /// Keys and values of ``context`` tokens, 16 bits each.
  let keyValues: Double

  init(_ model: LanguageModel) {
    embedding = Double(model.totalParameters - model.linearParameters) * 2
    keyValues = Double(model.keyValueCacheBytesPerToken() * Self.context)
  }

  /// Both.
  var besides: Double { embedding + keyValues }
}
