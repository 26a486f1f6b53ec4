import Accelerator
import Foundation
import Testing

/// `bitlab simulate`, from the command line to what it prints and writes.
@Suite struct SimulateCommandTests {
  /// A model small enough to step through every cycle of it.
  private static let tinyModel = """
    bitlab-models: 1
    models:
      - id: tiny
        title: Tiny
        weights: ternary
        hidden-size: 96
        intermediate-size: 160
        layers: 2
        heads: 4
        kv-heads: 2
        vocabulary: 301
        tied-embeddings: true
        source: a test
    """

  /// The records of CSV output by the names of its columns.
  private func records(_ csv: String) -> [[String: String]] {
    let lines = csv.split(separator: "\r\n").map {
      $0.split(separator: ",", omittingEmptySubsequences: false).map(String.init)
    }
    guard let names = lines.first else { return [] }
    return lines.dropFirst().map { Dictionary(uniqueKeysWithValues: zip(names, $0)) }
  }

  private func simulate(_ arguments: [String]) throws -> [[String: String]] {
    let outcome = try Tool.run(["simulate", "--format", "csv"] + arguments)
    #expect(outcome.status == 0, "\(outcome.errors)")
    return records(outcome.output)
  }

  @Test func comparesEveryDesignWithFP16OnTheSamePass() throws {
    let rows = try simulate(["--models", "3b,70b", "--designs", "fp16-edge,addsub-edge", "--tokens", "1,64"])
    #expect(rows.count == 2 * 2 * 2)
    for row in rows {
      #expect(row["baseline"] == "fp16-edge")
      #expect((row["design"] == "fp16-edge") == (row["speedup_modelled"] == "1.0"))
      #expect(Double(row["energy_per_token_modelled_j"] ?? "") ?? 0 > 0)
    }
    let decode = rows.filter { $0["phase"] == "decode" && $0["design"] == "addsub-edge" }
    #expect(decode.count == 2)
    // Bound by DRAM, 16 bits against 1.6 make at most ten; LM head and key-value cache have 16 in both.
    for row in decode {
      let speedup = try #require(Double(row["speedup_modelled"] ?? ""))
      #expect(speedup > 4 && speedup < 10)
    }
  }

  @Test func sizesArraysToTheAreaOfTheBaseline() throws {
    let arguments = ["--designs", "fp16-edge,addsub-edge,lut-edge", "--tokens", "128"]
    func areas(_ rows: [[String: String]]) -> [Double] {
      rows.compactMap { Double($0["area_modelled_mm2"] ?? "") }
    }
    let asTheyAre = areas(try simulate(arguments))
    let sized = areas(try simulate(arguments + ["--iso-area"]))
    #expect(sized.count == 3)
    for index in 1...2 {
      #expect(asTheyAre[index] < asTheyAre[0])
      // One row or column of elements more would be too much.
      #expect(sized[index] <= sized[0] && sized[index] > 0.95 * sized[0])
    }
  }

  @Test func keysAreSetForAllDesignsOrOne() throws {
    let base = ["--designs", "fp16-edge,addsub-edge", "--tokens", "1"]
    let rows = try simulate(
      base + ["--set", "dram.bandwidth=136 GB/s", "--set", "addsub-edge:array.columns=64"])
    #expect(rows.map { $0["array_columns"] } == ["16", "64"])
    let before = try simulate(base)
    for (row, old) in zip(rows, before) {
      let faster = try #require(Double(row["latency_modelled_s"] ?? ""))
      #expect(faster < 0.7 * (try #require(Double(old["latency_modelled_s"] ?? ""))))
    }
  }

  @Test func stepsThroughEveryCycleAndFindsTheReference() throws {
    let folder = try TemporaryFolder()
    let models = try folder.file("tiny.yaml", containing: Self.tinyModel)
    let arguments = [
      "simulate", "--models", models, "--designs",
      "fp16-edge,bf16-edge,int8-edge,addsub-edge,lut-edge,bitserial-edge,popcount-edge", "--tokens", "1,19",
      "--context", "32",
    ]
    let outcome = try Tool.run(arguments + ["--stepped"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.output.contains("all results equal the reference"))
    #expect(!outcome.output.contains("not simulated"))
    let closedForm = try Tool.run(arguments)
    // Apart from what it says of the steps, the page is the same: so are the figures.
    #expect(outcome.output.hasPrefix(closedForm.output.split(separator: "\nAll figures")[0]))
  }

  @Test func takesADesignOfTheUsersAndWritesItWhole() throws {
    let folder = try TemporaryFolder()
    let text = try DesignCatalogue.shipped().design(named: "addsub-edge").yaml
      .replacing("addsub-edge", with: "my-chip")
    let file = try folder.file("my-chip.yaml", containing: text)
    let results = folder.url.appendingPathComponent("results.csv")
    let outcome = try Tool.run([
      "simulate", "--design", file, "--set", "array.rows=8", "--format", "csv", "--output", results.path,
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let rows = records(try String(contentsOf: results, encoding: .utf8))
    #expect(rows.map { $0["design"] } == ["my-chip", "my-chip"])
    #expect(rows.allSatisfy { $0["baseline"] == "" && $0["array_rows"] == "8" })
    let written = folder.url.appendingPathComponent("results.my-chip.yaml")
    let design = try DesignCatalogue.shipped().loading(yaml: written.path).design(named: "my-chip")
    #expect(design.array.rows == 8)
  }

  @Test func tilesCanBeFixed() throws {
    let rows = try simulate([
      "--designs", "addsub-edge", "--tokens", "64", "--per-layer", "--tile", "16x1024x512:nkm",
    ])
    let matrices = rows.filter { !($0["tile_m"] ?? "").isEmpty }
    #expect(matrices.count == 7)
    for row in matrices {
      #expect(row["tile_m"] == "16" && row["tile_k"] == "1024" && row["tile_n"] == "512")
      #expect(row["tile_order"] == "nkm")
    }
  }

  @Test func showsEveryOperation() throws {
    let rows = try simulate(["--designs", "lut-server", "--tokens", "1", "--per-layer"])
    let operations = rows.compactMap { $0["operation"] }
    for operation in ["q", "down", "attention-scores", "softmax", "norms", "quantisation", "lm-head"] {
      #expect(operations.contains(operation))
    }
    #expect(rows.allSatisfy { !($0["binding_modelled"] ?? "").isEmpty })
  }

  @Test func printsThePublishedArithmetic() throws {
    let outcome = try Tool.run(["simulate", "--arithmetic-only"])
    #expect(outcome.status == 0)
    for figure in [
      "71.4x", "50.0x", "16.7x", "0.258 J", "0.186 J", "0.347 J", "0.425 J", "0.649 J", "0.028 J",
    ] {
      #expect(outcome.output.contains(figure), "\(figure)")
    }
  }

  @Test(arguments: [("os", 271), ("ws", 383), ("is", 311)])
  func reportsLikeSCALESim(_ dataflow: String, _ cycles: Int) throws {
    let folder = try TemporaryFolder()
    let configuration = try folder.file(
      "scale.cfg",
      containing: """
        [general]
        run_name = small

        [architecture_presets]
        ArrayHeight: 8
        ArrayWidth: 8
        IfmapSramSzkB: 1
        FilterSramSzkB: 1
        OfmapSramSzkB: 1
        Bandwidth: 10
        Dataflow: \(dataflow)
        """)
    let topology = try folder.file("gemm.csv", containing: "Layer,M,N,K,\nsmall,10,30,20,\n")
    let outcome = try Tool.run(["simulate", "--scale-sim", configuration, "--topology", topology])
    #expect(outcome.status == 0, "\(outcome.errors)")
    let lines = outcome.output.split(whereSeparator: \.isNewline)
    let names = try #require(lines.first).split(separator: ",").map {
      $0.trimmingCharacters(in: .whitespaces)
    }
    let values = lines[1].split(separator: ",").map { $0.trimmingCharacters(in: .whitespaces) }
    #expect(values[try #require(names.firstIndex(of: "Total Cycles"))] == "\(cycles)")
  }

  @Test func modelsTheChipBesideTheKernel() throws {
    let outcome = try Tool.run([
      "bench", "--shape", "96x160", "--tokens", "1", "--families", "addsub,mad,rsr", "--max-time", "0.01",
      "--design", "addsub-edge,int8-edge", "--format", "csv",
    ])
    #expect(outcome.status == 0, "\(outcome.errors)")
    for row in records(outcome.output) {
      switch row["family"] {
      case "addsub": #expect(row["modelled_design"] == "addsub-edge")
      case "mad":
        #expect(row["modelled_design"] == "int8-edge")
        #expect(row["modelled_weight_format"] == (row["packing"] == "b1" ? "b1" : row["packing"]))
      default: #expect(row["modelled_design"] == "")
      }
      #expect((row["cycles_modelled"] == "") == (row["modelled_design"] == ""))
    }
  }
}
