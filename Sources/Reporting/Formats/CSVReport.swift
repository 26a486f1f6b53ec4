import Bench

/// Comma-separated values after RFC 4180 in full precision: one header, one record per point, the columns of the
/// context behind those of the measurement so that files of several runs and machines can be concatenated.
struct CSVReport: ReportRenderer {
  func render(_ results: BenchResults, options: ReportOptions) -> String {
    let columns = results.columns
    let context = ContextColumns.all.map { $0.value(results.context) }
    let header = columns.map(\.name) + ContextColumns.all.map(\.name)
    let records = results.measurements.map { measurement in
      (columns.map { $0.value(measurement) } + context).map(\.plainText)
    }
    // RFC 4180, section 2: records end in CRLF.
    return ([header] + records).map { $0.map(quoted).joined(separator: ",") + "\r\n" }.joined()
  }

  /// A field in quotes, its own quotes doubled, if it holds anything that separates fields.
  private func quoted(_ field: String) -> String {
    let needsQuotes = field.utf8.contains { $0 == 0x22 || $0 == 0x2C || $0 == 0x0A || $0 == 0x0D }
    return needsQuotes ? "\"" + field.replacing("\"", with: "\"\"") + "\"" : field
  }
}
