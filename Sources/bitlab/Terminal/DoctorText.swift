import Foundation
import Machine

/// The doctor's report as lines of text.
enum DoctorText {
  static func lines(_ report: MachineReport, colour: Bool) -> [String] {
    let labelWidth = report.sections.flatMap(\.items).map(\.label.count).max() ?? 0
    var lines: [String] = []
    for section in report.sections {
      lines.append(style("1", section.title, colour))
      for item in section.items {
        let label = item.label.padding(toLength: labelWidth, withPad: " ", startingAt: 0)
        lines.append("  \(label)  \(item.value ?? style("33", "not available", colour))")
        if let remedy = item.remedy {
          lines.append(
            "  " + String(repeating: " ", count: labelWidth) + "  " + style("36", "-> \(remedy)", colour))
        }
      }
      lines.append("")
    }
    lines.append(style("1", "What disturbs measurements here", colour))
    lines += report.warnings.isEmpty ? ["  nothing that bitlab knows of"] : report.warnings.map { "  \($0)" }
    return lines
  }

  private static func style(_ code: String, _ text: String, _ colour: Bool) -> String {
    colour ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
  }
}
