/// What the machine is made of. Fields that nothing on the system tells are `nil` or empty.
public struct Topology: Sendable, Hashable {
  /// As the CPU calls itself, or what its numbers stand for on AArch64.
  public let cpuModel: String?
  /// `GenuineIntel`, `AuthenticAMD`, or the implementer's number on AArch64.
  public let vendor: String?
  /// Logical CPUs this process may use, in the order workers take them.
  public let processors: [Int]
  /// Physical cores among `processors`.
  public let physicalCores: Int
  /// Logical CPUs of one core as the hardware has them, allowed or not.
  public let threadsPerCore: Int
  /// Sockets among `processors`.
  public let sockets: Int
  /// NUMA nodes that hold memory, ascending.
  public let numaNodes: [Int]
  /// Data and unified caches of the first processor, nearest first.
  public let caches: [Cache]
  /// Main memory.
  public let memory: MemorySize
  /// The hypervisor's or virtual machine's name; `nil` on bare metal.
  public let hypervisor: String?
  /// Version of the operating system's kernel.
  public let kernelVersion: String?

  /// Reads the machine this process runs on, for the CPUs it may use.
  public init() {
    self.init(
      files: SystemFiles(), processors: WorkerPool.availableProcessors,
      configuredCacheBytes: Cache.bytesFromSystemConfiguration)
  }

  /// Reads the machine described by `files`.
  ///
  /// - Parameters:
  ///   - processors: logical CPUs the process may use.
  ///   - configuredCacheBytes: size by level for machines without cache files.
  init(files: SystemFiles, processors: [Int], configuredCacheBytes: (_ level: Int) -> Int?) {
    let cpu = files.fields("/proc/cpuinfo")
    let ordered = ProcessorOrder.spreadOverCores(processors, files: files)
    let cores = ordered.map { Core(processor: $0, files: files) }
    self.processors = ordered
    vendor = cpu["vendor_id"] ?? cpu["CPU implementer"]
    cpuModel =
      cpu["model name"]
      ?? cpu["CPU part"].map { ARMProcessorNames.name(implementer: cpu["CPU implementer"], part: $0) }
    physicalCores = Set(cores).count
    threadsPerCore = cores.map(\.siblings).max() ?? 1
    sockets = Set(cores.map(\.socket)).count
    numaNodes = files.indexList("/sys/devices/system/node/has_memory") ?? [0]
    caches = Cache.ofProcessor(
      ordered.first ?? 0, processors: ordered.count, files: files, configuredBytes: configuredCacheBytes)
    memory = MemorySize(files: files)
    hypervisor = Self.hypervisor(cpu: cpu, files: files)
    kernelVersion = files.text("/proc/sys/kernel/osrelease")
  }

  /// The data or unified cache of a level.
  public func cache(level: Int) -> Cache? { caches.first { $0.level == level } }

  /// The cache farthest from the core.
  public var lastLevelCache: Cache? { caches.last }

  private struct Core: Hashable {
    let socket: Int
    let firstSibling: Int
    let siblings: Int

    init(processor: Int, files: SystemFiles) {
      let topology = "/sys/devices/system/cpu/cpu\(processor)/topology"
      let list = files.indexList("\(topology)/thread_siblings_list") ?? [processor]
      socket = files.integer("\(topology)/physical_package_id") ?? 0
      firstSibling = list.first ?? processor
      siblings = max(list.count, 1)
    }
  }

  private static func hypervisor(cpu: [String: String], files: SystemFiles) -> String? {
    if let type = files.text("/sys/hypervisor/type") { return type }
    let names = ["sys_vendor", "product_name"].compactMap { files.text("/sys/class/dmi/id/\($0)") }
    if let flags = cpu["flags"] {
      guard flags.split(separator: " ").contains("hypervisor") else { return nil }
    } else {  // AArch64 has no such flag; the firmware's names tell, as systemd-detect-virt takes them
      let virtual = ["KVM", "QEMU", "VMware", "OpenStack"]
      guard names.contains(where: { name in virtual.contains { name.hasPrefix($0) } }) else { return nil }
    }
    return names.isEmpty ? "unnamed" : names.joined(separator: " ")
  }
}
