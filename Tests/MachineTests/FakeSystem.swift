import Foundation

@testable import Machine

/// A made-up tree of system files, removed with the object.
final class FakeSystem {
  private let root: URL

  /// - Parameter contents: text by absolute path, as on the real system.
  init(_ contents: [String: String]) throws {
    root = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID().uuidString)")
    try FileManager.default.createDirectory(at: root, withIntermediateDirectories: true)
    for (path, text) in contents { try write(text, to: path) }
  }

  deinit { try? FileManager.default.removeItem(at: root) }

  var path: String { root.path }
  var files: SystemFiles { SystemFiles(root: root.path) }

  func write(_ text: String, to path: String) throws {
    let file = root.appendingPathComponent(path)
    try FileManager.default.createDirectory(
      at: file.deletingLastPathComponent(), withIntermediateDirectories: true)
    try Data(text.utf8).write(to: file)
  }

  /// Two sockets of two cores with two threads each; siblings are `n` and `n + 4`.
  static func twoSocketServer() -> [String: String] {
    var contents = [
      "/proc/cpuinfo":
        "processor\t: 0\nvendor_id\t: GenuineIntel\nmodel name\t: Test CPU 9000\nflags\t\t: fpu avx2\n",
      "/proc/meminfo":
        "MemTotal: 1024 kB\nMemAvailable: 512 kB\nHugePages_Total: 3\nHugepagesize: 2048 kB\n",
      "/proc/loadavg": "0.25 0.20 0.10 1/100 4242\n",
      "/proc/sys/kernel/osrelease": "6.1.0-test\n",
      "/proc/sys/kernel/perf_event_paranoid": "1\n",
      "/sys/devices/system/node/has_memory": "0-1\n",
      "/sys/kernel/mm/transparent_hugepage/enabled": "always [madvise] never\n",
      "/sys/devices/system/cpu/intel_pstate/no_turbo": "0\n",
      "/sys/devices/system/cpu/cpu0/cpufreq/scaling_governor": "performance\n",
      "/sys/devices/system/cpu/cpu0/cpufreq/scaling_cur_freq": "2500000\n",
      "/sys/devices/system/cpu/cpu0/cpufreq/cpuinfo_max_freq": "4000000\n",
    ]
    for cpu in 0..<8 {
      let topology = "/sys/devices/system/cpu/cpu\(cpu)/topology"
      contents["\(topology)/physical_package_id"] = "\(cpu % 4 / 2)\n"
      contents["\(topology)/thread_siblings_list"] = "\(cpu % 4),\(cpu % 4 + 4)\n"
    }
    let caches =
      [("1", "Data", "48K", "0,4"), ("1", "Instruction", "32K", "0,4")]
      + [("2", "Unified", "2048K", "0,4"), ("3", "Unified", "32M", "0-1,4-5")]
    for (index, cache) in caches.enumerated() {
      let directory = "/sys/devices/system/cpu/cpu0/cache/index\(index)"
      contents["\(directory)/level"] = cache.0
      contents["\(directory)/type"] = cache.1
      contents["\(directory)/size"] = cache.2
      contents["\(directory)/shared_cpu_list"] = cache.3
    }
    return contents
  }
}
