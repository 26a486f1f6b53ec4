import Bench

/// The formats results can be written in. A further format is one file with its renderer and one case here.
public enum ReportFormat: String, Sendable, CaseIterable {
  /// Aligned text for a terminal.
  case table
  /// Comma-separated values after RFC 4180.
  case csv
  /// Markdown that pastes into an issue.
  case md
  /// One JSON object.
  case json

  /// Writes `results`; the text ends in a line break.
  ///
  /// - Throws: `EncodingError` if the values cannot be written, which finite ones always can.
  public func render(_ results: BenchResults, options: ReportOptions = ReportOptions()) throws -> String {
    try renderer.render(results, options: options)
  }

  private var renderer: any ReportRenderer {
    switch self {
    case .table: TableReport()
    case .csv: CSVReport()
    case .md: MarkdownReport()
    case .json: JSONReport()
    }
  }
}

/// What the place a report is shown in can do. Only the table heeds it.
public struct ReportOptions: Sendable {
  /// Columns of the terminal; `nil` if there is no limit. The least important columns make way.
  public var width: Int?
  /// Whether to use ANSI colours.
  public var colour: Bool

  /// Creates options; by default those for a file.
  public init(width: Int? = nil, colour: Bool = false) {
    self.width = width
    self.colour = colour
  }
}

/// Writes results in one format.
protocol ReportRenderer: Sendable {
  func render(_ results: BenchResults, options: ReportOptions) throws -> String
}
