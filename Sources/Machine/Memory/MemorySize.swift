/// How much memory there is, in bytes; `nil` where `/proc/meminfo` does not say.
public struct MemorySize: Sendable, Hashable {
  /// All memory the kernel manages.
  public let totalBytes: Int?
  /// What can be had without swapping, within the limit of this process's control group.
  public let availableBytes: Int?

  init(totalBytes: Int?, availableBytes: Int?) {
    self.totalBytes = totalBytes
    self.availableBytes = availableBytes
  }

  /// Reads `/proc/meminfo` and the version 2 control group limits.
  public init(files: SystemFiles) {
    let fields = files.fields("/proc/meminfo")
    func bytes(_ key: String) -> Int? {
      guard let value = fields[key], value.hasSuffix(" kB"), let kibibytes = Int(value.dropLast(3)),
        kibibytes >= 0
      else { return nil }
      let (bytes, overflow) = kibibytes.multipliedReportingOverflow(by: 1024)
      return overflow ? nil : bytes
    }
    let group = Self.controlGroupRoom(files: files)
    totalBytes = bytes("MemTotal")
    availableBytes = [bytes("MemAvailable"), group].compactMap { $0 }.min()
  }

  /// What the control group of a container still allows. Page cache counts as used, so this errs low by what
  /// could be reclaimed; that part is added back.
  private static func controlGroupRoom(files: SystemFiles) -> Int? {
    guard let limit = files.integer("/sys/fs/cgroup/memory.max"),
      let used = files.integer("/sys/fs/cgroup/memory.current")
    else { return nil }
    let statistics = files.text("/sys/fs/cgroup/memory.stat") ?? ""
    let reclaimable = statistics.split(whereSeparator: \.isNewline).compactMap { line -> Int? in
      let words = line.split(separator: " ")
      return words.count == 2 && words[0] == "inactive_file" ? Int(words[1]) : nil
    }.first
    return max(0, limit &- used &+ (reclaimable ?? 0))
  }
}
