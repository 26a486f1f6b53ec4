internal import GRDB

/// The tables of a store, and how files of earlier versions become current.
///
/// A migration that has been released is never changed: a new version is a new one at the end.
enum StoreSchema {
  /// Marks an SQLite file as ours, in its header: `bitl` in ASCII.
  static let applicationID = 0x6269_746C

  /// The version that this code writes: the name of the last migration.
  static var currentVersion: String { migrator.migrations.last ?? "" }

  static let migrator: DatabaseMigrator = {
    var migrator = DatabaseMigrator()
    migrator.registerMigration("1") { try $0.execute(sql: version1) }
    return migrator
  }()

  /// Runs, their points, and the samples of these. `context` and `payload` are JSON objects by column name, without
  /// what is missing, so that SQLite's JSON functions find every figure: `payload ->> 'latency_median_s'`.
  ///
  /// `IF NOT EXISTS`, because another process may make the same file at the same moment.
  private static let version1 = """
    CREATE TABLE IF NOT EXISTS runs (
      id INTEGER PRIMARY KEY AUTOINCREMENT,      -- a number is not used again
      kind TEXT NOT NULL CHECK (kind IN ('bench', 'simulate')),
      name TEXT UNIQUE,
      arguments TEXT NOT NULL,                   -- JSON list: what to run again for the points that are missing
      planned_points INTEGER NOT NULL,
      record_schema INTEGER NOT NULL,            -- of context and payloads
      context TEXT NOT NULL,
      warnings TEXT NOT NULL                     -- JSON list
    ) STRICT;
    CREATE TABLE IF NOT EXISTS points (
      id INTEGER PRIMARY KEY,
      run_id INTEGER NOT NULL REFERENCES runs (id) ON DELETE CASCADE,
      position INTEGER NOT NULL,                 -- in the run's plan, from 0
      key TEXT NOT NULL,                         -- the same for the same point of another run
      subject TEXT NOT NULL,                     -- the kernel, or the design
      is_complete INTEGER NOT NULL CHECK (is_complete IN (0, 1)),  -- 0: was interrupted
      payload TEXT NOT NULL,
      UNIQUE (run_id, key)
    ) STRICT;
    CREATE TABLE IF NOT EXISTS samples (
      point_id INTEGER NOT NULL REFERENCES points (id) ON DELETE CASCADE,
      quantity TEXT NOT NULL,                    -- the column that is their median
      samples TEXT NOT NULL,                     -- JSON list, in the order taken
      PRIMARY KEY (point_id, quantity)
    ) STRICT;
    """

  /// Refuses files of other programs, before anything in them is touched, and marks new ones as ours.
  static func claim(_ database: Database, path: String) throws {
    try database.inTransaction(.deferred) {
      let owner = try Int.fetchOne(database, sql: "PRAGMA application_id")
      if owner == applicationID { return .commit }
      let tables = try Int.fetchOne(database, sql: "SELECT count(*) FROM sqlite_master")
      guard owner == 0, tables == 0 else { throw StoreError.notAStore(path: path) }
      try database.execute(sql: "PRAGMA application_id = \(applicationID)")
      return .commit
    }
  }

  /// Brings the file to the current version.
  static func migrate(_ queue: DatabaseQueue, path: String) throws {
    let applied = try queue.read { try migrator.appliedIdentifiers($0) }
    let unknown = applied.subtracting(migrator.migrations)
    if let newest = unknown.max(by: { ($0.count, $0) < ($1.count, $1) }) {
      throw StoreError.newerSchema(path: path, version: newest)
    }
    try migrator.migrate(queue)
  }
}
