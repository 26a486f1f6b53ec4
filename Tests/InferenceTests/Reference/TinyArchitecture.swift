import ModelFiles

extension ModelArchitecture {
  /// A small model whose sizes all differ, so that none can be taken for another. As BitNet b1.58 2B4T if nothing is
  /// changed.
  static func tiny(_ change: (inout ModelArchitecture) -> Void = { _ in }) -> ModelArchitecture {
    var architecture = ModelArchitecture(
      name: "bitnet-b1.58", title: "tiny", vocabulary: 50, contextLength: 128, hiddenSize: 40,
      intermediateSize: 72, layers: 2, heads: 6, keyValueHeads: 2, headDimension: 8, normEpsilon: 1e-5,
      rotaryBase: 10_000, rotaryPairs: .halves, activation: .squaredReLU, hasSubNorms: true,
      tiedEmbeddings: true, isTernary: true)
    change(&architecture)
    return architecture
  }

  /// As LLaMA in GGUF files.
  static func tinyLLaMA(_ change: (inout ModelArchitecture) -> Void = { _ in }) -> ModelArchitecture {
    tiny { architecture in
      architecture.name = "llama"
      architecture.rotaryPairs = .neighbours
      architecture.activation = .silu
      architecture.hasSubNorms = false
      architecture.tiedEmbeddings = false
      architecture.isTernary = false
      change(&architecture)
    }
  }
}

/// Tokens without a pattern.
func tokens(_ count: Int, vocabulary: Int = 50) -> [Int] {
  (0..<count).map { ($0 * $0 * 7 + $0 * 3 + 11) % vocabulary }
}
