import Bench
import Foundation
import Testing

/// Runs that are kept, found again, gone on with and held against each other, by the tool as built.
@Suite(.serialized) struct StoreCommandTests {
  private static let quick = ["--max-time", "0.01", "--shape", "67x257", "--tokens", "1"]
  private let folder: TemporaryFolder

  init() throws { folder = try TemporaryFolder() }

  private var store: String { folder.url.appendingPathComponent("results.sqlite").path }

  /// The tool, keeping runs in this test's folder.
  private func run(_ arguments: [String]) throws -> Tool.Outcome {
    try Tool.run(arguments, environment: ["BITLAB_STORE": store, "BITLAB_NO_STORE": "0"])
  }

  private func succeed(_ arguments: [String], location: SourceLocation = #_sourceLocation) throws -> String {
    let outcome = try run(arguments)
    #expect(outcome.status == 0, "\(arguments): \(outcome.errors)", sourceLocation: location)
    return outcome.output
  }

  private func results(_ text: String) throws -> BenchResults {
    try JSONDecoder().decode(BenchResults.self, from: Data(text.utf8))
  }

  private struct ListedRun: Decodable {
    let run: Int
    let name: String?
    let complete_points: Int
    let planned_points: Int
  }

  private func list() throws -> [ListedRun] {
    try JSONDecoder().decode(
      [ListedRun].self, from: Data(succeed(["runs", "list", "--format", "json"]).utf8))
  }

  @Test func aRunIsKeptAndShownAsItWasPrinted() throws {
    let outcome = try run(["bench", "--families", "mad,lut"] + Self.quick)
    #expect(outcome.status == 0)
    #expect(outcome.errors.contains("Kept as run 1."))
    #expect(try succeed(["runs", "show", "1"]) == outcome.output)
    #expect(try list().map { $0.complete_points == $0.planned_points } == [true])

    _ = try succeed(["runs", "name", "last", "main"])
    let file = folder.url.appendingPathComponent("main.json").path
    #expect(try succeed(["runs", "export", "main", "--output", file]) == "")
    let exported = try results(String(contentsOfFile: file, encoding: .utf8))
    #expect(exported.measurements.allSatisfy { $0.status == .measured })
    for format in ["csv", "md", "table"] {
      #expect(try succeed(["runs", "export", "1", "--format", format]).contains("lut-t5-"))
    }

    #expect(try run(["runs", "delete", "main"]).errors == "Deleted run 1.\n")
    #expect(try list().isEmpty)
    let gone = try run(["runs", "show", "main"])
    #expect(gone.status == 1)
    #expect(gone.errors.hasPrefix("Error: there is no run named 'main' in"))
  }

  @Test func nothingIsKeptUnasked() throws {
    let outcome = try run(["bench", "--families", "mad", "--no-store"] + Self.quick)
    #expect(outcome.status == 0 && !outcome.errors.contains("Kept"))
    #expect(!FileManager.default.fileExists(atPath: store))
  }

  /// The default file, where the XDG base directory specification wants it.
  @Test func theStoreLiesInTheUsersDataFolder() throws {
    let outcome = try Tool.run(
      ["bench", "--families", "mad"] + Self.quick,
      environment: ["XDG_DATA_HOME": folder.url.path, "BITLAB_NO_STORE": ""])
    #expect(outcome.status == 0)
    #expect(FileManager.default.fileExists(atPath: folder.url.path + "/bitlab/results.sqlite"))
  }

  /// Kills a run in the middle of things and goes on with it, then once more with nothing missing.
  @Test func aKilledRunLosesNothingThatWasMeasured() throws {
    let arguments = [
      "bench", "--families", "mad,lut", "--shape", "640x640", "--tokens", "1,3", "--max-time", "0.2",
    ]
    let process = Tool.process(arguments, environment: ["BITLAB_STORE": store, "BITLAB_NO_STORE": ""])
    process.standardOutput = FileHandle.nullDevice
    try process.run()
    let deadline = Date(timeIntervalSinceNow: 60)
    func completePoints() throws -> Int {
      FileManager.default.fileExists(atPath: store) ? try list().first?.complete_points ?? 0 : 0
    }
    while Date() < deadline, try completePoints() < 3 { Thread.sleep(forTimeInterval: 0.02) }
    kill(process.processIdentifier, SIGKILL)
    process.waitUntilExit()

    let killed = try #require(try list().first)
    #expect(killed.complete_points >= 3 && killed.complete_points < killed.planned_points)
    let before = try results(succeed(["runs", "export", "last"]))
    #expect(before.measurements.count == killed.complete_points)

    let outcome = try run(["bench", "--resume", "last", "--format", "json"])
    #expect(outcome.status == 0, "\(outcome.errors)")
    #expect(outcome.errors.contains("Kept as run 1."))
    let after = try results(outcome.output)
    #expect(after.measurements.count == killed.planned_points)
    #expect(after.measurements.allSatisfy { $0.status == .measured })
    #expect(after.context == before.context)
    for measurement in before.measurements { #expect(after.measurements.contains(measurement)) }
    #expect(try succeed(["runs", "export", "1"]) == outcome.output)
    #expect(try list().map(\.complete_points) == [killed.planned_points])

    // Nothing is missing any more.
    let again = try run(["bench", "--resume", "1", "--format", "json"])
    #expect(again.status == 0 && again.output == outcome.output)
  }

  @Test func onlyTheSameRunIsResumed() throws {
    _ = try succeed(["bench", "--families", "mad", "--seed", "5"] + Self.quick)
    for (option, value) in [("--seed", "6"), ("--tokens", "1,2"), ("--families", "lut"), ("--isa", "scalar")]
    {
      let outcome = try run(["bench", "--resume", "1", option, value])
      #expect(outcome.status == 1)
      #expect(outcome.output == "")
      #expect(outcome.errors.hasPrefix("Error: run 1 ('bitlab bench --families mad --seed 5"))
      #expect(outcome.errors.contains("\(option) was not so then"))
      #expect(outcome.errors.split(separator: "\n").count == 1)
    }
    _ = try succeed(["bench", "--resume", "1", "--seed", "5", "--tokens", "1", "--cache", "cold"])
    #expect(try run(["bench", "--resume", "7"]).errors.hasPrefix("Error: there is no run 7"))
    #expect(try list().count == 1)
  }

  @Test func twoProcessesWriteAtOnce() throws {
    let processes = (0..<2).map { _ in
      Tool.process(
        ["bench", "--families", "mad,lut"] + Self.quick,
        environment: ["BITLAB_STORE": store, "BITLAB_NO_STORE": ""])
    }
    for process in processes {
      process.standardOutput = FileHandle.nullDevice
      try process.run()
    }
    for process in processes {
      process.waitUntilExit()
      #expect(process.terminationStatus == 0)
    }
    let runs = try list()
    #expect(runs.count == 2)
    #expect(runs.allSatisfy { $0.complete_points == $0.planned_points })
  }

  // MARK: - Stores that cannot be used

  /// Measures all the same, says why nothing is kept in one line, and fails only for a store that was asked for.
  private func expectWarning(
    _ process: Process, saying text: String, status: Int32, location: SourceLocation = #_sourceLocation
  ) throws {
    let outcome = try Tool.run(process)
    #expect(outcome.status == status, "\(outcome.errors)", sourceLocation: location)
    #expect(outcome.output.contains("Fastest: mad"), sourceLocation: location)
    #expect(
      outcome.errors.hasPrefix("Warning: ") && outcome.errors.contains("only printed: "),
      sourceLocation: location)
    #expect(outcome.errors.contains(text), "said: \(outcome.errors)", sourceLocation: location)
    #expect(
      outcome.errors.split(separator: "\n").count == 1, "said: \(outcome.errors)", sourceLocation: location)
  }

  private func bench(_ environment: [String: String]) -> Process {
    Tool.process(
      ["bench", "--families", "mad"] + Self.quick,
      environment: environment.merging(["BITLAB_NO_STORE": ""]) { $1 })
  }

  @Test func measurementsAreNeverLostForTheStoresSake() throws {
    let text = try folder.file(
      "text.sqlite",
      containing: "this is a text, as long as a database's header would be, "
        + "and a little longer than that, so that nobody takes it for a short one")
    try expectWarning(bench(["BITLAB_STORE": text]), saying: "text.sqlite' is not a store", status: 1)
    try expectWarning(
      bench(["BITLAB_STORE": "/proc/results.sqlite"]), saying: "'/proc/results.sqlite' cannot be written",
      status: 1)
    try expectWarning(bench(["XDG_DATA_HOME": "/proc"]), saying: "cannot be written", status: 0)
    try expectWarning(bench(["XDG_DATA_HOME": "", "HOME": ""]), saying: "no home folder", status: 0)
  }

  /// As a user who may write neither the folder nor the file.
  @Test(.enabled(if: FileManager.default.isExecutableFile(atPath: "/usr/bin/setpriv") || geteuid() != 0))
  func aReadOnlyFolderIsOneWarning() throws {
    _ = try succeed(["bench", "--families", "mad"] + Self.quick)
    let files = FileManager.default
    for (path, mode) in [(store, 0o444), (folder.url.path, 0o555)] {
      try files.setAttributes([.posixPermissions: mode], ofItemAtPath: path)
    }
    defer { try? files.setAttributes([.posixPermissions: 0o755], ofItemAtPath: folder.url.path) }
    let process = bench(["BITLAB_STORE": store])
    if geteuid() == 0 {
      // Permissions do not bind root.
      process.arguments =
        ["--reuid=65534", "--clear-groups", Tool.executable.path] + (process.arguments ?? [])
      process.executableURL = URL(fileURLWithPath: "/usr/bin/setpriv")
    }
    try expectWarning(process, saying: "cannot be written", status: 1)
  }

  /// A limit on the size of files stands for a full disk: few points fit, if any, then writing fails.
  @Test func aFileThatCannotGrowIsOneWarning() throws {
    let process = bench(["BITLAB_STORE": store])
    let command = [Tool.executable.path] + (process.arguments ?? [])
    process.executableURL = URL(fileURLWithPath: "/bin/bash")
    process.arguments = ["-c", "trap '' XFSZ; ulimit -f 100; exec \"$@\"", "bash"] + command
    try expectWarning(process, saying: "results.sqlite' fails", status: 1)
    let kept = try #require(try list().first)
    #expect(kept.complete_points < kept.planned_points)
    #expect(try results(succeed(["runs", "export", "1"])).measurements.count == kept.complete_points)
  }

  // MARK: - Comparison

  @Test func runsAndFilesAreCompared() throws {
    let file = folder.url.appendingPathComponent("run.json").path
    _ = try succeed(["bench", "--families", "mad"] + Self.quick)
    _ = try succeed(["runs", "export", "1", "--output", file])
    let itself = try succeed(["compare", "1", "last"])
    #expect(itself.contains("Overall: B takes 1.000 of A's time"))
    #expect(itself.contains("0 faster, 0 slower"))
    #expect(try succeed(["compare", file, "1"]).contains("A has no samples"))

    _ = try succeed(["runs", "name", "1", "main"])
    #expect(try succeed(["compare", "--baseline", "main"]).contains("A: run 1 (main), "))
    #expect(
      try succeed(["compare", "--baseline", "main", file, "--by", "fp16"]).contains("B has no samples"))
    let csv = try succeed(["compare", "main", "last", "--format", "csv"])
    #expect(csv.split(separator: "\r\n").count == (try list()[0].planned_points) + 1)
    #expect(try run(["compare", "main", "last", "--fail-on", "slower"]).status == 0)
  }

  @Test func aSlowerRunFailsOnlyWhenAskedTo() throws {
    let fast = folder.url.appendingPathComponent("fast.json").path
    let slow = folder.url.appendingPathComponent("slow.json").path
    var results = try results(
      succeed([
        "bench", "--families", "mad", "--format", "json", "--max-time", "0.1", "--shape", "67x257",
        "--tokens", "1",
      ]))
    // Whatever else the machine does.
    for index in results.measurements.indices { results.measurements[index].preemptedCount = 0 }
    try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: fast))
    for index in results.measurements.indices {
      guard let latency = results.measurements[index].operatorLatency else { continue }
      results.measurements[index].operatorLatency = Estimate(
        median: latency.median * 100, low: latency.low * 100, high: latency.high * 100,
        coverage: latency.coverage, count: latency.count)
    }
    try JSONEncoder().encode(results).write(to: URL(fileURLWithPath: slow))
    #expect(try run(["compare", fast, slow]).status == 0)
    let gate = try run(["compare", fast, slow, "--fail-on", "slower"])
    #expect(gate.status == 2)
    #expect(gate.errors == "")
    #expect(gate.output.contains("slower"))
    #expect(try run(["compare", slow, fast, "--fail-on", "slower"]).status == 0)
  }
}
