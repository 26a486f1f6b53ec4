import Bench

extension ScalingReport {
  /// The rows of `scaling.csv`: what was measured first, model by model, then what was modelled.
  var rows: [ScalingRow] { measured.map(ScalingRow.measured) + modelled.map(ScalingRow.modelled) }

  /// `scaling.csv`: comma-separated values after RFC 4180 in full precision, empty where there is no figure.
  public var csv: String {
    let header = ScalingColumn.all.map(\.name)
    let records = rows.map { row in ScalingColumn.all.map { $0.value(row).plainText } }
    return ([header] + records).map(CSVField.record).joined()
  }
}
