import Foundation
import Testing

/// `bitlab report` on a model that takes no time.
@Suite(.serialized) struct ReportCommandTests {
  private static let model = """
    bitlab-models: 1
    models:
      - id: tiny
        title: Tiny
        weights: ternary
        hidden-size: 128
        intermediate-size: 320
        layers: 2
        heads: 4
        kv-heads: 4
        vocabulary: 500
        tied-embeddings: true
        confidence: stated
        source: a test

    """
  private static let designs = ["--designs", "fp16-edge,addsub-edge", "--max-time", "0.001"]

  private func files(in folder: URL) throws -> [String: Data] {
    var files: [String: Data] = [:]
    for name in try FileManager.default.subpathsOfDirectory(atPath: folder.path) {
      files[name] = FileManager.default.contents(atPath: folder.appendingPathComponent(name).path)
    }
    return files.filter { !$0.value.isEmpty }
  }

  @Test func measuresSimulatesAndWritesAllFiles() throws {
    let folder = try TemporaryFolder()
    let model = try folder.file("tiny.yaml", containing: Self.model)
    let output = folder.url.appendingPathComponent("Reports")
    let outcome = try Tool.run(["report", "--models", model, "--output", output.path] + Self.designs)
    #expect(outcome.status == 0, "\(outcome.errors)")
    let files = try files(in: output)
    let listed = Set(outcome.output.split(separator: "\n").map { $0.dropFirst(output.path.count + 1) })
    #expect(listed == Set(files.keys.map { $0[...] }))
    for name in ["README.md", "scaling.csv", "scaling.md", "scaling.html", "plots/roofline.gp"] {
      #expect(listed.contains(name[...]), "\(name)")
    }
    let csv = String(decoding: files["scaling.csv"] ?? Data(), as: UTF8.self)
    #expect(csv.contains("\r\ntiny,"))
    #expect(csv.contains("addsub-edge"))
    #expect(csv.contains("float-fp16"))
  }

  @Test func theSameRunGivesTheSameBytes() throws {
    let folder = try TemporaryFolder()
    let model = try folder.file("tiny.yaml", containing: Self.model)
    let run = folder.url.appendingPathComponent("run.json").path
    let bench = try Tool.run([
      "bench", "--models", model, "--tokens", "1,128", "--families", "mad,lut", "--max-time", "0.001",
      "--format",
      "json", "--output", run,
    ])
    #expect(bench.status == 0, "\(bench.errors)")
    let reports = try ["a", "b"].map { name in
      let output = folder.url.appendingPathComponent(name)
      let outcome = try Tool.run(["report", run, "--models", model, "--output", output.path] + Self.designs)
      #expect(outcome.status == 0, "\(outcome.errors)")
      return try files(in: output)
    }
    #expect(reports[0] == reports[1])
    #expect(reports[0].count > 5)
  }

  @Test func aFreshRunIsKeptAndReportedAgain() throws {
    let folder = try TemporaryFolder()
    let model = try folder.file("tiny.yaml", containing: Self.model)
    let store = ["--store", folder.url.appendingPathComponent("runs.sqlite").path]
    let reports = try [[], ["last"]].map { run in
      let output = folder.url.appendingPathComponent("report")
      let outcome = try Tool.run(
        ["report"] + run + ["--models", model, "--output", output.path] + Self.designs + store,
        environment: ["BITLAB_NO_STORE": ""])
      #expect(outcome.status == 0, "\(outcome.errors)")
      #expect((outcome.errors == "Kept as run 1.\n") == run.isEmpty, "\(outcome.errors)")
      return try files(in: output)
    }
    #expect(reports[0] == reports[1])
  }

  @Test func withoutGnuplotTheOtherFilesAreWritten() throws {
    let folder = try TemporaryFolder()
    let model = try folder.file("tiny.yaml", containing: Self.model)
    let output = folder.url.appendingPathComponent("Reports")
    let outcome = try Tool.run(
      ["report", "--models", model, "--output", output.path] + Self.designs, environment: ["PATH": "/nowhere"]
    )
    #expect(outcome.status == 0)
    #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    #expect(outcome.errors.hasPrefix("Warning: plots are not drawn, since gnuplot is missing"))
    let names = try files(in: output).keys
    #expect(names.contains("scaling.html"))
    #expect(!names.contains { $0.hasSuffix(".svg") })
  }

  @Test func whatCannotBeWrittenOrReadIsSaidBeforeMeasuring() throws {
    let folder = try TemporaryFolder()
    let model = try folder.file("tiny.yaml", containing: Self.model)
    let file = try folder.file("file", containing: "{}")
    for (arguments, text) in [
      (["--output", "/proc/nowhere"], "cannot write '/proc/nowhere'"),
      (["--output", file], "cannot write '\(file)'"),
      ([file, "--output", folder.url.path], "it does not come from 'bitlab bench --format json'"),
    ] {
      let outcome = try Tool.run(["report", "--models", model] + arguments)
      #expect(outcome.status == 1)
      #expect(outcome.output == "")
      #expect(outcome.errors.contains(text), "\(outcome.errors)")
      #expect(outcome.errors.split(separator: "\n").count == 1, "\(outcome.errors)")
    }
    let missing = try Tool.run(["report", "/nowhere/run.json"])
    #expect(missing.status == 64)
    #expect(missing.errors.contains("'/nowhere/run.json' cannot be read"), "\(missing.errors)")
    let usage = try Tool.run(["report", "--models", "70b..3b"])
    #expect(usage.status == 64)
    #expect(usage.errors.contains("'70b..3b' is no range of models"), "\(usage.errors)")
  }
}
