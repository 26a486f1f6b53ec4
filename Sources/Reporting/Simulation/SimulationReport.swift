import Accelerator

extension ReportFormat {
  /// Writes simulated passes; the text ends in a line break.
  ///
  /// - Parameters:
  ///   - entries: In the order of the study.
  ///   - baseline: What designs are compared with, if anything.
  ///   - perLayer: Whether every operation of every pass is shown, instead of the passes alone.
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(
    _ entries: [StudyEntry], baseline: String?, perLayer: Bool, options: ReportOptions = ReportOptions()
  ) throws -> String {
    switch self {
    case .table: SimulationTerminalReport.render(entries, baseline: baseline, perLayer: perLayer, options: options)
    case .md: SimulationMarkdownReport.render(entries, baseline: baseline, perLayer: perLayer)
    case .csv, .json: try Listing(entries, perLayer: perLayer).render(self)
    }
  }
}

/// Aligned text for a terminal.
private enum SimulationTerminalReport {
  static func render(
    _ entries: [StudyEntry], baseline: String?, perLayer: Bool, options: ReportOptions
  ) -> String {
    let text = SimulationText(entries, baseline: baseline)
    var page = Page(options: options)
    var table = TextTable(headings: text.headings, rows: text.groups.flatMap(\.rows))
    let leftOut = options.width.map { table.fit(width: $0, indent: Page.indent.count) } ?? []
    var row = 0
    for (index, group) in text.groups.enumerated() {
      if index > 0 { page.blank() }
      page.paragraph(group.title, style: .bold)
      if !group.rows.isEmpty { page.line(table.headerLine, style: .dim) }
      for design in group.rows.indices {
        page.line(table.line(row), style: design == group.fastest && group.rows.count > 1 ? .good : .plain)
        row += 1
      }
      group.failures.forEach { page.item("not simulated: \($0)", style: .caution) }
    }
    if perLayer { append(entries.compactMap(\.simulation), to: &page) }
    page.blank()
    text.notes.forEach { page.paragraph($0, style: .dim) }
    if !leftOut.isEmpty {
      page.paragraph(
        "Left out for the width, but in csv and json: \(leftOut.joined(separator: ", ")).", style: .dim)
    }
    return page.text
  }

  private static func append(_ simulations: [ModelSimulation], to page: inout Page) {
    for simulation in simulations {
      page.blank()
      page.paragraph(
        "\(simulation.design.name), \(SimulationText.title(of: simulation.workload))", style: .bold)
      var table = TextTable(headings: OperationText.headings, rows: OperationText.rows(of: simulation))
      if let width = page.options.width { _ = table.fit(width: width, indent: Page.indent.count) }
      page.line(table.headerLine, style: .dim)
      for row in table.rows.indices { page.line(table.line(row)) }
      page.item(OperationText.energyParts(of: simulation))
    }
    page.blank()
    page.paragraph(OperationText.legend, style: .dim)
  }
}

/// Markdown that pastes into an issue or a README.
private enum SimulationMarkdownReport {
  static func render(_ entries: [StudyEntry], baseline: String?, perLayer: Bool) -> String {
    let text = SimulationText(entries, baseline: baseline)
    var blocks: [String] = []
    for group in text.groups {
      blocks.append("**\(group.title)**")
      if !group.rows.isEmpty { blocks.append(markdown(text.headings, group.rows)) }
      blocks += group.failures.map { "Not simulated: \($0)." }
    }
    if perLayer {
      for simulation in entries.compactMap(\.simulation) {
        blocks += [
          "**\(simulation.design.name), \(SimulationText.title(of: simulation.workload))**",
          markdown(OperationText.headings, OperationText.rows(of: simulation)),
          OperationText.energyParts(of: simulation),
        ]
      }
      blocks.append(OperationText.legend)
    }
    return (blocks + text.notes).joined(separator: "\n\n") + "\n"
  }

  private static func markdown(_ headings: [TextTable.Heading], _ rows: [[String]]) -> String {
    TextTable(headings: headings, rows: rows).markdownLines.joined(separator: "\n")
  }
}
