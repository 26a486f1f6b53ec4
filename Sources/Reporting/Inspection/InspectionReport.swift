import Inference

extension ReportFormat {
  /// Writes an inspection; the text ends in a line break. CSV and JSON hold one record for each tensor if these are
  /// wanted, else one for each figure.
  ///
  /// - Parameter listsTensors: Whether every tensor is wanted.
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(
    _ inspection: ModelInspection, listsTensors: Bool = false, options: ReportOptions = ReportOptions()
  ) throws -> String {
    let text = InspectionText(inspection: inspection)
    let sections = text.sections(listingTensors: listsTensors)
    switch self {
    case .table:
      var page = Page(options: options)
      for (index, section) in sections.enumerated() {
        if index > 0 { page.blank() }
        page.paragraph(section.title, style: .bold)
        if index == 0 { text.problems.forEach { page.item($0, style: .alarm) } }
        var table = section.table
        if let width = options.width { _ = table.fit(width: width, indent: Page.indent.count) }
        // The first table's headings, "what" and "value", say nothing.
        if index > 0 { page.line(table.headerLine, style: .dim) }
        for row in table.rows.indices { page.line(table.line(row)) }
        if let legend = section.legend { page.item(legend, style: .dim) }
      }
      return page.text
    case .md:
      let parts = sections.flatMap {
        ["**\($0.title)**", $0.table.markdownLines.joined(separator: "\n"), $0.legend ?? ""]
      }
      return
        (text.problems.map { "**\($0)**" } + parts).filter { !$0.isEmpty }.joined(separator: "\n\n") + "\n"
    case .csv, .json:
      let listing = listsTensors ? Listing(tensorsOf: inspection) : Listing(summaryOf: inspection)
      return try listing.render(self)
    }
  }
}
