import Foundation
internal import GRDB
import Machine

/// Runs and their points in one SQLite file, which several processes may use at once.
///
/// Every point is one transaction in the write-ahead log: a process that is killed loses none that was recorded. The
/// log is not forced to the disk at each, which would disturb what is measured next; a power failure may take the
/// latest, and leaves the file whole.
public final class ResultStore: Sendable {
  /// How long to wait for another process that writes.
  static let busySeconds = 10

  /// The file.
  public let path: String
  private let database: DatabaseQueue

  /// The store of this user, `results.sqlite` in ``UserFolder/data(environment:)``; `nil` without a home.
  public static func defaultPath(
    environment: [String: String] = ProcessInfo.processInfo.environment
  ) -> String? {
    UserFolder.data(environment: environment).map { $0 + "/results.sqlite" }
  }

  /// Opens a store.
  ///
  /// - Parameters:
  ///   - path: Its file.
  ///   - isCreated: Whether to make file and folders that do not exist.
  public convenience init(path: String, isCreated: Bool) throws(StoreError) {
    try self.init(path: path, isCreated: isCreated) { _ in }
  }

  /// - Parameter prepare: Run on the connection before anything else, for tests that limit it.
  init(
    path: String, isCreated: Bool, prepare: @escaping @Sendable (Database) throws -> Void
  ) throws(StoreError) {
    self.path = path
    do {
      if isCreated {
        try Self.makeFolder(of: path)
      } else if !FileManager.default.fileExists(atPath: path) {
        throw StoreError.missing(path: path)
      }
      database = try Self.open(path, prepare: prepare)
    } catch {
      throw StoreError(error, path: path)
    }
  }

  private static func makeFolder(of path: String) throws(StoreError) {
    let folder = URL(fileURLWithPath: path).deletingLastPathComponent()
    do {
      try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    } catch {
      throw .notWritable(path: path)
    }
  }

  private static func open(
    _ path: String, prepare: @escaping @Sendable (Database) throws -> Void
  ) throws -> DatabaseQueue {
    var configuration = Configuration()
    configuration.busyMode = .timeout(TimeInterval(busySeconds))
    configuration.prepareDatabase { database in
      try prepare(database)
      try StoreSchema.claim(database, path: path)
      // Where the file system has no shared memory, SQLite stays with a rollback journal.
      try database.execute(sql: "PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL")
    }
    let begin = monotonicNanoseconds()
    while true {
      do {
        let queue = try DatabaseQueue(path: path, configuration: configuration)
        try StoreSchema.migrate(queue, path: path)
        return queue
      } catch let error as DatabaseError
        where [.SQLITE_BUSY, .SQLITE_CONSTRAINT].contains(error.resultCode)
        && monotonicNanoseconds() - begin < UInt64(busySeconds) * 1_000_000_000
      {
        // Another process makes the same file: the change to a write-ahead log does not wait for its lock, and the
        // migration it has made meanwhile is not made twice.
        Thread.sleep(forTimeInterval: 0.02)
      }
    }
  }

  // MARK: - Writing

  /// Keeps a new run, as yet without points.
  ///
  /// - Returns: Its number.
  public func begin(
    _ kind: RunKind, arguments: [String], plannedPoints: Int, context: RunContext, warnings: [String] = []
  ) throws(StoreError) -> Int {
    try write { database in
      try database.execute(
        sql: """
          INSERT INTO runs (kind, arguments, planned_points, record_schema, context, warnings)
          VALUES (?, ?, ?, ?, ?, ?)
          """,
        arguments: [
          kind.rawValue, JSONText.encode(arguments), plannedPoints, BenchResults.currentSchema,
          JSONText.encode(context.columnValues.present), JSONText.encode(warnings),
        ])
      return Int(database.lastInsertedRowID)
    }
  }

  /// Keeps a point in one transaction with its samples, in place of an earlier one with the same key.
  public func record(_ point: StoredPoint, in run: Int) throws(StoreError) {
    try write { database in
      let id = try Int64.fetchOne(
        database,
        sql: """
          INSERT INTO points (run_id, position, key, subject, is_complete, payload) VALUES (?, ?, ?, ?, ?, ?)
          ON CONFLICT (run_id, key) DO UPDATE
          SET position = excluded.position, is_complete = excluded.is_complete, payload = excluded.payload
          RETURNING id
          """,
        arguments: [
          run, point.position, point.key, point.subject, point.isComplete,
          JSONText.encode(point.payload.present),
        ])
      try database.execute(sql: "DELETE FROM samples WHERE point_id = ?", arguments: [id])
      for (quantity, samples) in point.samples where !samples.isEmpty {
        try database.execute(
          sql: "INSERT INTO samples (point_id, quantity, samples) VALUES (?, ?, ?)",
          arguments: [id, quantity, JSONText.encode(samples)])
      }
    }
  }

  /// Replaces what may have disturbed a run.
  public func setWarnings(_ warnings: [String], of run: Int) throws(StoreError) {
    try write { database in
      try database.execute(
        sql: "UPDATE runs SET warnings = ? WHERE id = ?", arguments: [JSONText.encode(warnings), run])
    }
  }

  /// Names a run. A run that had the name loses it: a baseline moves on.
  public func setName(_ name: String, of run: Int) throws(StoreError) {
    try write { database in
      try database.execute(sql: "UPDATE runs SET name = NULL WHERE name = ?", arguments: [name])
      try database.execute(sql: "UPDATE runs SET name = ? WHERE id = ?", arguments: [name, run])
    }
  }

  /// Deletes runs with all that belongs to them: all of them, or none if one does not exist.
  ///
  /// - Returns: Their numbers.
  public func delete(_ references: [RunReference]) throws(StoreError) -> [Int] {
    try write { database in
      let numbers = try references.map { try self.find($0, kind: nil, in: database).number }
      for number in numbers {
        try database.execute(sql: "DELETE FROM runs WHERE id = ?", arguments: [number])
      }
      return numbers
    }
  }

  // MARK: - Reading

  /// All runs in the order in which they began.
  public func runs() throws(StoreError) -> [StoredRun] {
    try read { try self.runs("ORDER BY id", in: $0) }
  }

  /// A run.
  ///
  /// - Parameter kind: What it must be of; for the last run, those of other kinds are passed over.
  public func run(_ reference: RunReference, kind: RunKind? = nil) throws(StoreError) -> StoredRun {
    try read { try self.find(reference, kind: kind, in: $0) }
  }

  /// The points of a run in the order of its plan.
  public func points(of run: Int) throws(StoreError) -> [StoredPoint] {
    try read { database in
      let rows = try Row.fetchAll(
        database,
        sql: """
          SELECT points.id, position, key, subject, is_complete, payload, quantity, samples
          FROM points LEFT JOIN samples ON point_id = points.id WHERE run_id = ? ORDER BY position, points.id
          """, arguments: [run])
      var points: [StoredPoint] = []
      var lastID: Int64?
      for row in rows {
        let id: Int64 = row["id"]
        if id != lastID {
          points.append(
            StoredPoint(
              position: row["position"], key: row["key"], subject: row["subject"],
              isComplete: row["is_complete"], payload: try JSONText.decode(row["payload"])))
          lastID = id
        }
        if let quantity: String = row["quantity"] {
          points[points.count - 1].samples[quantity] = try JSONText.decode(row["samples"])
        }
      }
      return points
    }
  }

  private func find(_ reference: RunReference, kind: RunKind?, in database: Database) throws -> StoredRun {
    let found =
      switch reference {
      case .number(let number): try runs("WHERE id = ?", [number], in: database)
      case .name(let name): try runs("WHERE name = ?", [name], in: database)
      case .last:
        try runs(
          "WHERE kind = ifnull(?, kind) ORDER BY id DESC LIMIT 1", [kind?.rawValue], in: database)
      }
    guard let run = found.first else { throw StoreError.noSuchRun(reference, path: path) }
    if let kind, run.kind != kind {
      throw StoreError.wrongKind(run: run.number, is: run.kind, needed: kind)
    }
    return run
  }

  private func runs(
    _ condition: String, _ arguments: StatementArguments = [], in database: Database
  ) throws -> [StoredRun] {
    let rows = try Row.fetchAll(
      database,
      sql: """
        SELECT *, (SELECT count(*) FROM points WHERE run_id = runs.id AND is_complete) AS complete_points
        FROM runs \(condition)
        """, arguments: arguments)
    return try rows.map { row in
      let number: Int = row["id"]
      do {
        return StoredRun(
          number: number, kind: RunKind(rawValue: row["kind"]) ?? .bench, name: row["name"],
          arguments: try JSONText.decode(row["arguments"]), plannedPoints: row["planned_points"],
          completePoints: row["complete_points"], recordSchema: row["record_schema"],
          context: try RunContext(columns: JSONText.decode(row["context"]), place: "context"),
          warnings: try JSONText.decode(row["warnings"]))
      } catch {
        throw StoreError.unreadableRun(run: number, reason: "\(error)")
      }
    }
  }

  private func write<Result>(_ updates: (Database) throws -> Result) throws(StoreError) -> Result {
    do { return try database.write(updates) } catch { throw StoreError(error, path: path) }
  }

  private func read<Result>(_ query: (Database) throws -> Result) throws(StoreError) -> Result {
    do { return try database.read(query) } catch { throw StoreError(error, path: path) }
  }
}

/// Values as JSON in a column of text.
private enum JSONText {
  static func encode(_ value: some Encodable) throws -> String {
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
    return String(decoding: try encoder.encode(value), as: UTF8.self)
  }

  static func decode<Value: Decodable>(_ text: String) throws -> Value {
    try JSONDecoder().decode(Value.self, from: Data(text.utf8))
  }
}

extension [String: ColumnValue] {
  /// Without what is missing.
  fileprivate var present: Self { filter { $0.value != .missing } }
}
