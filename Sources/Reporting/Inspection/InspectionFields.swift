import KernelZoo
import ModelFiles

extension ModelArchitecture {
  /// Every part, by a name for people and programs.
  var fields: [(name: String, value: String)] {
    [
      ("architecture", name), ("title", title), ("weights", isTernary ? "ternary" : "float"),
      ("vocabulary", "\(vocabulary)"), ("context", "\(contextLength)"), ("hidden", "\(hiddenSize)"),
      ("intermediate", "\(intermediateSize)"), ("layers", "\(layers)"), ("heads", "\(heads)"),
      ("kv heads", "\(keyValueHeads)"), ("head dimension", "\(headDimension)"),
      ("norm epsilon", "\(normEpsilon)"), ("rotary base", "\(rotaryBase)"),
      ("rotary pairs", rotaryPairs.rawValue), ("activation", activation.rawValue),
      ("sub-norms", hasSubNorms ? "yes" : "no"), ("tied embeddings", tiedEmbeddings ? "yes" : "no"),
    ]
  }
}

extension TokenizerDescription {
  /// What people ask for; not the vocabulary itself.
  var fields: [(name: String, value: String)] {
    func token(_ number: Int?) -> String {
      guard let number else { return "none" }
      return tokens.indices.contains(number) ? "\(number) \(tokens[number].prefix(40))" : "\(number)"
    }
    return [
      ("tokenizer", kind.rawValue + (preTokenizer.isEmpty ? "" : ", \(preTokenizer)")),
      ("tokens", "\(tokens.count), of them \(tokenKinds.count { $0 == .control }) for control"),
      ("merges", "\(merges.count)"),
      ("begin of text", token(beginOfText) + (addsBeginOfText ? ", added" : ", not added")),
      ("end of text", token(endOfText)), ("end of turn", token(endOfTurn)), ("unknown", token(unknown)),
      ("chat template", chatTemplate == nil ? "no" : "yes"),
    ]
  }
}

extension ListedTensor {
  /// `2560x6912`, outermost first; a single number is `1`.
  var shapeText: String { shape.isEmpty ? "1" : shape.map(String.init).joined(separator: "x") }
}

extension I2SLayoutCheck {
  /// The verdict and what speaks for each layout.
  var text: String {
    func evidence(_ name: String, _ evidence: Evidence?) -> String {
      guard let evidence else { return "\(name) impossible" }
      return "\(name) \(QuantityText.number(evidence.deviations)) sigma"
    }
    return "\(verdict.rawValue) (\(evidence("x86", x86)), \(evidence("arm", arm)))"
  }
}
