import Bench
import Foundation

/// One JSON object with schema, context, results and warnings, keys sorted, null for what is missing. It reads
/// back as `BenchResults`.
struct JSONReport: ReportRenderer {
  func render(_ results: BenchResults, options: ReportOptions) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(results), as: UTF8.self) + "\n"
  }
}
