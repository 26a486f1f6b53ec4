/// The columns of a comparison, as ``MeasurementColumns`` are those of measurements.
public enum ComparisonColumns {
  /// All columns in order.
  ///
  /// - Parameter quantity: What is compared; its two columns are named after it.
  public static func all(by quantity: ComparedQuantity) -> [Column<PointComparison>] {
    point
      + [
        Column("a_\(quantity.column)", "the quantity compared, in the first run") {
          ($0.a?.median).columnValue
        },
        Column("b_\(quantity.column)", "the quantity compared, in the second run") {
          ($0.b?.median).columnValue
        },
        Column("time_ratio_median", "time of the second run for the first one's 1: below 1 is faster") {
          ($0.timeRatio?.median).columnValue
        },
        Column("time_ratio_low", "lower end of its interval") { ($0.timeRatio?.low).columnValue },
        Column("time_ratio_high", "upper end of its interval") { ($0.timeRatio?.high).columnValue },
        Column("time_ratio_coverage", "probability that the interval holds the true ratio") {
          ($0.timeRatio?.coverage).columnValue
        },
        Column("time_ratio_samples", "samples behind it, of both runs") { ($0.timeRatio?.count).columnValue },
        Column("mann_whitney_p", "probability of samples so different by chance, if nothing changed") {
          $0.pValue.columnValue
        },
        Column("disturbed", "whether other work took CPU time in over a third of the samples of one run") {
          $0.isDisturbed.columnValue
        },
        Column("verdict", "faster, slower, same or unsure") { ($0.verdict?.rawValue).columnValue },
        Column("obstacle", "why there is no verdict: only-in-a, only-in-b, or what was not measured") {
          ($0.obstacle?.text).columnValue
        },
      ]
  }

  private static let point: [Column<PointComparison>] = MeasurementColumns.point.map { column in
    Column(column.name, column.description) {
      column.value(Measurement(point: $0.point, status: .measured))
    }
  }
}

extension PointComparison.Obstacle {
  /// In a column.
  public var text: String {
    switch self {
    case .onlyInA: "only-in-a"
    case .onlyInB: "only-in-b"
    case .unmeasured(let reason): reason
    }
  }
}
