internal import GRDB

/// Why results cannot be kept, or found again.
public enum StoreError: Error, Sendable, Equatable, CustomStringConvertible {
  /// No file was named, and without a home there is no usual one.
  case noHome
  /// There is no such file to read.
  case missing(path: String)
  /// A file of something else.
  case notAStore(path: String)
  /// Written by a later bitlab.
  case newerSchema(path: String, version: String)
  /// The file or its folder cannot be written, or not be opened at all.
  case notWritable(path: String)
  /// No space left.
  case full(path: String)
  /// Another process has kept the file locked.
  case busy(path: String)
  /// No run of that number or name.
  case noSuchRun(RunReference, path: String)
  /// A run of another kind than is needed.
  case wrongKind(run: Int, is: RunKind, needed: RunKind)
  /// A run whose records this bitlab cannot read.
  case unreadableRun(run: Int, reason: String)
  /// Anything else that SQLite says.
  case failed(path: String, reason: String)

  /// What is wrong, where, and what to do.
  public var description: String {
    switch self {
    case .noHome:
      "there is no home folder to keep results in: name a file with --store"
    case .missing(let path):
      "there is no store '\(path)': 'bitlab bench' makes it, and --store names another"
    case .notAStore(let path):
      "'\(path)' is not a store of bitlab: name another file with --store"
    case .newerSchema(let path, let version):
      "the store '\(path)' has schema \(version), but this bitlab knows \(StoreSchema.currentVersion): "
        + "use the bitlab that wrote it, or name another file with --store"
    case .notWritable(let path):
      "the store '\(path)' cannot be written: make the file and its folder writable, or name another with --store"
    case .full(let path):
      "the store '\(path)' cannot grow, its disk is full: make room, or name a file elsewhere with --store"
    case .busy(let path):
      "the store '\(path)' has been locked by another process for \(ResultStore.busySeconds) s: end that process, "
        + "or name another file with --store"
    case .noSuchRun(let reference, let path):
      "there is no \(reference.title) in '\(path)': 'bitlab runs list' shows those there are"
    case .wrongKind(let run, let kind, let needed):
      "run \(run) is of '\(kind.rawValue)', but one of '\(needed.rawValue)' is needed"
    case .unreadableRun(let run, let reason):
      "run \(run) cannot be read: \(reason)"
    case .failed(let path, let reason):
      "the store '\(path)' fails (\(reason)): name another file with --store"
    }
  }

  /// The error in the store's terms.
  init(_ error: any Error, path: String) {
    switch error {
    case let error as StoreError: self = error
    case let error as DatabaseError:
      switch error.resultCode {
      case .SQLITE_NOTADB: self = .notAStore(path: path)
      case .SQLITE_READONLY, .SQLITE_CANTOPEN, .SQLITE_PERM, .SQLITE_AUTH: self = .notWritable(path: path)
      case .SQLITE_FULL: self = .full(path: path)
      case .SQLITE_BUSY, .SQLITE_LOCKED: self = .busy(path: path)
      default: self = .failed(path: path, reason: error.message ?? "\(error.resultCode)")
      }
    default: self = .failed(path: path, reason: "\(error)")
    }
  }
}
