/// The report that SCALE-Sim calls `COMPUTE_REPORT.csv`, from the closed form of this room: its columns, in its
/// units, so that both can be laid side by side.
///
/// `Total Cycles`, `Overall Util %` and `Mapping Efficiency %` are those of SCALE-Sim 3.0 in its CALC mode, to the
/// cycle. The rest differs where its own figures do not mean what their names say:
/// - `Compute Util %` divides by the cycles of a fold. SCALE-Sim counts C - 1 cycles more for each with ws and is.
/// - `Total Cycles (incl. prefetch)` adds the time to fill half the buffer of either operand, or to fetch all of it
///   if that is less, at the file's bandwidth. SCALE-Sim starts alike, but ends at the last write to DRAM of a buffer
///   that it empties whole when full.
/// - `Stall Cycles` are 0 as in CALC mode. For time spent on buffers and DRAM, give a design instead.
public struct SCALESimReport: Sendable, Equatable {
  /// One layer.
  public struct Row: Sendable, Equatable {
    /// The layer's name in the topology.
    public var name: String
    /// Cycles with those before the array starts.
    public var totalCyclesWithPrefetch: Int
    /// The index of the last cycle: one less than there are.
    public var totalCycles: Int
    /// Cycles that the array waits.
    public var stallCycles: Int
    /// Products over what the array could have made in the total cycles.
    public var overallUtilisationPercent: Double
    /// Mean share of the elements that a fold uses.
    public var mappingEfficiencyPercent: Double
    /// Mean share of the elements that a fold uses, over all its cycles.
    public var computeUtilisationPercent: Double
  }

  /// The names of the columns.
  public static let columns = [
    "LayerID", "Total Cycles (incl. prefetch)", "Total Cycles", "Stall Cycles", "Overall Util %",
    "Mapping Efficiency %", "Compute Util %",
  ]

  /// One row a layer.
  public let rows: [Row]

  /// Simulates all layers.
  ///
  /// - Throws: ``SCALESimFileError`` when a layer takes more cycles than 64 bits count.
  public init(
    _ configuration: SCALESimConfiguration, _ topology: SCALESimTopology
  ) throws(SCALESimFileError) {
    var rows: [Row] = []
    for layer in topology.layers {
      guard let row = Row(layer, configuration) else {
        throw SCALESimFileError(
          file: topology.file, line: layer.line, message: "the layer takes more than 2^63 cycles")
      }
      rows.append(row)
    }
    self.rows = rows
  }

  /// The report as the file that SCALE-Sim writes, spaces and last commas included.
  public var csv: String {
    var lines = [Self.columns]
    for (index, row) in rows.enumerated() {
      lines.append([
        "\(index)", "\(row.totalCyclesWithPrefetch)", "\(row.totalCycles)", "\(row.stallCycles)",
        "\(row.overallUtilisationPercent)", "\(row.mappingEfficiencyPercent)",
        "\(row.computeUtilisationPercent)",
      ])
    }
    return lines.map { $0.joined(separator: ", ") + ",\n" }.joined()
  }
}

extension SCALESimReport.Row {
  /// `nil` if the cycles do not fit 64 bits.
  fileprivate init?(_ layer: SCALESimTopology.Layer, _ configuration: SCALESimConfiguration) {
    let (rows, columns) = (configuration.rows, configuration.columns)
    let timing = ArrayTiming(
      layer.size,
      array: ArrayDesign(
        rows: rows, columns: columns, dataflow: configuration.dataflow, datapath: "int8-mac", dotWidth: 1,
        accumulatorBits: 32), timing: ElementTiming(cyclesPerStep: 1, fillCycles: 0))
    let (cycles, overflow) = timing.folds.multipliedReportingOverflow(by: timing.cyclesPerFold)
    guard !overflow else { return nil }

    name = layer.name
    totalCycles = cycles - 1
    let (sum, sumOverflow) = totalCycles.addingReportingOverflow(
      Self.prefetchCycles(layer.size, configuration))
    guard !sumOverflow else { return nil }
    totalCyclesWithPrefetch = sum
    stallCycles = 0
    // A single cycle has the index 0, by which SCALE-Sim would divide.
    let slots = Double(max(totalCycles, 1)) * Double(rows * columns)
    overallUtilisationPercent = 100 * layer.size.multiplyAccumulates / slots
    mappingEfficiencyPercent = 100 * timing.mappingEfficiency
    computeUtilisationPercent =
      mappingEfficiencyPercent * Double(timing.stepsPerFold) / Double(timing.cyclesPerFold)
  }

  private static func prefetchCycles(_ size: MatmulSize, _ configuration: SCALESimConfiguration) -> Int {
    let words = max(
      min(size.tokens * size.inFeatures, configuration.activationBufferKibibytes * 512),
      min(size.inFeatures * size.outFeatures, configuration.weightBufferKibibytes * 512))
    return ArrayTiming.quotientUp(words, configuration.wordsPerCycle)
  }
}
