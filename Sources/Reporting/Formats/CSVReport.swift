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
    return ([header] + records).map(CSVField.record).joined()
  }
}
