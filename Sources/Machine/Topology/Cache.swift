import Foundation

/// One data or unified cache.
public struct Cache: Sendable, Hashable {
  /// 1 is nearest to the core.
  public let level: Int
  /// Size in bytes of one such cache.
  public let bytes: Int
  /// Logical CPUs that share one such cache.
  public let sharedBy: Int

  /// The data and unified caches of a logical CPU, nearest first.
  ///
  /// From sysfs; without it from the C library's configuration, with the last level shared by all
  /// `processors`; empty when neither knows.
  static func ofProcessor(
    _ processor: Int, processors: Int, files: SystemFiles, configuredBytes: (_ level: Int) -> Int?
  ) -> [Cache] {
    let directory = "/sys/devices/system/cpu/cpu\(processor)/cache"
    let described = files.numbered("index", in: directory).compactMap { index -> Cache? in
      let cache = "\(directory)/index\(index)"
      guard let kind = files.text("\(cache)/type"), kind == "Data" || kind == "Unified",
        let level = files.integer("\(cache)/level"), (1...8).contains(level),
        let bytes = files.text("\(cache)/size").flatMap(Self.bytes(inSize:)), bytes > 0
      else { return nil }
      let sharing = files.indexList("\(cache)/shared_cpu_list")?.count ?? 1
      return Cache(level: level, bytes: bytes, sharedBy: max(sharing, 1))
    }
    if !described.isEmpty { return described.sorted { $0.level < $1.level } }
    return (1...3).compactMap { level in
      guard let bytes = configuredBytes(level), bytes > 0 else { return nil }
      return Cache(level: level, bytes: bytes, sharedBy: level == 3 ? processors : 1)
    }
  }

  /// What the C library knows, which on some systems is nothing.
  static func bytesFromSystemConfiguration(level: Int) -> Int? {
    let names = [1: _SC_LEVEL1_DCACHE_SIZE, 2: _SC_LEVEL2_CACHE_SIZE, 3: _SC_LEVEL3_CACHE_SIZE]
    guard let name = names[level] else { return nil }
    let bytes = sysconf(Int32(name))
    return bytes > 0 ? bytes : nil
  }

  /// Bytes of a size as sysfs writes it: `48K`, `2M` or plain bytes.
  static func bytes(inSize text: String) -> Int? {
    let units = ["K": 1 << 10, "M": 1 << 20, "G": 1 << 30]
    guard let last = text.last else { return nil }
    guard let unit = units[String(last).uppercased()] else { return Int(text) }
    guard let number = Int(text.dropLast()) else { return nil }
    let (bytes, overflow) = number.multipliedReportingOverflow(by: unit)
    return overflow ? nil : bytes
  }
}
