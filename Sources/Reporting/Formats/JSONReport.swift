import Bench
import Foundation

/// One JSON object with schema, context, results and warnings, keys sorted, null for what is missing. It reads
/// back as `BenchResults`.
struct JSONReport: ReportRenderer {
  func render(_ results: BenchResults, options: ReportOptions) throws -> String {
    try Self.text(of: results)
  }

  /// A value as text, keys sorted.
  static func text(of value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self) + "\n"
  }
}
