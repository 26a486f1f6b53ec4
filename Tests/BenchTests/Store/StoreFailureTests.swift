import Foundation
import GRDB
import Testing

@testable import Bench

/// Files that are no store, or not one of this version, or cannot be written: one clear error each, and the file as
/// it was.
@Suite struct StoreFailureTests {
  private let folder: TemporaryFolder
  private var path: String { folder.url.appendingPathComponent("results.sqlite").path }

  init() throws { folder = try TemporaryFolder() }

  private func open(isCreated: Bool = true) throws -> ResultStore {
    try ResultStore(path: path, isCreated: isCreated)
  }

  private func make(_ sql: String) throws {
    try DatabaseQueue(path: path).write { try $0.execute(sql: sql) }
  }

  private func expectUntouched(
    _ error: StoreError, location: SourceLocation = #_sourceLocation
  ) throws {
    let before = FileManager.default.contents(atPath: path)
    #expect(throws: error, sourceLocation: location) { try open() }
    #expect(FileManager.default.contents(atPath: path) == before, sourceLocation: location)
  }

  @Test func aTextIsNotAStore() throws {
    try Data("kernel,latency_median_s\nlut,1e-4\n".utf8).write(to: URL(fileURLWithPath: path))
    try expectUntouched(.notAStore(path: path))
  }

  @Test func aDatabaseOfAnotherProgramIsLeftAlone() throws {
    try make("CREATE TABLE bookmarks (url TEXT)")
    try expectUntouched(.notAStore(path: path))
    try make("DROP TABLE bookmarks; PRAGMA application_id = 7")
    try expectUntouched(.notAStore(path: path))
  }

  @Test func emptyFilesBecomeStores() throws {
    try Data().write(to: URL(fileURLWithPath: path))
    #expect(try open().runs() == [])
    try FileManager.default.removeItem(atPath: path)
    try DatabaseQueue(path: path).vacuum()
    #expect(try open().runs() == [])
  }

  @Test func aLaterSchemaIsRefused() throws {
    _ = try open()
    try make("INSERT INTO grdb_migrations VALUES ('2'), ('10')")
    #expect(throws: StoreError.newerSchema(path: path, version: "10")) { try open() }
  }

  /// Files of every released version, as SQL: what they hold must stay readable.
  @Test(arguments: ["1"])
  func earlierSchemasAreRead(version: String) throws {
    let sql = try String(
      contentsOf: URL(filePath: #filePath).deletingLastPathComponent().appending(
        path: "Schemas/\(version).sql"),
      encoding: .utf8)
    try make(sql)
    let store = try open(isCreated: false)
    let run = try store.run(.name("main"))
    #expect((run.number, run.plannedPoints, run.completePoints) == (3, 2, 1))
    let results = try store.results(of: run)
    #expect(results.context.cpuModel == "Example CPU")
    let measurement = try #require(results.measurements.first)
    #expect(measurement.operatorLatency?.median == 1e-4)
    #expect(measurement.samples?.operatorSeconds == [1e-4, 1.1e-4, 0.9e-4])
    let applied = try DatabaseQueue(path: path).read {
      try String.fetchAll($0, sql: "SELECT identifier FROM grdb_migrations ORDER BY 1")
    }
    #expect(applied.last == StoreSchema.currentVersion)
  }

  @Test func whereNothingCanBeWritten() throws {
    // Not even root makes files there.
    for path in ["/proc/results.sqlite", "/proc/bitlab/results.sqlite"] {
      #expect(throws: StoreError.notWritable(path: path)) { try ResultStore(path: path, isCreated: true) }
    }
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    #expect(throws: StoreError.notWritable(path: path)) { try open() }
  }

  @Test func readingMakesNoFile() throws {
    #expect(throws: StoreError.missing(path: path)) { try open(isCreated: false) }
    #expect(!FileManager.default.fileExists(atPath: path))
  }

  @Test func aFullDiskLosesOnlyWhatDoesNotFit() throws {
    let store = try ResultStore(path: path, isCreated: true) { database in
      try database.execute(sql: "PRAGMA max_page_count = 64")
    }
    let run = try store.begin(.bench, arguments: [], plannedPoints: 1000, context: ResultsTests.context)
    var recorded = 0
    #expect(throws: StoreError.full(path: path)) {
      for index in 0..<1000 {
        var measurement = ResultsTests.full
        measurement.point.tokens = index
        measurement.samples = MeasurementSamples(operatorSeconds: Array(repeating: 0.1, count: 1000))
        try store.record(StoredPoint(measurement), in: run)
        recorded += 1
      }
    }
    #expect(recorded > 3)
    let results = try store.results(of: store.run(.last))
    #expect(results.measurements.count == recorded)
    #expect(results.measurements.allSatisfy { $0.samples?.operatorSeconds.count == 1000 })
  }

  @Test func aDamagedRecordNamesItsRun() throws {
    let store = try open()
    let run = try store.begin(.bench, arguments: [], plannedPoints: 1, context: ResultsTests.context)
    try store.record(StoredPoint(ResultsTests.full), in: run)
    try make("UPDATE points SET payload = json_set(payload, '$.tokens', 'many')")
    let error = #expect(throws: StoreError.self) { try store.results(of: store.run(.last)) }
    #expect(error?.description.contains("`tokens` cannot be many") == true, "\(String(describing: error))")
    try make("UPDATE runs SET record_schema = 99")
    let other = #expect(throws: StoreError.self) { try store.results(of: store.run(.last)) }
    #expect(other?.description.contains("schema 99") == true)
  }
}
