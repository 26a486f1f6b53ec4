import CKernels

/// All that is known about the machine, for `bitlab doctor` to print.
public struct MachineReport: Sendable, Hashable {
  /// One fact.
  public struct Item: Sendable, Hashable {
    /// What the fact is about.
    public let label: String
    /// The fact with its unit; `nil` when it could not be found out.
    public let value: String?
    /// What to do when something is missing or could be better.
    public let remedy: String?
  }

  /// Facts that belong together.
  public struct Section: Sendable, Hashable {
    /// The heading.
    public let title: String
    /// The facts, in reading order.
    public let items: [Item]
  }

  /// The sections, in reading order.
  public let sections: [Section]
  /// What disturbs measurements with all CPUs.
  public let warnings: [Warning]

  /// Gathers everything about the machine this process runs on.
  ///
  /// - Parameter limits: measured limits, if there are any.
  public init(limits: MachineLimits? = nil) {
    self.init(
      topology: Topology(), state: OperatingState(), isa: bl_cpu_isa(), counters: PAPICounters(),
      energy: Result { () throws(EnergyUnavailable) in try EnergyMeter() }, limits: limits)
  }

  init(
    topology: Topology, state: OperatingState, isa: UInt32, counters: any CounterProvider,
    energy: Result<EnergyMeter, EnergyUnavailable>, limits: MachineLimits?,
    isDebugBuild: Bool = NoiseCheck.isDebugBuild
  ) {
    sections = [
      Self.processor(topology, isa: isa), Self.memory(topology, state), Self.clock(state),
      Self.instruments(counters, energy, state), Self.libraries(),
      Section(title: "Limits", items: Self.limitItems(limits)),
    ]
    warnings = NoiseCheck.warnings(
      topology: topology, state: state, threads: topology.processors.count, isDebugBuild: isDebugBuild)
  }

  // MARK: - Sections

  private static func processor(_ topology: Topology, isa: UInt32) -> Section {
    let extensions = InstructionSetNames.names(isa)
    var items = [
      Item("CPU", topology.cpuModel, remedy: "mount /proc"),
      Item("vendor", topology.vendor),
      Item("logical CPUs allowed", "\(topology.processors.count) (\(list(topology.processors)))"),
      Item("physical cores", "\(topology.physicalCores), \(topology.threadsPerCore) threads each"),
      Item("sockets", "\(topology.sockets)"),
      Item("hypervisor", topology.hypervisor ?? "none"),
      Item("instruction sets", extensions.isEmpty ? "scalar only" : extensions.joined(separator: ", ")),
    ]
    let missing = InstructionSetNames.missing(isa)
    if !missing.isEmpty {
      items.append(
        Item(
          label: "not available", value: missing.joined(separator: ", "),
          remedy: "their kernels are skipped; on a virtual machine the host may pass more CPU features on"))
    }
    for cache in topology.caches {
      items.append(Item("L\(cache.level) cache", "\(bytes(cache.bytes)), shared by \(cache.sharedBy) CPUs"))
    }
    if topology.caches.isEmpty {
      items.append(Item("caches", nil, remedy: "mount /sys; without sizes probes assume small caches"))
    }
    return Section(title: "Processor", items: items)
  }

  private static func memory(_ topology: Topology, _ state: OperatingState) -> Section {
    Section(
      title: "Memory",
      items: [
        Item("total", topology.memory.totalBytes.map(bytes), remedy: "mount /proc"),
        Item("available", topology.memory.availableBytes.map(bytes), remedy: "mount /proc"),
        Item("NUMA nodes", "\(topology.numaNodes.count) (\(list(topology.numaNodes)))"),
        Item(
          "transparent huge pages", state.transparentHugePages?.rawValue,
          remedy: "use a kernel with CONFIG_TRANSPARENT_HUGEPAGE"),
        Item(
          "reserved huge pages",
          state.reservedHugePages.map { "\($0)" + (state.hugePageBytes.map { " of \(bytes($0))" } ?? "") }),
      ])
  }

  private static func clock(_ state: OperatingState) -> Section {
    let driver = "load a cpufreq driver; virtual machines have none"
    func gigahertz(_ hertz: Double) -> String { "\((hertz / 1e7).rounded() / 100) GHz" }
    return Section(
      title: "Clock and load",
      items: [
        Item("governor", state.governor, remedy: driver),
        Item("frequency", state.frequencyHertz.map(gigahertz), remedy: driver),
        Item("highest frequency", state.highestFrequencyHertz.map(gigahertz), remedy: driver),
        Item("turbo", state.turbo.map { $0 ? "on" : "off" }, remedy: driver),
        Item("load average", state.loadAverage.map { "\($0)" }, remedy: "mount /proc"),
      ])
  }

  private static func instruments(
    _ counters: any CounterProvider, _ energy: Result<EnergyMeter, EnergyUnavailable>, _ state: OperatingState
  ) -> Section {
    let paranoid = state.perfEventParanoid
    var items = [
      Item(
        label: "perf_event_paranoid", value: paranoid.map { "\($0)" },
        remedy: paranoid.map { $0 <= 2 } ?? false
          ? nil : "allow counting by `sudo sysctl kernel.perf_event_paranoid=1`")
    ]
    for event in counters.events {
      items.append(
        event.missingBecause.map { Item(event.name, nil, remedy: $0) } ?? Item(event.name, "counted"))
    }
    switch energy {
    case .success(let meter): items.append(Item("energy", meter.domainNames.joined(separator: ", ")))
    case .failure(let reason): items.append(Item("energy", nil, remedy: "\(reason)"))
    }
    return Section(title: "Counters and energy", items: items)
  }

  private static func libraries() -> Section {
    Section(
      title: "Libraries",
      items: [
        Item(
          "libpapi", PAPILibrary.unavailableBecause == nil ? PAPILibrary.version : nil,
          remedy: PAPILibrary.unavailableBecause),
        Item("libnuma", NUMANodes.libraryVersion, remedy: "the kernel has no NUMA: all memory is one node"),
      ])
  }

  private static func limitItems(_ limits: MachineLimits?) -> [Item] {
    guard let limits, !limits.byThreads.isEmpty else {
      return [Item("limits", nil, remedy: "measure them by `bitlab doctor --probe`")]
    }
    return limits.byThreads.flatMap { threads -> [Item] in
      let who = threads.threads == 1 ? "1 thread" : "\(threads.threads) threads"
      func item(_ what: String, _ rate: ProbeRate?, _ unit: String) -> Item? {
        rate.map { rate in
          func billions(_ value: Double) -> String { "\((value / 1e8).rounded() / 10)" }
          return Item(
            "\(what), \(who)",
            "\(billions(rate.median)) \(unit) (best \(billions(rate.best))), \(rate.method)")
        }
      }
      return MemoryLevel.allCases.compactMap {
        item("\($0.rawValue) read", threads.readBandwidthBytesPerSecond[$0], "GB/s")
      }
        + ComputeKind.allCases.flatMap { kind in
          ([threads.macsPerSecond[kind]] + (threads.narrowerMACsPerSecond[kind] ?? []))
            .compactMap { item(kind.rawValue, $0, "GMAC/s") }
        }
    }
  }

  // MARK: - Text of values

  /// Binary units, as caches and memory are built.
  private static func bytes(_ count: Int) -> String {
    let units = [("GiB", 1 << 30), ("MiB", 1 << 20), ("KiB", 1 << 10)]
    guard let (name, size) = units.first(where: { count >= $0.1 }) else { return "\(count) B" }
    let tenths = (Double(count) / Double(size) * 10).rounded() / 10
    return tenths == tenths.rounded() ? "\(Int(tenths)) \(name)" : "\(tenths) \(name)"
  }

  /// `0-3, 8` for ascending or other numbers, in their order.
  private static func list(_ numbers: [Int]) -> String {
    var runs: [ClosedRange<Int>] = []
    for number in numbers {
      if let last = runs.last, last.upperBound + 1 == number {
        runs[runs.count - 1] = last.lowerBound...number
      } else {
        runs.append(number...number)
      }
    }
    return runs.map { $0.count == 1 ? "\($0.lowerBound)" : "\($0.lowerBound)-\($0.upperBound)" }
      .joined(separator: ", ")
  }
}

extension MachineReport.Item {
  /// A fact, with what to do when it is missing.
  fileprivate init(_ label: String, _ value: String?, remedy: String? = nil) {
    self.init(label: label, value: value, remedy: value == nil ? remedy : nil)
  }
}
