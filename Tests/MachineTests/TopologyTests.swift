import Testing

@testable import Machine

@Suite struct TopologyTests {
  private func topology(_ contents: [String: String], processors: [Int]) throws -> Topology {
    let system = try FakeSystem(contents)
    return Topology(files: system.files, processors: processors, configuredCacheBytes: { _ in nil })
  }

  @Test func readsAServer() throws {
    let server = try topology(FakeSystem.twoSocketServer(), processors: Array(0..<8))
    #expect(server.cpuModel == "Test CPU 9000")
    #expect(server.vendor == "GenuineIntel")
    #expect(server.processors == [0, 1, 2, 3, 4, 5, 6, 7])
    #expect(server.physicalCores == 4)
    #expect(server.threadsPerCore == 2)
    #expect(server.sockets == 2)
    #expect(server.numaNodes == [0, 1])
    #expect(
      server.caches == [
        Cache(level: 1, bytes: 48 << 10, sharedBy: 2), Cache(level: 2, bytes: 2 << 20, sharedBy: 2),
        Cache(level: 3, bytes: 32 << 20, sharedBy: 4),
      ])
    #expect(server.memory == MemorySize(totalBytes: 1 << 20, availableBytes: 1 << 19))
    #expect(server.hypervisor == nil)
    #expect(server.kernelVersion == "6.1.0-test")
  }

  @Test(arguments: [
    ([0, 4, 1, 5], [0, 1, 4, 5]), ([4, 5, 7], [4, 5, 7]), ([3, 2, 7, 6, 0], [0, 2, 3, 6, 7]), ([7], [7]),
  ])
  func siblingsComeLast(allowed: [Int], order: [Int]) throws {
    let system = try FakeSystem(FakeSystem.twoSocketServer())
    #expect(ProcessorOrder.spreadOverCores(allowed, files: system.files) == order)
  }

  @Test func readsNothingFromNothing() throws {
    let empty = try topology([:], processors: [2, 0])
    #expect(empty.cpuModel == nil && empty.vendor == nil && empty.hypervisor == nil)
    #expect(empty.processors == [0, 2])
    #expect(empty.physicalCores == 2 && empty.threadsPerCore == 1 && empty.sockets == 1)
    #expect(empty.numaNodes == [0] && empty.caches.isEmpty)
    #expect(empty.memory == MemorySize(totalBytes: nil, availableBytes: nil))
  }

  @Test(arguments: ["", "garbage", "-1", "4-2", "99999999999999999999", "1-", ",", "\u{0}", "K", "1e9"])
  func garbageIsMissing(text: String) throws {
    var contents = FakeSystem.twoSocketServer()
    for path in contents.keys { contents[path] = text }
    let system = try FakeSystem(contents)
    let topology = Topology(files: system.files, processors: [0, 1], configuredCacheBytes: { _ in nil })
    #expect(topology.caches.isEmpty)
    #expect(topology.physicalCores == 2 && topology.threadsPerCore == 1)
    #expect(topology.memory.availableBytes == nil)
    let state = OperatingState(files: system.files, processor: 0)
    #expect(state.transparentHugePages == nil && state.reservedHugePages == nil)
  }

  @Test func cachesFallBackToTheConfiguration() throws {
    let system = try FakeSystem([:])
    let sizes = [1: 32 << 10, 2: 512 << 10, 3: 8 << 20]
    let topology = Topology(files: system.files, processors: [0, 1, 2], configuredCacheBytes: { sizes[$0] })
    #expect(topology.caches.map(\.bytes) == [32 << 10, 512 << 10, 8 << 20])
    #expect(topology.lastLevelCache?.sharedBy == 3)
  }

  @Test func namesTheHypervisor() throws {
    var contents = ["/proc/cpuinfo": "flags: fpu hypervisor avx2\n"]
    #expect(try topology(contents, processors: [0]).hypervisor == "unnamed")
    contents["/sys/class/dmi/id/sys_vendor"] = "QEMU\n"
    #expect(try topology(contents, processors: [0]).hypervisor == "QEMU")
    #expect(try topology(["/sys/hypervisor/type": "xen"], processors: [0]).hypervisor == "xen")
  }

  @Test(arguments: [
    ("CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n", "Neoverse-N1"),
    ("CPU implementer\t: 0xc0\nCPU part\t: 0xac3\n", "Ampere-1"),
    ("CPU implementer\t: 0x41\nCPU part\t: 0xfff\n", "0x41 part 0xfff"),
    ("CPU implementer\t: many\nCPU part\t: 0xzz\n", "many part 0xzz"),
    ("CPU part\t: 0xd0c\n", "unknown part 0xd0c"),
  ])
  func namesAnARMProcessor(cpuinfo: String, name: String) throws {
    #expect(try topology(["/proc/cpuinfo": cpuinfo], processors: [0]).cpuModel == name)
  }

  @Test func knowsAVirtualARMProcessorByItsFirmware() throws {
    var contents = ["/proc/cpuinfo": "CPU implementer\t: 0x41\nCPU part\t: 0xd0c\n"]
    #expect(try topology(contents, processors: [0]).hypervisor == nil)
    contents["/sys/class/dmi/id/sys_vendor"] = "GIGABYTE\n"
    #expect(try topology(contents, processors: [0]).hypervisor == nil)
    contents["/sys/class/dmi/id/sys_vendor"] = "QEMU\n"
    contents["/sys/class/dmi/id/product_name"] = "KVM Virtual Machine\n"
    #expect(try topology(contents, processors: [0]).hypervisor == "QEMU KVM Virtual Machine")
  }

  @Test func readsTheOperatingState() throws {
    let system = try FakeSystem(FakeSystem.twoSocketServer())
    let state = OperatingState(files: system.files, processor: 0)
    #expect(state.governor == "performance")
    #expect(state.frequencyHertz == 2.5e9 && state.highestFrequencyHertz == 4e9)
    #expect(state.turbo == true)
    #expect(state.loadAverage == 0.25)
    #expect(state.perfEventParanoid == 1)
    #expect(state.transparentHugePages == .madvise)
    #expect(state.reservedHugePages == 3 && state.hugePageBytes == 2 << 20)
  }

  @Test func controlGroupLimitsMemory() throws {
    var contents = FakeSystem.twoSocketServer()
    contents["/sys/fs/cgroup/memory.max"] = "400000"
    contents["/sys/fs/cgroup/memory.current"] = "150000"
    contents["/sys/fs/cgroup/memory.stat"] = "anon 100\ninactive_file 50000\n"
    #expect(try topology(contents, processors: [0]).memory.availableBytes == 300_000)
    contents["/sys/fs/cgroup/memory.max"] = "max"
    #expect(try topology(contents, processors: [0]).memory.availableBytes == 1 << 19)
  }

  @Test func thisMachineIsPlausible() {
    let machine = Topology()
    #expect(machine.processors == WorkerPool.availableProcessors)
    #expect((1...machine.processors.count).contains(machine.physicalCores))
    #expect(machine.caches == machine.caches.sorted { $0.level < $1.level })
  }
}
