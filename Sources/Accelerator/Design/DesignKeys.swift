import Workloads

/// The keys of a design file, those in mappings with what they are in: `array.rows`.
enum DesignKeys {
  static let all = [
    "bitlab-design", "name", "summary",
    "technology.node", "technology.clock",
    "array.rows", "array.columns", "array.dataflow", "array.datapath", "array.dot-width",
    "array.accumulator-bits", "array.tables.group", "array.tables.sharers",
    "weights.format", "weights.on-chip",
    "activations.format", "activations.bits",
    "buffers.weights.size", "buffers.weights.bandwidth", "buffers.weights.double-buffered",
    "buffers.activations.size", "buffers.activations.bandwidth", "buffers.activations.double-buffered",
    "buffers.outputs.size", "buffers.outputs.bandwidth", "buffers.outputs.double-buffered",
    "dram.type", "dram.bandwidth", "dram.latency", "dram.efficiency", "dram.energy",
    "vector-unit.lanes", "vector-unit.format",
    "chips.count", "chips.parallelism", "chips.link.bandwidth", "chips.link.energy",
  ]

  /// The keys in a mapping, those of the top with `nil`.
  static func within(_ mapping: String?) -> [String] {
    let prefix = mapping.map { $0 + "." } ?? ""
    var keys: [String] = []
    for key in all where key.hasPrefix(prefix) {
      let first = String(key.dropFirst(prefix.count).prefix { $0 != "." })
      if keys.last != first { keys.append(first) }
    }
    return keys
  }

  /// Whether there is such a key, or a mapping of that name.
  static func contains(_ key: String) -> Bool {
    all.contains { $0 == key || $0.hasPrefix(key + ".") }
  }
}
