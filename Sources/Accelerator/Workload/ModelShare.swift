import Workloads

/// What some equal chips hold of every layer when several share the matrices (tensor parallelism): attention heads,
/// columns of the feed-forward network and words of the vocabulary. Norms and residuals are done by every chip.
struct ModelShare: Sendable, Hashable {
  /// How many chips hold as much.
  var chips: Int
  /// Query heads.
  var heads: Int
  /// Key and value heads. With more chips than there are such heads, several chips hold the same one.
  var keyValueHeads: Int
  /// Width inside the feed-forward network.
  var intermediateSize: Int
  /// Words of the vocabulary.
  var vocabulary: Int

  /// The whole model.
  init(of model: LanguageModel) {
    self.init(
      chips: 1, heads: model.heads, keyValueHeads: model.keyValueHeads,
      intermediateSize: model.intermediateSize, vocabulary: model.vocabulary)
  }

  private init(chips: Int, heads: Int, keyValueHeads: Int, intermediateSize: Int, vocabulary: Int) {
    self.chips = chips
    self.heads = heads
    self.keyValueHeads = keyValueHeads
    self.intermediateSize = intermediateSize
    self.vocabulary = vocabulary
  }

  /// The shares of `chips` chips, as even as whole heads and columns allow, the largest first: the first chips have
  /// one more of whatever does not divide.
  static func shares(of model: LanguageModel, chips: Int) -> [ModelShare] {
    let groupSize = model.heads / model.keyValueHeads
    let sharesGroups = chips > model.keyValueHeads
    let attentionUnits = sharesGroups ? model.heads : model.keyValueHeads
    let totals = [attentionUnits, model.intermediateSize, model.vocabulary]
    // Between two of these chip numbers all shares are equal.
    let bounds = Set(totals.map { $0 % chips } + [0, chips]).sorted()
    return zip(bounds, bounds.dropFirst()).map { first, next in
      let parts = totals.map { $0 / chips + (first < $0 % chips ? 1 : 0) }
      return ModelShare(
        chips: next - first, heads: sharesGroups ? parts[0] : parts[0] * groupSize,
        keyValueHeads: sharesGroups ? (parts[0] + groupSize - 1) / groupSize : parts[0],
        intermediateSize: parts[1], vocabulary: parts[2])
    }
  }
}
