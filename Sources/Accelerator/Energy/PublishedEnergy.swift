import Workloads

/// The energy figures of a publication, with the shapes of the models they are for.
struct PublishedEnergy {
  struct Model {
    var name: String
    var isTernary: Bool
    var hidden: Int
    var layers: Int
    var query: Int
    var keyValue: Int
    var feedForward: Int
    var published: String

    /// Query and output, key and value, and the three matrices of a gated feed-forward.
    var linearWeights: Int { layers * hidden * (2 * query + 2 * keyValue + 3 * feedForward) }
  }

  private enum Weights: String, CaseIterable {
    case float
    case ternary
  }

  private(set) var source: String
  private(set) var node: Int
  private(set) var tokens: Int
  private(set) var models: [Model] = []

  init(bytes: some Collection<UInt8>, name: String) throws(YAMLError) {
    var file = try YAMLMapping.parse(bytes: bytes, file: name)
    _ = try file.integer("bitlab-published-energy", in: 1...1)
    source = try file.text("source")
    guard let node = try file.optionalNode("node") else {
      throw file.failure("is missing, expected a process node such as '7 nm'", key: "node")
    }
    self.node = node
    tokens = try file.integer("tokens", in: 1...1_000_000)
    for entry in try file.mappings("models") {
      var entry = entry
      let weights: Weights = try entry.choice("weights")
      models.append(
        Model(
          name: try entry.text("model"), isTernary: weights == .ternary,
          hidden: try entry.integer("hidden", in: 1...1_000_000),
          layers: try entry.integer("layers", in: 1...10_000),
          query: try entry.integer("query", in: 1...1_000_000),
          keyValue: try entry.integer("key-value", in: 1...1_000_000),
          feedForward: try entry.integer("ffn", in: 1...10_000_000), published: try entry.text("published")))
      try entry.finish(
        knownKeys: ["model", "weights", "hidden", "layers", "query", "key-value", "ffn", "published"])
    }
    try file.finish(knownKeys: ["bitlab-published-energy", "source", "node", "tokens", "models"])
  }
}
