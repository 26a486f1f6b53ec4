import Bench

/// Matmuls and conditions in words.
enum MatmulText {
  /// `3200x8640`, out-features by in-features as on the command line.
  static func shape(outFeatures: Int, inFeatures: Int) -> String {
    "\(outFeatures)x\(inFeatures)"
  }

  /// `bitnet-3b q,o`, or nothing for a shape given by hand.
  static func layers(model: String?, roles: String) -> String {
    [model ?? "", roles].filter { !$0.isEmpty }.joined(separator: " ")
  }

  /// `bitnet-3b q,o: 3200x3200; 1 token, 2 threads, cold weights`
  static func matmul(
    model: String?, roles: String, outFeatures: Int, inFeatures: Int, _ scenario: Scenario
  ) -> String {
    let layers = layers(model: model, roles: roles)
    let shape = shape(outFeatures: outFeatures, inFeatures: inFeatures)
    return (layers.isEmpty ? "" : layers + ": ") + shape + "; " + conditions(scenario)
  }

  /// `1 token, 2 threads, cold weights`
  static func conditions(_ scenario: Scenario) -> String {
    "\(count(scenario.tokens, "token")), \(count(scenario.threads, "thread")), \(scenario.cache.rawValue) weights"
  }

  /// `1 token`, `2 tokens`
  static func count(_ count: Int, _ noun: String) -> String {
    "\(count) \(noun)\(count == 1 ? "" : "s")"
  }
}
