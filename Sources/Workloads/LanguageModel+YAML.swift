extension LanguageModel {
  private static let keys = [
    "id", "title", "aliases", "weights", "hidden-size", "intermediate-size", "layers", "heads", "kv-heads",
    "head-dimension", "vocabulary", "tied-embeddings", "gated-ffn", "confidence", "source", "note",
    "published",
  ]

  /// Reads one entry of a catalogue. The bounds leave room for any model yet keep every product of theirs in
  /// 64 bits.
  init(_ entry: YAMLMapping) throws(YAMLError) {
    var entry = entry
    id = try entry.name("id")
    title = try entry.text("title")
    aliases = try entry.names("aliases")
    weights = try entry.choice("weights")
    hiddenSize = try entry.integer("hidden-size", in: 1...1_000_000)
    intermediateSize = try entry.integer("intermediate-size", in: 1...10_000_000)
    layers = try entry.integer("layers", in: 1...10_000)
    heads = try entry.integer("heads", in: 1...10_000)
    keyValueHeads = try entry.integer("kv-heads", in: 1...10_000)
    let statedHeadDimension = try entry.optionalInteger("head-dimension", in: 1...10_000)
    vocabulary = try entry.integer("vocabulary", in: 1...100_000_000)
    tiedEmbeddings = try entry.boolean("tied-embeddings")
    gatedFeedForward = try entry.boolean("gated-ffn", absent: true)
    confidence = try entry.choice("confidence", absent: .stated)
    source = try entry.text("source")
    note = try entry.optionalText("note")
    published = try entry.optionalMapping("published").map(PublishedParameters.init)
    try entry.finish(knownKeys: Self.keys)

    guard heads % keyValueHeads == 0 else {
      throw entry.failure(
        "expected a divisor of the \(heads) heads, so that groups are equal, found \(keyValueHeads)",
        key: "kv-heads")
    }
    guard statedHeadDimension != nil || hiddenSize % heads == 0 else {
      throw entry.failure(
        "expected a divisor of hidden-size \(hiddenSize), found \(heads); give head-dimension if heads "
          + "times it is not the hidden size", key: "heads")
    }
    headDimension = statedHeadDimension ?? hiddenSize / heads
  }
}

extension LanguageModel.PublishedParameters {
  init(_ entry: YAMLMapping) throws(YAMLError) {
    var entry = entry
    count = try entry.integer("parameters", in: 1...1_000_000_000_000_000)
    tolerance = try entry.integer("within", in: 0...1_000_000_000_000_000)
    scope = try entry.choice("counts")
    source = try entry.text("source")
    try entry.finish(knownKeys: ["parameters", "within", "counts", "source"])
  }
}
