import Accelerator

/// Everything that a run of the simulators gives.
public struct SimulationResults: Sendable {
  /// Passes on designs, in the order of the study.
  public var entries: [StudyEntry]
  /// What designs are compared with, if anything.
  public var baseline: String?
  /// The same passes on devices of which only the peaks are known.
  public var devices: [DeviceEstimate]
  /// Matmuls that were run cycle by cycle; empty for the closed form.
  public var checks: [SteppedMatmuls.Check]

  /// Creates results.
  public init(
    entries: [StudyEntry], baseline: String? = nil, devices: [DeviceEstimate] = [],
    checks: [SteppedMatmuls.Check] = []
  ) {
    self.entries = entries
    self.baseline = baseline
    self.devices = devices
    self.checks = checks
  }
}

extension ReportFormat {
  /// Writes what simulators gave; the text ends in a line break.
  ///
  /// - Parameters:
  ///   - results: The results.
  ///   - perLayer: Whether every operation of every pass is shown too; in CSV and JSON instead of the passes.
  /// - Throws: What writing JSON throws, which for finite values is nothing.
  public func render(
    _ results: SimulationResults, perLayer: Bool, options: ReportOptions = ReportOptions()
  ) throws -> String {
    switch self {
    case .table: SimulationTerminalReport(options).render(results, perLayer: perLayer)
    case .md: SimulationMarkdownReport.render(results, perLayer: perLayer)
    case .csv, .json:
      try perLayer
        ? Listing(operationsOf: results.entries).render(self)
        : Listing(results.entries, devices: results.devices).render(self)
    }
  }
}

/// Aligned text for a terminal.
private struct SimulationTerminalReport {
  private var page: Page

  init(_ options: ReportOptions) { page = Page(options: options) }

  func render(_ results: SimulationResults, perLayer: Bool) -> String {
    var report = self
    report.write(results, perLayer: perLayer)
    return report.page.text
  }

  private mutating func write(_ results: SimulationResults, perLayer: Bool) {
    let text = SimulationText(results)
    let leftOut = append(text)
    if perLayer { append(results.entries.compactMap(\.simulation)) }
    if let devices = text.devices {
      page.blank()
      page.paragraph(SimulationText.devicesTitle, style: .bold)
      _ = append(devices)
    }
    page.blank()
    text.notes.forEach { page.paragraph($0, style: .dim) }
    if !leftOut.isEmpty {
      page.paragraph(
        "Left out for the width, but in csv and json: \(leftOut.joined(separator: ", ")).", style: .dim)
    }
    text.checks.forEach { page.paragraph($0, style: .good) }
    text.alarms.forEach { page.paragraph($0, style: .alarm) }
  }

  /// - Returns: The titles of the columns that had no room.
  private mutating func append(_ text: SimulationText) -> [String] {
    var table = TextTable(headings: text.headings, rows: text.groups.flatMap(\.rows))
    let leftOut = page.options.width.map { table.fit(width: $0, indent: Page.indent.count) } ?? []
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
    return leftOut
  }

  private mutating func append(_ simulations: [ModelSimulation]) {
    for simulation in simulations {
      page.blank()
      page.paragraph(
        "\(simulation.design.name), \(SimulationText.title(of: simulation.workload))", style: .bold)
      _ = append(OperationText.table(of: simulation))
      page.item(OperationText.energyParts(of: simulation))
    }
    page.blank()
    page.paragraph(OperationText.legend, style: .dim)
  }

  private mutating func append(_ table: TextTable) -> [String] {
    var table = table
    let leftOut = page.options.width.map { table.fit(width: $0, indent: Page.indent.count) } ?? []
    page.line(table.headerLine, style: .dim)
    for row in table.rows.indices { page.line(table.line(row)) }
    return leftOut
  }
}

/// Markdown that pastes into an issue or a README.
private enum SimulationMarkdownReport {
  static func render(_ results: SimulationResults, perLayer: Bool) -> String {
    let text = SimulationText(results)
    var blocks = text.alarms.map { "**\($0)**" }
    for group in text.groups {
      blocks.append("**\(group.title)**")
      if !group.rows.isEmpty { blocks.append(markdown(TextTable(headings: text.headings, rows: group.rows))) }
      blocks += group.failures.map { "Not simulated: \($0)." }
    }
    if perLayer {
      for simulation in results.entries.compactMap(\.simulation) {
        blocks += [
          "**\(simulation.design.name), \(SimulationText.title(of: simulation.workload))**",
          markdown(OperationText.table(of: simulation)), OperationText.energyParts(of: simulation),
        ]
      }
      blocks.append(OperationText.legend)
    }
    if let devices = text.devices { blocks += ["**\(SimulationText.devicesTitle)**", markdown(devices)] }
    return (blocks + text.notes + text.checks).joined(separator: "\n\n") + "\n"
  }

  private static func markdown(_ table: TextTable) -> String {
    table.markdownLines.joined(separator: "\n")
  }
}
