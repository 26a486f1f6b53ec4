import Foundation

/// Why there is no energy meter.
public enum EnergyUnavailable: Error, Equatable, CustomStringConvertible {
  /// The kernel shows no RAPL domain.
  case noDomain
  /// There are domains but this user may not read them.
  case unreadable(path: String)

  /// What is missing and what to do, in one sentence.
  public var description: String {
    switch self {
    case .noDomain:
      return
        "this system has no RAPL energy counters under /sys/class/powercap: virtual machines rarely do; on "
        + "bare metal load the module intel_rapl_msr."
    case .unreadable(let path):
      return "the energy counter \(path) cannot be read: run as root, or allow it by `sudo chmod a+r` on it."
    }
  }
}

/// A moment on an ``EnergyMeter``.
public struct EnergyMark: Sendable, Hashable {
  fileprivate let microjoules: [UInt64]
}

/// Energy of all processor packages, and of DRAM where it is metered, from the RAPL counters the kernel shows in
/// `/sys/class/powercap`.
///
/// The counters are of the whole machine, not of this process, and advance about every millisecond: short calls
/// are measured by adding up many.
public struct EnergyMeter: Sendable {
  private struct Domain {
    let counterPath: String
    let range: UInt64
  }

  /// The metered domains, such as `package-0` and `dram`.
  public let domainNames: [String]
  private let domains: [Domain]
  private let files: SystemFiles

  /// Finds the domains that can be read.
  ///
  /// Cores and graphics are parts of their package, and `psys` is all of the platform: none is added again.
  public init(files: SystemFiles = SystemFiles()) throws(EnergyUnavailable) {
    let root = "/sys/class/powercap"
    var names: [String] = []
    var domains: [Domain] = []
    for directory in files.names(in: root) {
      let parts = directory.split(separator: ":")
      guard parts.first == "intel-rapl", parts.count == 2 || parts.count == 3,
        let name = files.text("\(root)/\(directory)/name")
      else { continue }
      guard parts.count == 2 ? name.hasPrefix("package") : name == "dram" else { continue }
      let path = "\(root)/\(directory)/energy_uj"
      guard files.text(path).flatMap({ UInt64($0) }) != nil else { throw .unreadable(path: path) }
      let range = files.text("\(root)/\(directory)/max_energy_range_uj").flatMap { UInt64($0) } ?? 0
      names.append(name)
      domains.append(Domain(counterPath: path, range: range))
    }
    guard !domains.isEmpty else { throw .noDomain }
    domainNames = names
    self.domains = domains
    self.files = files
  }

  /// The counters now; `nil` when one has become unreadable.
  public func mark() -> EnergyMark? {
    let values = domains.compactMap { files.text($0.counterPath).flatMap { UInt64($0) } }
    return values.count == domains.count ? EnergyMark(microjoules: values) : nil
  }

  /// Joules from one moment to a later one. A counter that wrapped once in between, which takes minutes at the
  /// least, is counted right.
  public func joules(from begin: EnergyMark, to end: EnergyMark) -> Double? {
    guard begin.microjoules.count == domains.count, end.microjoules.count == domains.count else { return nil }
    var total = 0.0
    for (domain, (before, after)) in zip(domains, zip(begin.microjoules, end.microjoules)) {
      if after >= before {
        total += Double(after - before)
      } else if before <= domain.range {
        total += Double(domain.range - before) + Double(after)
      } else {
        return nil
      }
    }
    return total * 1e-6
  }
}
