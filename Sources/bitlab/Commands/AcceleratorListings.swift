import Accelerator
import Foundation
import Reporting
import Ternary

/// What `bitlab list` knows of chips.
enum AcceleratorListings {
  static func designs() throws -> Listing {
    let tables = try CostTables.shipped()
    return Listing(
      properties: [
        .init("design"), .init("datapath"), .init("dataflow"), .init("rows", isNumber: true),
        .init("columns", isNumber: true), .init("dot_width", isNumber: true), .init("weights"),
        .init("activations"), .init("node_nm", isNumber: true), .init("clock_hz", isNumber: true),
        .init("dram"), .init("dram_bytes_per_s", isNumber: true), .init("chips", isNumber: true),
        .init("area_modelled_mm2", isNumber: true), .init("summary"),
      ],
      items: try DesignCatalogue.shipped().designs.map { design in
        let area = try AreaModel(design, tables: tables).area(of: Chip(design)).totalSquareMillimetres
        return [
          design.name, design.array.datapath, design.array.dataflow.rawValue, "\(design.array.rows)",
          "\(design.array.columns)", "\(design.array.dotWidth)", design.weightFormat.rawValue,
          "\(design.activationFormat)", "\(design.technology.nodeNanometres)",
          number(design.technology.clockHertz), design.dram.type, number(design.dram.bytesPerSecond),
          "\(design.chips.count)", number((area * Double(design.chips.count) * 100).rounded() / 100),
          design.summary,
        ]
      })
  }

  static func datapaths() -> Listing {
    Listing(
      properties: [.init("datapath"), .init("family"), .init("summary"), .init("source")],
      items: Datapaths.all.map { [$0.name, $0.family.rawValue, $0.summary, $0.source] })
  }

  /// Every constant of the energy and area model, and the rules that make others of them.
  static func energy() throws -> Listing {
    let constants = try CostTables.shipped().rows.map { row in
      [
        row.what, row.value.map(number) ?? "", "", row.unit, row.nodeNanometres.map(String.init) ?? "",
        row.confidence.rawValue, row.source,
      ]
    }
    let memories = try DRAMTable.shipped().entries.flatMap { entry in
      [
        memory(entry.type, "energy", entry.picojoulesPerBit, "pJ/bit"),
        memory(entry.type, "latency", entry.latencySeconds, "s"),
        memory(entry.type, "efficiency", entry.efficiency, ""),
      ]
    }
    return Listing(
      properties: [
        .init("what"), .init("value", isNumber: true), .init("range"), .init("unit"),
        .init("node_nm", isNumber: true), .init("confidence"), .init("source"),
      ], items: constants + memories)
  }

  static func devices() throws -> Listing {
    func value(_ sourced: SourcedValue?) -> String { sourced.map { number($0.value) } ?? "" }
    return Listing(
      properties: [
        .init("device"), .init("title"), .init("fp16_operations_per_s", isNumber: true),
        .init("int8_operations_per_s", isNumber: true), .init("memory_bytes_per_s", isNumber: true),
        .init("memory_bytes", isNumber: true), .init("link_bytes_per_s", isNumber: true),
        .init("power_w", isNumber: true), .init("confidence"), .init("source"),
      ],
      items: try DeviceCatalogue.shipped().devices.map { device in
        let values = [
          device.float16OperationsPerSecond, device.int8OperationsPerSecond, device.memoryBytesPerSecond,
          device.memoryBytes, device.linkBytesPerSecond, device.watts,
        ]
        let known = values.compactMap(\.self)
        return [device.id, device.title] + values.map(value) + [
          known.map(\.confidence).max { rank($0) < rank($1) }?.rawValue ?? "",
          distinct(known.map(\.source)).joined(separator: "; "),
        ]
      })
  }

  private static func memory(_ type: String, _ what: String, _ value: SourcedValue, _ unit: String)
    -> [String]
  {
    [
      "dram \(type) \(what)", number(value.value),
      value.range.map { "\(number($0.lowerBound))..\(number($0.upperBound))" } ?? "", unit, "",
      value.confidence.rawValue, value.source,
    ]
  }

  /// The least certain value decides what a row can be trusted for.
  private static func rank(_ confidence: Confidence) -> Int {
    switch confidence {
    case .stated: 0
    case .derived: 1
    case .assumed: 2
    }
  }

  private static func distinct(_ texts: [String]) -> [String] {
    texts.reduce(into: []) { if !$0.contains($1) { $0.append($1) } }
  }

  /// Without a fraction where there is none, and no more digits than sources have: `68000000000`, `1.6`, `1.3e-07`.
  private static func number(_ value: Double) -> String {
    Int(exactly: value).map(String.init) ?? String(format: "%.6g", value)
  }
}
