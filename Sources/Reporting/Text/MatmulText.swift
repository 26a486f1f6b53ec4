import Bench

/// Matmuls and conditions in words.
enum MatmulText {
  /// `3200 in, 8640 out`: the order of a bare 3200x8640 differs from tool to tool.
  static func shape(inFeatures: Int, outFeatures: Int) -> String {
    "\(inFeatures) in, \(outFeatures) out"
  }

  /// `bitnet-3b q,o`, or nothing for a shape given by hand.
  static func layers(model: String?, roles: String) -> String {
    [model ?? "", roles].filter { !$0.isEmpty }.joined(separator: " ")
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
