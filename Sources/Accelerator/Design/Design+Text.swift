extension Design {
  /// The complete design as a file that reads back to an equal one, every default written out.
  public var yaml: String {
    var lines = ["bitlab-design: 1", "name: \(name)"]
    if !summary.isEmpty { lines.append("summary: \(Self.quoted(summary))") }
    let node = Quantity.nanometres.text(Double(technology.nodeNanometres))
    lines += [
      "technology: {node: \(node), clock: \(Quantity.clock.text(technology.clockHertz))}",
      "array:",
      "  rows: \(array.rows)",
      "  columns: \(array.columns)",
      "  dataflow: \(array.dataflow.rawValue)",
      "  datapath: \(Self.quoted(array.datapath))",
      "  dot-width: \(array.dotWidth)",
      "  accumulator-bits: \(array.accumulatorBits)",
    ]
    if let tables = array.tables {
      lines.append("  tables: {group: \(tables.groupSize), sharers: \(tables.sharers)}")
    }
    lines += [
      "weights: {format: \(weightFormat.rawValue), on-chip: \(keepsWeightsOnChip)}",
      "activations: {\(activationFormat.isFloat ? "format: \(activationFormat)" : "bits: \(activationFormat.bits)")}",
      "buffers:",
      "  weights: \(weightBuffer.yaml)",
      "  activations: \(activationBuffer.yaml)",
      "  outputs: \(outputBuffer.yaml)",
      "dram: \(dram.yaml)",
      "vector-unit: {lanes: \(vectorUnit.lanes), format: \(vectorUnit.format)}",
      "chips: \(chips.yaml)",
    ]
    return lines.joined(separator: "\n") + "\n"
  }

  /// In double quotes, in ASCII with escapes wherever a reader of YAML might take offence.
  private static func quoted(_ text: String) -> String {
    var quoted = "\""
    for character in text.unicodeScalars {
      switch character {
      case "\"", "\\": quoted += "\\\(character)"
      // An ampersand might begin an anchor, which readers refuse.
      case "&": quoted += "\\x26"
      case " "..."~", "\u{A1}"..."\u{2FF}": quoted.unicodeScalars.append(character)
      default:
        let digits = String(character.value, radix: 16, uppercase: true)
        quoted += "\\U" + String(repeating: "0", count: 8 - digits.count) + digits
      }
    }
    return quoted + "\""
  }
}

extension BufferDesign {
  fileprivate var yaml: String {
    "{size: \(Quantity.bytes.text(Double(bytes))), bandwidth: \(Quantity.bytesPerCycle.text(bytesPerCycle)), "
      + "double-buffered: \(isDoubleBuffered)}"
  }
}

extension DRAMDesign {
  fileprivate var yaml: String {
    "{type: \(type), bandwidth: \(Quantity.bytesPerSecond.text(bytesPerSecond)), "
      + "latency: \(Quantity.latency.text(latencySeconds)), efficiency: \(Quantity.text(efficiency)), "
      + "energy: \(Quantity.picojoulesPerBit.text(picojoulesPerBit))}"
  }
}

extension ChipGroup {
  fileprivate var yaml: String {
    guard self != .one else { return "1" }
    return "{count: \(count), parallelism: \(parallelism.rawValue), "
      + "link: {bandwidth: \(Quantity.bytesPerSecond.text(linkBytesPerSecond)), "
      + "energy: \(Quantity.picojoulesPerBit.text(linkPicojoulesPerBit))}}"
  }
}
