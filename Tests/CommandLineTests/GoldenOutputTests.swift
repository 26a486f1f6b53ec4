import Foundation
import Testing

/// Output that is the same on every machine, byte for byte. `BITLAB_UPDATE_GOLDEN=1 swift test --filter
/// GoldenOutputTests` writes the files anew.
@Suite struct GoldenOutputTests {
  static let folder = URL(fileURLWithPath: #filePath).deletingLastPathComponent().appendingPathComponent(
    "Golden")

  @Test(arguments: [
    ("help.txt", ["--help"]), ("help-bench.txt", ["help", "bench"]), ("help-list.txt", ["help", "list"]),
    ("help-runs.txt", ["help", "runs"]), ("help-runs-export.txt", ["help", "runs", "export"]),
    ("help-compare.txt", ["help", "compare"]),
    ("help-doctor.txt", ["help", "doctor"]), ("help-targets.txt", ["help", "targets"]),
    ("help-report.txt", ["help", "report"]),
    ("help-simulate.txt", ["help", "simulate"]),
    (
      "simulate.txt",
      ["simulate", "--designs", "fp16-edge,addsub-edge", "--per-layer", "--devices", "a100-80gb"]
    ),
    ("simulate.md", ["simulate", "--designs", "fp16-server,lut-server", "--iso-area", "--format", "md"]),
    ("simulate.csv", ["simulate", "--designs", "addsub-sram,bitserial-edge", "--format", "csv"]),
    ("simulate.json", ["simulate", "--designs", "popcount-edge", "--tokens", "1", "--format", "json"]),
    ("simulate-arithmetic.txt", ["simulate", "--arithmetic-only"]),
    ("list-designs.md", ["list", "designs", "--format", "md"]),
    ("list-datapaths.txt", ["list", "datapaths"]),
    ("list-energy.csv", ["list", "energy", "--format", "csv"]), ("list-devices.txt", ["list", "devices"]),
    ("help-reproduce.txt", ["help", "reproduce"]),
    ("claims-calculated.csv", ["reproduce", "--claim", "saving,energy,throughput", "--format", "csv"]),
    ("list-packings.txt", ["list", "packings"]),
    ("list-packings.csv", ["list", "packings", "--format", "csv"]),
    ("list-models.md", ["list", "models", "--format", "md"]),
    ("list-models.json", ["list", "models", "--models", "2b4t", "--format", "json"]),
  ])
  func equalsTheGoldenFile(_ name: String, _ arguments: [String]) throws {
    let outcome = try Tool.run(arguments)
    #expect(outcome.status == 0)
    #expect(outcome.errors == "")
    let file = Self.folder.appendingPathComponent(name)
    if ProcessInfo.processInfo.environment["BITLAB_UPDATE_GOLDEN"] == "1" {
      try Data(outcome.output.utf8).write(to: file)
    }
    let golden = String(decoding: try Data(contentsOf: file), as: UTF8.self)
    #expect(
      outcome.output == golden, "\(name) differs from what '\(arguments.joined(separator: " "))' prints")
  }
}
