import CKernels
import Foundation

/// Machine limits kept between runs as JSON, one file per machine.
///
/// Nothing here fails a run: a file that cannot be read is measured anew, one that cannot be written is left,
/// and a note says so.
public struct LimitsCache: Sendable {
  private let directory: String?

  /// - Parameter directory: where the files lie; `nil` keeps nothing.
  public init(directory: String?) { self.directory = directory }

  /// The cache of this user: ``UserFolder/cache(environment:)``.
  public init(environment: [String: String] = ProcessInfo.processInfo.environment) {
    directory = UserFolder.cache(environment: environment)
  }

  /// Limits for all `threadCounts`: those of the file, and those it lacks measured now and added to it.
  ///
  /// - Parameters:
  ///   - probe: measures all anew, whatever the file says.
  /// - Returns: the limits, and notes about the file that a user may want to know.
  /// - Throws: ``WorkerPoolError`` or ``MemoryError``.
  public func limits(
    threadCounts: [Int], topology: Topology = Topology(), isa: UInt32 = bl_cpu_isa(), probe: Bool = false
  ) throws -> (limits: MachineLimits, notes: [String]) {
    try limits(for: .init(topology: topology, isa: isa), threadCounts: threadCounts, probe: probe) {
      missing in
      try MachineLimits.measure(threadCounts: missing, topology: topology, isa: isa)
    }
  }

  func limits(
    for key: MachineLimits.Key, threadCounts: [Int], probe: Bool,
    measure: (_ missing: [Int]) throws -> MachineLimits
  ) throws -> (limits: MachineLimits, notes: [String]) {
    var notes: [String] = []
    var known = MachineLimits(key: key, byThreads: [])
    do {
      if let stored = try load(key) { known = stored }
    } catch {
      notes.append("the stored machine limits in \(path(key) ?? "") cannot be used and are measured anew.")
    }
    let missing = threadCounts.filter { probe || known.limits(threads: $0) == nil }
    guard !missing.isEmpty else { return (known, notes) }
    let measured = try measure(missing)
    known = MachineLimits(key: key, byThreads: known.byThreads + measured.byThreads)
    do {
      try store(known)
    } catch {
      notes.append(
        "the machine limits cannot be kept in \(path(key) ?? "") and will be measured again: "
          + "make the directory writable or set XDG_CACHE_HOME.")
    }
    return (known, notes)
  }

  private struct BadFile: Error {}

  /// The file's limits if they are of this key; `nil` without a file.
  private func load(_ key: MachineLimits.Key) throws -> MachineLimits? {
    guard let path = path(key), FileManager.default.fileExists(atPath: path) else { return nil }
    let limits = try JSONDecoder().decode(
      MachineLimits.self, from: Data(contentsOf: URL(fileURLWithPath: path)))
    let rates = limits.byThreads.flatMap { threads in
      Array(threads.readBandwidthBytesPerSecond.values) + Array(threads.macsPerSecond.values)
    }
    guard limits.key == key, limits.byThreads.allSatisfy({ $0.threads > 0 }),
      rates.allSatisfy({ $0.median > 0 && $0.median <= $0.best && $0.best.isFinite })
    else { throw BadFile() }
    return limits
  }

  private func store(_ limits: MachineLimits) throws {
    guard let directory, let path = path(limits.key) else { return }
    try FileManager.default.createDirectory(atPath: directory, withIntermediateDirectories: true)
    let encoder = JSONEncoder()
    encoder.outputFormatting = [.prettyPrinted, .sortedKeys]
    try encoder.encode(limits).write(to: URL(fileURLWithPath: path), options: .atomic)
  }

  func path(_ key: MachineLimits.Key) -> String? {
    guard let directory else { return nil }
    // FNV-1a, 64 bit: a name for the file; the key inside decides.
    var hash: UInt64 = 0xcbf2_9ce4_8422_2325
    for byte in "\(key.schema)|\(key.cpuModel)|\(key.processors)|\(key.isa)".utf8 {
      hash = (hash ^ UInt64(byte)) &* 0x100_0000_01b3
    }
    return "\(directory)/machine-limits-\(String(hash, radix: 16)).json"
  }
}
