import Testing

@testable import Machine

@Suite struct DoctorTests {
  private func warnings(
    _ changes: [String: String] = [:], threads: Int = 1, isDebugBuild: Bool = false
  ) throws -> [Warning] {
    let system = try FakeSystem(Self.quietServer.merging(changes) { $1 })
    return NoiseCheck.warnings(
      topology: Topology(files: system.files, processors: Array(0..<8), configuredCacheBytes: { _ in nil }),
      state: OperatingState(files: system.files, processor: 0), threads: threads, isDebugBuild: isDebugBuild)
  }

  private static let quietServer = FakeSystem.twoSocketServer().merging(["/proc/loadavg": "0.05 0.1 0.1"]) {
    $1
  }

  @Test func aQuietServerHasNoWarnings() throws {
    #expect(try warnings(threads: 4) == [])
  }

  @Test(arguments: [
    ("/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor", "powersave", "governor is powersave"),
    ("/proc/loadavg", "3.50 1 1 2/3 4", "3.5 CPUs busy"),
    ("/proc/sys/kernel/perf_event_paranoid", "3", "perf_event_paranoid is 3"),
    ("/sys/kernel/mm/transparent_hugepage/enabled", "always madvise [never]", "huge pages are off"),
    ("/sys/kernel/mm/transparent_hugepage/enabled", "", "no transparent huge pages"),
    ("/sys/devices/system/cpu/intel_pstate/no_turbo", "", "turbo state cannot be read"),
    ("/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq", "", "clock or turbo"),
    ("/sys/hypervisor/type", "xen", "virtual machine (xen)"),
  ])
  func eachCauseHasItsWarning(path: String, text: String, cause: String) throws {
    let warnings = try warnings([path: text])
    #expect(warnings.count == 1)
    #expect(warnings.first?.cause.contains(cause) == true, "\(warnings)")
    #expect(warnings.first?.remedy.isEmpty == false)
  }

  @Test func sharedCoresAndDebugBuilds() throws {
    #expect(try warnings(threads: 5).map(\.cause) == ["5 threads share 4 physical cores"])
    #expect(try warnings(isDebugBuild: true).map(\.cause) == ["this is a debug build"])
  }

  @Test func reportsAServer() throws {
    let system = try FakeSystem(Self.quietServer)
    let topology = Topology(files: system.files, processors: Array(0..<8), configuredCacheBytes: { _ in nil })
    let rate = ProbeRate(rates: [1e9, 3e9, 2e9], method: "by hand")
    let limits = MachineLimits(
      key: .init(topology: topology, isa: 1),
      byThreads: [
        ThreadLimits(
          threads: 2, readBandwidthBytesPerSecond: [.dram: rate], macsPerSecond: [.int8Dot: rate])
      ])
    let report = MachineReport(
      topology: topology, state: OperatingState(files: system.files, processor: 0), isa: 1,
      counters: FakeCounters(), energy: .failure(.noDomain), limits: limits, isDebugBuild: false)
    let items = Dictionary(
      report.sections.flatMap(\.items).map { ($0.label, $0) }, uniquingKeysWith: { first, _ in first })
    #expect(items["CPU"]?.value == "Test CPU 9000")
    #expect(items["logical CPUs allowed"]?.value == "8 (0-7)")
    #expect(items["L3 cache"]?.value == "32 MiB, shared by 4 CPUs")
    #expect(items["instruction sets"]?.value == "AVX2")
    #expect(items["NUMA nodes"]?.value == "2 (0-1)")
    #expect(items["highest frequency"]?.value == "4.0 GHz")
    #expect(items["REGIONS"]?.value == "counted")
    #expect(items["PAPI_FP_OPS"]?.value == nil && items["PAPI_FP_OPS"]?.remedy?.isEmpty == false)
    #expect(items["energy"]?.value == nil && items["energy"]?.remedy?.contains("RAPL") == true)
    #expect(items["DRAM read, 2 threads"]?.value == "2.0 GB/s (best 3.0), by hand")
    #expect(items["int8-dot, 2 threads"]?.value == "2.0 GMAC/s (best 3.0), by hand")
    #expect(report.warnings.map(\.cause) == ["8 threads share 4 physical cores"])
  }

  @Test func missingFactsHaveRemedies() throws {
    let system = try FakeSystem([:])
    let report = MachineReport(
      topology: Topology(files: system.files, processors: [0], configuredCacheBytes: { _ in nil }),
      state: OperatingState(files: system.files, processor: 0), isa: 0, counters: FakeCounters(),
      energy: .failure(.noDomain), limits: nil)
    let missing = report.sections.flatMap(\.items).filter { $0.value == nil }.map(\.label)
    #expect(missing.contains("CPU") && missing.contains("caches") && missing.contains("limits"))
    #expect(!report.warnings.isEmpty)
  }

  @Test func reportsThisMachine() {
    let report = MachineReport()
    #expect(report.sections.map(\.title).contains("Processor"))
    #expect(report.sections.allSatisfy { !$0.items.isEmpty })
  }
}
