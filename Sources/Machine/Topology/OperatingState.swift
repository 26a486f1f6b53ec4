/// Settings and circumstances that change how fast the machine runs today.
public struct OperatingState: Sendable, Hashable {
  /// How the kernel gives transparent huge pages.
  public enum TransparentHugePages: String, Sendable, Hashable {
    case always, madvise, never
  }

  /// The CPU frequency governor; `nil` when there is none to read, as in most virtual machines.
  public let governor: String?
  /// Frequency now, in hertz.
  public let frequencyHertz: Double?
  /// Highest frequency the hardware allows, in hertz.
  public let highestFrequencyHertz: Double?
  /// Whether the CPU may exceed its nominal frequency.
  public let turbo: Bool?
  /// Runnable threads, averaged over the last minute.
  public let loadAverage: Double?
  /// `/proc/sys/kernel/perf_event_paranoid`: above 2 there are no hardware counters for ordinary users.
  public let perfEventParanoid: Int?
  /// Transparent huge pages; `nil` when the kernel has none.
  public let transparentHugePages: TransparentHugePages?
  /// Huge pages set aside by the administrator.
  public let reservedHugePages: Int?
  /// Bytes of one of those.
  public let hugePageBytes: Int?

  /// Reads the state of `processor` and of the whole system.
  public init(files: SystemFiles = SystemFiles(), processor: Int = WorkerPool.availableProcessors.first ?? 0)
  {
    let scaling = "/sys/devices/system/cpu/cpu\(processor)/cpufreq"
    governor = files.text("\(scaling)/scaling_governor")
    frequencyHertz = files.integer("\(scaling)/scaling_cur_freq").map { Double($0) * 1e3 }
    highestFrequencyHertz = files.integer("\(scaling)/cpuinfo_max_freq").map { Double($0) * 1e3 }
    if let boost = files.integer("/sys/devices/system/cpu/cpufreq/boost") {
      turbo = boost != 0
    } else {
      turbo = files.integer("/sys/devices/system/cpu/intel_pstate/no_turbo").map { $0 == 0 }
    }
    loadAverage = files.text("/proc/loadavg")?.split(separator: " ").first.flatMap { Double($0) }
      .flatMap { $0.isFinite && $0 >= 0 ? $0 : nil }
    perfEventParanoid = files.integer("/proc/sys/kernel/perf_event_paranoid")
    // The chosen one of `always [madvise] never` stands in brackets.
    transparentHugePages = files.text("/sys/kernel/mm/transparent_hugepage/enabled")?
      .split(separator: " ").first { $0.hasPrefix("[") && $0.hasSuffix("]") }
      .flatMap { TransparentHugePages(rawValue: String($0.dropFirst().dropLast())) }
    let memory = files.fields("/proc/meminfo")
    reservedHugePages = memory["HugePages_Total"].flatMap { Int($0) }
    hugePageBytes = memory["Hugepagesize"].flatMap { $0.hasSuffix(" kB") ? Int($0.dropLast(3)) : nil }
      .flatMap { (0...(1 << 30)).contains($0) ? $0 << 10 : nil }
  }
}
