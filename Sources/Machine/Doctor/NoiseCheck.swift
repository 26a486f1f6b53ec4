/// Something that makes measurements less trustworthy, and what to do about it.
public struct Warning: Sendable, Hashable, CustomStringConvertible {
  /// What is the case.
  public let cause: String
  /// What to do.
  public let remedy: String

  /// A warning with cause and remedy.
  public init(cause: String, remedy: String) {
    self.cause = cause
    self.remedy = remedy
  }

  /// Cause and remedy as one sentence.
  public var description: String { "\(cause): \(remedy)." }
}

/// Circumstances that disturb timings or hide what happens.
public enum NoiseCheck {
  /// Load above which others are taken to compute: a fifth of a CPU.
  private static let quietLoad = 0.2

  /// Warnings for measurements with `threads` workers.
  ///
  /// - Parameter isDebugBuild: of the Swift code that surrounds the kernels.
  public static func warnings(
    topology: Topology, state: OperatingState, threads: Int, isDebugBuild: Bool = Self.isDebugBuild
  ) -> [Warning] {
    var warnings: [Warning] = []
    func warn(_ cause: String, _ remedy: String) { warnings.append(Warning(cause: cause, remedy: remedy)) }

    if isDebugBuild { warn("this is a debug build", "measure with `swift build -c release`") }
    if let governor = state.governor, governor != "performance" {
      warn(
        "the CPU governor is \(governor), so that clocks follow the load",
        "set it by `sudo cpupower frequency-set -g performance`")
    }
    if let load = state.loadAverage, load > quietLoad {
      warn("other programs keep \(load) CPUs busy (load average)", "end them or wait until they are done")
    }
    if let hypervisor = topology.hypervisor {
      let name = hypervisor == "unnamed" ? "" : " (\(hypervisor))"
      warn(
        "this is a virtual machine\(name), whose neighbours share caches and memory bandwidth",
        "trust ratios within one run more than absolute times")
    } else if state.frequencyHertz == nil || state.turbo == nil {
      warn(
        "the CPU's clock or turbo state cannot be read",
        "load a cpufreq driver, or compare clocks by the peaks of `bitlab doctor --probe`")
    }
    if topology.physicalCores < min(threads, topology.processors.count) {
      warn(
        "\(threads) threads share \(topology.physicalCores) physical cores",
        "use `--threads \(topology.physicalCores)`, or switch SMT off")
    }
    switch state.transparentHugePages {
    case .always, .madvise: break
    case .never:
      warn(
        "transparent huge pages are off, so that streams of weights miss the TLB",
        "allow them by `echo madvise | sudo tee /sys/kernel/mm/transparent_hugepage/enabled`")
    case nil:
      warn(
        "the kernel tells of no transparent huge pages, without which streams of weights miss the TLB",
        "use a kernel with CONFIG_TRANSPARENT_HUGEPAGE")
    }
    if let paranoid = state.perfEventParanoid, paranoid > 2 {
      warn(
        "perf_event_paranoid is \(paranoid), so that hardware counters are missing",
        "allow them by `sudo sysctl kernel.perf_event_paranoid=1`")
    }
    return warnings
  }

  /// Whether this code was compiled without optimisation.
  public static var isDebugBuild: Bool {
    #if DEBUG
      true
    #else
      false
    #endif
  }
}
