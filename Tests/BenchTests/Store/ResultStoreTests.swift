import Foundation
import GRDB
import Testing

@testable import Bench

// Foundation has one, too.
typealias Measurement = Bench.Measurement

@Suite struct ResultStoreTests {
  private let folder: TemporaryFolder
  private var path: String { folder.url.appendingPathComponent("data/results.sqlite").path }

  init() throws { folder = try TemporaryFolder() }

  private func open() throws -> ResultStore { try ResultStore(path: path, isCreated: true) }

  private func begin(_ store: ResultStore, _ kind: RunKind = .bench) throws -> Int {
    try store.begin(
      kind, arguments: ["bench", "--seed=2"], plannedPoints: 7, context: ResultsTests.context,
      warnings: ["load is high"])
  }

  private static func measurement(kernel: String = "lut-t5-avx512vbmi") -> Measurement {
    var measurement = ResultsTests.full
    measurement.point.kernel = kernel
    measurement.samples = MeasurementSamples(
      operatorSeconds: [1e-4, 1.0000000000000002e-4, 0.1 + 0.2], multiplySeconds: [0.9e-4, 0.8e-4, 1],
      speedupsOverFP16: [5.5, 5.6, 5.7])
    return measurement
  }

  @Test func everythingSurvivesTheFile() throws {
    let measurements = [
      Self.measurement(), Measurement(point: ResultsTests.point, status: .wrong("row 3: 5 instead of 4")),
    ]
    do {
      let store = try open()
      let run = try begin(store)
      var second = StoredPoint(measurements[0])
      second.position = 1
      try store.record(second, in: run)
      var other = measurements[1]
      other.point.kernel = "mad-i2s-avx2"
      try store.record(StoredPoint(other), in: run)
    }
    let store = try ResultStore(path: path, isCreated: false)
    let run = try store.run(.last)
    #expect((run.number, run.kind, run.plannedPoints, run.completePoints) == (1, .bench, 7, 2))
    #expect(run.arguments == ["bench", "--seed=2"])
    let results = try store.results(of: run)
    #expect(results.context == ResultsTests.context)
    #expect(results.warnings == ["load is high"])
    #expect(results.measurements.map(\.point.kernel) == ["mad-i2s-avx2", "lut-t5-avx512vbmi"])
    #expect(results.measurements[0].status == measurements[1].status)
    #expect(results.measurements[1] == measurements[0])
  }

  @Test func aPointMeasuredAgainTakesTheOldOnesPlace() throws {
    let store = try open()
    let run = try begin(store)
    var interrupted = Self.measurement()
    interrupted.stopReason = .interrupted
    try store.record(StoredPoint(interrupted), in: run)
    #expect(try store.run(.last).completePoints == 0)
    var again = Self.measurement()
    again.samples?.operatorSeconds = [1, 2]
    again.samples?.speedupsOverFP16 = []
    try store.record(StoredPoint(again), in: run)
    #expect(try store.results(of: store.run(.last)).measurements == [again])
  }

  @Test func runsAreFoundByNumberNameAndAge() throws {
    let store = try open()
    let runs = try [begin(store), begin(store, .simulate), begin(store), begin(store, .simulate)]
    #expect(runs == [1, 2, 3, 4])
    try store.setName("main", of: 1)
    #expect(try store.run(.name("main")).number == 1)
    try store.setName("main", of: 3)
    #expect(try store.run(.name("main")).number == 3)
    #expect(try store.run(.number(1)).name == nil)
    #expect(try store.run(.last).number == 4)
    #expect(try store.run(.last, kind: .bench).number == 3)
    #expect(throws: StoreError.wrongKind(run: 2, is: .simulate, needed: .bench)) {
      try store.run(.number(2), kind: .bench)
    }
    #expect(throws: StoreError.noSuchRun(.name("nightly"), path: path)) { try store.run(.name("nightly")) }
  }

  @Test func referencesAsTyped() {
    #expect(RunReference("12") == .number(12))
    #expect(RunReference("last") == .last)
    #expect(RunReference("v1.2-rc_3") == .name("v1.2-rc_3"))
    for text in ["", "0", "-3", "a b", "old.json", "a/b", "--x"] {
      #expect(RunReference(text) == nil, "\(text)")
    }
  }

  @Test func deletingTakesAllThatBelongsToARunOrNothing() throws {
    let store = try open()
    for _ in 0..<3 { try store.record(StoredPoint(Self.measurement()), in: begin(store)) }
    #expect(throws: StoreError.noSuchRun(.number(9), path: path)) {
      try store.delete([.number(1), .number(9)])
    }
    #expect(try store.runs().map(\.number) == [1, 2, 3])
    #expect(try store.delete([.number(1), .last]) == [1, 3])
    #expect(try store.runs().map(\.number) == [2])
    let database = try DatabaseQueue(path: path)
    let left = try database.read { database in
      try ["points", "samples"].map { try Int.fetchOne(database, sql: "SELECT count(*) FROM \($0)") }
    }
    #expect(left == [1, 3])
    #expect(try begin(store) == 4, "numbers are not used again")
  }

  @Test func runsOfOtherKindsAreKeptTheSameWay() throws {
    let store = try open()
    let run = try begin(store, .simulate)
    let point = StoredPoint(
      position: 0, key: "ternary-addsub-7nm 2b4t decode", subject: "ternary-addsub-7nm",
      payload: [
        "cycles": .integer(12_345), "energy_modelled_j": .number(0.5), "design": .text("x"), "n": .missing,
      ])
    try store.record(point, in: run)
    var kept = point
    kept.payload["n"] = nil
    #expect(try store.points(of: run) == [kept])
    #expect(throws: StoreError.wrongKind(run: 1, is: .simulate, needed: .bench)) {
      try store.results(of: store.run(.last))
    }
  }

  @Test func figuresAreWithinReachOfSQL() throws {
    let store = try open()
    try store.record(StoredPoint(Self.measurement()), in: begin(store))
    let database = try DatabaseQueue(path: path)
    let figures = try database.read { database in
      try Row.fetchOne(
        database,
        sql: """
          SELECT json_extract(payload, '$.latency_median_s') AS latency, json_extract(payload, '$.adds') AS adds,
            (SELECT count(*) FROM json_each(samples)) AS count
          FROM points JOIN samples ON point_id = points.id WHERE quantity = 'latency_median_s'
          """)
    }
    #expect(figures?["latency"] == 1e-4)
    #expect(figures?["adds"] == 1)
    #expect(figures?["count"] == 3)
  }

  @Test func severalConnectionsWriteAtOnce() async throws {
    let path = path
    try await withThrowingTaskGroup(of: Void.self) { group in
      for writer in 0..<4 {
        group.addTask {
          // All make the same new file.
          let store = try ResultStore(path: path, isCreated: true)
          let run = try store.begin(
            .bench, arguments: [], plannedPoints: 25, context: ResultsTests.context)
          for index in 0..<25 {
            try store.record(StoredPoint(Self.measurement(kernel: "k\(writer)-\(index)")), in: run)
          }
        }
      }
      try await group.waitForAll()
    }
    let runs = try open().runs()
    #expect(runs.map(\.completePoints) == [25, 25, 25, 25])
  }
}

/// A folder that is removed with its owner.
final class TemporaryFolder {
  let url: URL

  init() throws {
    url = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: url, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(at: url) }
}
