import Foundation
import Testing

@testable import Accelerator

@Suite struct SCALESimTests {
  /// A configuration in that tool's format, of small arrays and buffers.
  static func configuration(
    rows: Int = 8, columns: Int = 8, dataflow: String = "os", kibibytes: Int = 1
  ) -> String {
    """
    ; made for a test
    [general]
    run_name = small

    [architecture_presets]
    ArrayHeight:    \(rows)
    ArrayWidth:     \(columns)
    ifmapsramszkB:   \(kibibytes)
    FilterSramSzkB:  \(kibibytes)
    OfmapSramSzkB:   \(kibibytes)
    IfmapOffset:    0
    Bandwidth : 10
    Dataflow : \(dataflow)

    [run_presets]
    InterfaceBandwidth: CALC
    """
  }

  static func report(_ configuration: String, _ topology: String) throws -> SCALESimReport {
    try SCALESimReport(
      SCALESimConfiguration(configuration, file: "a.cfg"), SCALESimTopology(topology, file: "t.csv"))
  }

  /// What SCALE-Sim 3.0.0 reports for M, N, K = 10, 30, 20 on 8×8 elements, and for 512³ on 32×32.
  @Test(arguments: [("os", 271), ("ws", 383), ("is", 311)])
  func smallCasesComeOutToTheCycle(dataflow: String, cycles: Int) throws {
    let row = try #require(
      try Self.report(Self.configuration(dataflow: dataflow), "Layer,M,N,K,\nsmall,10,30,20,\n").rows.first)
    #expect(row.name == "small")
    #expect(row.totalCycles == cycles)
    #expect(row.stallCycles == 0)
    #expect(row.overallUtilisationPercent == 100.0 * 6000 / (Double(cycles) * 64))
  }

  @Test func theLargeCaseComesOutToTheCycle() throws {
    let row = try #require(
      try Self.report(Self.configuration(rows: 32, columns: 32), "Layer,M,N,K,\ncube,512,512,512,").rows.first
    )
    #expect(row.totalCycles == 146_943)
    #expect(abs(row.overallUtilisationPercent - 89.1992) < 0.00005)
    #expect(row.mappingEfficiencyPercent == 100)
    #expect(abs(row.computeUtilisationPercent - 100.0 * 512 / 574) < 1e-9)
  }

  /// The tool's own golden report (test/general/golden_trace_calc) is of AlexNet's first layer, which is this
  /// product, on 32×32 elements with stationary weights.
  @Test func theGoldenReportOfTheToolComesOut() throws {
    let row = try #require(
      try Self.report(
        Self.configuration(rows: 32, columns: 32, dataflow: "ws", kibibytes: 64),
        "Layer,M,N,K,\nConv1,3025,96,363,\n"
      ).rows.first)
    #expect(row.totalCycles == 112_283)
    #expect(abs(row.overallUtilisationPercent - 91.68309650614964) < 1e-9)
    #expect(row.mappingEfficiencyPercent == 94.53125)
    // 90.78 there: it counts 31 cycles too many for a fold.
    #expect(abs(row.computeUtilisationPercent - 94.53125 * 3025 / 3119) < 1e-9)
    // The tool's reads from DRAM begin 3275 cycles before the array, too.
    #expect(row.totalCyclesWithPrefetch - row.totalCycles == 3277)
  }

  @Test func theReportHasTheFormOfTheTool() throws {
    let report = try Self.report(
      Self.configuration(rows: 4, columns: 4), "L,M,N,K,\n\na, 4, 4, 14, 1:1,\nb,1,1,1\n")
    #expect(
      report.csv == """
        LayerID, Total Cycles (incl. prefetch), Total Cycles, Stall Cycles, Overall Util %, Mapping Efficiency %, Compute Util %,
        0, 25, 19, 0, 73.6842105263158, 100.0, 70.0,
        1, 7, 6, 0, 1.0416666666666667, 6.25, 0.8928571428571429,

        """)
  }

  @Test func aConfigurationIsReadInFull() throws {
    let configuration = try SCALESimConfiguration(Self.configuration(dataflow: "ws"), file: "a.cfg")
    #expect(configuration.runName == "small")
    #expect(configuration.dataflow == .weightStationary)
    #expect(configuration.activationBufferKibibytes == 1)
    #expect(configuration.wordsPerCycle == 10)
    #expect(
      configuration.ignoredKeys == ["architecture_presets.IfmapOffset", "run_presets.InterfaceBandwidth"])
  }

  @Test(arguments: [
    ("ArrayHeight:    8\n", "", "a.cfg: key 'ArrayHeight' is missing in section [architecture_presets]"),
    (
      "ArrayHeight:    8", "ArrayHeight: 0",
      "a.cfg:6: key 'ArrayHeight': expected a whole number from 1 to 65536, found '0'"
    ),
    ("ArrayHeight:    8", "ArrayHeight: -8", "found '-8'"),
    ("ArrayHeight:    8", "ArrayHeight: 99999999999999999999", "found '99999999999999999999'"),
    ("ArrayHeight:    8", "ArrayHeight: 65536\narraywidth: 3", "the key 'ArrayWidth' occurs twice"),
    ("ArrayHeight:    8", "ArrayHeight: 8.5", "found '8.5'"),
    ("ArrayHeight:    8", "ArrayHeight", "a.cfg:6: expected 'key: value', found 'ArrayHeight'"),
    ("Dataflow : os", "Dataflow : rs", "a.cfg:13: key 'Dataflow': expected os, ws or is, found 'rs'"),
    ("[general]", "[general", "a.cfg:2: expected a section such as [general], found '[general'"),
    ("[general]\n", "", "a.cfg:2: expected a section such as [general] first, found 'run_name = small'"),
    ("Bandwidth : 10", "Bandwidth : 10,10", "key 'Bandwidth': expected a whole number from 1 to 1000000"),
  ])
  func mistakesInConfigurations(piece: String, replacement: String, expected: String) throws {
    let text = Self.configuration().replacingOccurrences(of: piece, with: replacement)
    try #require(text != Self.configuration())
    let error = error { try SCALESimConfiguration(text, file: "a.cfg") }
    #expect(error.contains(expected), "\(error)")
  }

  @Test func arraysHaveABound() {
    let error = error {
      try SCALESimConfiguration(Self.configuration(rows: 65_536, columns: 65_536), file: "a.cfg")
    }
    #expect(error == "a.cfg: expected at most 67108864 elements in all, found 65536 × 65536")
  }

  @Test(arguments: [
    ("", "t.csv: has no layers; expected the header 'Layer,M,N,K,'"),
    ("Layer,M,N,K,\n", "t.csv: has no layers"),
    (
      "Layer name, IFMAP Height, IFMAP Width, Filter Height, Filter Width, Channels, Num Filter, Strides,\n",
      "t.csv:1: is a topology of convolutions; only matrix products are simulated"
    ),
    ("Layer,M,K,N,\na,1,2,3,", "t.csv:1: expected the header 'Layer,M,N,K,'"),
    ("a,1,2,3,", "t.csv:1: expected the header"),
    ("Layer,M,N,K,\na,1,2,", "t.csv:2: expected a name, M, N and K, found 'a,1,2'"),
    ("Layer,M,N,K,\na,1,2,3,1:1,9,", "t.csv:2: expected a name, M, N and K"),
    ("Layer,M,N,K,\na,1,2,3,2:4,", "t.csv:2: expected no sparsity, or 1:1"),
    (
      "Layer,M,N,K,\r\na,1,2,3,\r\nb,0,2,3,",
      "t.csv:3: M: expected a whole number from 1 to 16777216, found '0'"
    ),
    ("Layer,M,N,K,\na,1,-2,3,", "t.csv:2: N: expected a whole number from 1 to 16777216, found '-2'"),
    ("Layer,M,N,K,\na,1,2,1e9,", "t.csv:2: K: expected a whole number from 1 to 16777216, found '1e9'"),
    ("Layer,M,N,K,\na,1,2,99999999999999999999,", "found '99999999999999999999'"),
    ("\u{0}\u{1}", "t.csv:1: expected the header"),
  ])
  func mistakesInTopologies(text: String, expected: String) {
    let error = error { try SCALESimTopology(text, file: "t.csv") }
    #expect(error.contains(expected), "\(error)")
  }

  @Test func theLargestLayersNeitherOverflowNorTrap() throws {
    let largest = "Layer,M,N,K,\nfits,16777216,16777216,1,\nbig,16777216,16777216,16777216,\n"
    for dataflow in ["os", "ws", "is"] {
      let message = error {
        try Self.report(Self.configuration(rows: 1, columns: 1, dataflow: dataflow), largest)
      }
      #expect(message == "t.csv:3: the layer takes more than 2^63 cycles")
      #expect(
        try Self.report(Self.configuration(rows: 256, columns: 256, dataflow: dataflow), largest).rows.count
          == 2)
    }
  }

  @Test func filesAreReadFromDisk() throws {
    let path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID()).cfg")
    defer { try? FileManager.default.removeItem(at: path) }
    try Data(Self.configuration().utf8).write(to: path)
    #expect(try SCALESimConfiguration.load(path: path.path).rows == 8)
    try Data("Layer,M,N,K,\na,1,2,3,".utf8).write(to: path)
    #expect(
      try SCALESimTopology.load(path: path.path).layers.map(\.size) == [
        MatmulSize(tokens: 1, inFeatures: 3, outFeatures: 2)
      ])
    let refused: [(Data, String)] = [
      (Data(count: 2_000_000), "is larger than 1000000 bytes"), (Data([0x61, 0xFF]), "is not UTF-8 text"),
    ]
    for (data, expected) in refused {
      try data.write(to: path)
      #expect(error { try SCALESimConfiguration.load(path: path.path) }.contains(expected))
      #expect(error { try SCALESimTopology.load(path: path.path) }.contains(expected))
    }
    #expect(error { try SCALESimTopology.load(path: "/") } == "/: cannot be read: is it a file?")
  }

  /// A megabyte of keys is read, or refused, at once.
  @Test func largeFilesAreReadInTime() {
    let keys = "[a]\n" + (0..<100_000).map { "k\($0):1\n" }.joined()
    #expect(error { try SCALESimConfiguration(keys, file: "a.cfg") }.contains("key 'run_name' is missing"))
  }

  private func error<Result>(_ body: () throws -> Result) -> String {
    do {
      _ = try body()
      return "no error"
    } catch {
      return "\(error)"
    }
  }
}
