import Bench

/// A model run from prompt to tokens on several kernels, with the circumstances of the run.
public struct EndToEndResults: Sendable {
  /// One for each kernel.
  public var measurements: [EndToEndMeasurement]
  /// The circumstances.
  public var context: RunContext
  /// What may have disturbed the run, each with its remedy in one sentence.
  public var warnings: [String]

  /// Results with every part given.
  public init(measurements: [EndToEndMeasurement], context: RunContext, warnings: [String] = []) {
    self.measurements = measurements
    self.context = context
    self.warnings = warnings
  }
}

extension ReportFormat {
  /// Writes end-to-end measurements; the text ends in a line break. CSV and JSON hold one record for each kernel.
  ///
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(_ results: EndToEndResults, options: ReportOptions = ReportOptions()) throws -> String {
    let text = EndToEndText(results.measurements)
    switch self {
    case .table:
      var page = Page(options: options)
      for line in ContextText.lines(results.context) { page.paragraph(line, style: .dim) }
      text.alarms.forEach { page.paragraph($0, style: .alarm) }
      for section in text.sections {
        page.blank()
        page.paragraph(section.title, style: .bold)
        var table = section.table
        if let width = options.width { _ = table.fit(width: width, indent: Page.indent.count) }
        page.line(table.headerLine, style: .dim)
        for row in table.rows.indices { page.line(table.line(row)) }
        page.item(section.legend, style: .dim)
      }
      text.notes.forEach { page.paragraph($0) }
      results.warnings.forEach { page.paragraph("Warning: \($0)", style: .caution) }
      return page.text
    case .md:
      let circumstances = results.warnings.map { "Warning: \($0)" } + ContextText.lines(results.context)
      let sections = text.sections.flatMap {
        ["**\($0.title)**", $0.table.markdownLines.joined(separator: "\n"), $0.legend]
      }
      return
        (text.alarms.map { "**\($0)**" } + sections + [
          text.notes.map { "- \($0)" }.joined(separator: "\n"),
          (circumstances + ["`\(results.context.commandLine)`"]).map { "- \($0)" }.joined(separator: "\n"),
        ]).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    case .csv, .json: return try Listing(results.measurements).render(self)
    }
  }
}
