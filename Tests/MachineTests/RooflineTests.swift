import CKernels
import Foundation
import Testing

@testable import Machine

@Suite struct ReadProbeTests {
  static let patterns = (0..<bl_read_probe_total())
    .filter { bl_read_probe_at($0).pointee.isa & ~bl_cpu_isa() == 0 }
    .flatMap { probe in [0, 1024, 16384].map { ReadPattern(probe: probe, prefetchBytes: $0) } }

  @Test(arguments: patterns)
  func readsEveryWord(pattern: ReadPattern) throws {
    let granule = pattern.granuleBytes
    #expect(granule > 0 && (32 << 10) % granule == 0, "shares are multiples of 32 KiB")
    for granules in [1, 3] {
      let memory = try AlignedMemory(byteCount: granules * granule)
      let words = memory.bytes.bindMemory(to: UInt64.self)
      var random = SystemRandomNumberGenerator()
      var folded: UInt64 = 0
      for index in words.indices {
        words[index] = random.next()
        folded ^= words[index]
      }
      #expect(pattern.read(memory.baseAddress, byteCount: memory.byteCount, rounds: 1) == folded)
      #expect(pattern.read(memory.baseAddress, byteCount: memory.byteCount, rounds: 3) == folded)
      #expect(pattern.read(memory.baseAddress, byteCount: memory.byteCount, rounds: 2) == 0)
      words[words.count - 1] ^= 1
      #expect(pattern.read(memory.baseAddress, byteCount: memory.byteCount, rounds: 1) == folded ^ 1)
    }
  }

  @Test func widestLoadsOnly() {
    let scalar = ReadPattern.all(isa: UInt32(BL_ISA_SCALAR))
    #expect(!scalar.isEmpty && scalar.allSatisfy { $0.description.hasPrefix("scalar") })
    if bl_cpu_isa() & UInt32(BL_ISA_AVX512) != 0 {
      #expect(ReadPattern.all(isa: bl_cpu_isa()).allSatisfy { $0.description.hasPrefix("avx512") })
    }
  }
}

@Suite struct ComputeProbeTests {
  static let probes = (0..<bl_compute_probe_total()).map { ComputeProbe(index: $0) }
    .filter { $0.descriptor.isa & ~bl_cpu_isa() == 0 }

  @Test(arguments: probes, [0, 1, 63, 64, 65, 1000, 1 << 18])
  func sumsAreExact(probe: ComputeProbe, steps: Int) {
    let descriptor = probe.descriptor
    #expect(descriptor.run(steps) == UInt64(steps * descriptor.sum_per_step))
    #expect(descriptor.sum_per_step > 0 && descriptor.macs_per_step > 0)
  }

  @Test func everyInstructionSetHasIntegersAndFloats() {
    for isa in [BL_ISA_SCALAR, BL_ISA_AVX2, BL_ISA_AVX2 | BL_ISA_AVX512] {
      #expect(!ComputeKind.int8Dot.probes(isa: UInt32(isa)).isEmpty)
      #expect(!ComputeKind.fp32FMA.probes(isa: UInt32(isa)).isEmpty)
    }
    #expect(ComputeKind.bf16Dot.probes(isa: UInt32(BL_ISA_SCALAR)).isEmpty)
  }
}

@Suite struct RooflineProbeTests {
  @Test func readsAndComputes() throws {
    let pool = try WorkerPool(count: WorkerPool.availableProcessors.count)
    let probe = try RooflineProbe(pool: pool, isa: UInt32(BL_ISA_SCALAR), lastLevelCacheBytes: 0)
    #expect(probe.bufferBytes == RooflineProbe.leastBufferBytes)
    // One after the other, round the buffer and beyond its end.
    for bytes in [1, 100_000, 32 << 20, Int.max / 2] {
      let sample = probe.readOnce(pool, bytes: bytes)
      #expect(sample.seconds > 0 && sample.perSecond > 0)
      #expect(sample.amount >= Double(min(bytes, probe.bufferBytes / 2)))
      #expect(sample.amount <= Double(probe.bufferBytes))
    }
    #expect(probe.readMethod(for: pool).hasPrefix("scalar"))
    let macs = try #require(probe.computeOnce(.fp32FMA, pool, seconds: 0.0002))
    #expect(macs.perSecond > 0)
    #expect(probe.computeOnce(.bf16Dot, pool) == nil)
    #expect(probe.computeMethod(.bf16Dot, pool) == nil)
  }

  @Test func workingSetsFitTheirLevels() throws {
    let system = try FakeSystem(FakeSystem.twoSocketServer())
    let topology = Topology(files: system.files, processors: Array(0..<8), configuredCacheBytes: { _ in nil })
    let sets = ThreadLimits.workingSets(topology: topology, workers: 2)
    #expect(sets.map(\.0) == [.l1, .l2, .l3])
    #expect(sets.map(\.bytes) == [24 << 10, 1 << 20, 8 << 20])
    #expect(ThreadLimits.workingSets(topology: topology, workers: 8).last?.bytes == 4 << 20)
  }
}

@Suite struct LimitsCacheTests {
  private let key = MachineLimits.Key(topology: Topology(), isa: 0)

  private func limits(_ threads: [Int], rate: Double) -> MachineLimits {
    let rate = ProbeRate(rates: [rate], method: "test")
    return MachineLimits(
      key: key,
      byThreads: threads.map {
        ThreadLimits(
          threads: $0, readBandwidthBytesPerSecond: [.dram: rate], macsPerSecond: [.int8Dot: rate])
      })
  }

  @Test func measuresOnceAndAddsWhatIsMissing() throws {
    let system = try FakeSystem([:])
    let cache = LimitsCache(environment: ["XDG_CACHE_HOME": system.path])
    var asked: [[Int]] = []
    func get(_ threads: [Int], rate: Double, probe: Bool = false) throws -> MachineLimits {
      let (limits, notes) = try cache.limits(for: key, threadCounts: threads, probe: probe) {
        asked.append($0)
        return self.limits($0, rate: rate)
      }
      #expect(notes.isEmpty)
      return limits
    }
    #expect(try get([1], rate: 5) == limits([1], rate: 5))
    #expect(try get([1], rate: 6) == limits([1], rate: 5))
    let both = try get([1, 2], rate: 7)
    #expect(both.limits(threads: 1)?.int8DotMACsPerSecond?.median == 5)
    #expect(both.limits(threads: 2)?.readBandwidthBytesPerSecond[.dram]?.best == 7)
    #expect(try get([2], rate: 8, probe: true).limits(threads: 2)?.int8DotMACsPerSecond?.median == 8)
    #expect(both.limits(threads: 3) == nil)
    #expect(asked == [[1], [2], [2]])
  }

  @Test(arguments: ["", "{", "[]", "null", "{\"key\": 3}", "\u{0}\u{1}"])
  func badFilesAreMeasuredAnew(text: String) throws {
    let system = try FakeSystem([:])
    let cache = LimitsCache(directory: system.path + "/bitlab")
    let path = try #require(cache.path(key))
    try system.write(text, to: String(path.dropFirst(system.path.count)))
    let (result, notes) = try cache.limits(for: key, threadCounts: [1], probe: false) { limits($0, rate: 1) }
    #expect(result == limits([1], rate: 1))
    #expect(notes.count == 1 && notes[0].contains(path))
    #expect(try cache.limits(for: key, threadCounts: [1], probe: false) { limits($0, rate: 2) }.notes.isEmpty)
  }

  @Test func impossibleRatesAreMeasuredAnew() throws {
    let system = try FakeSystem([:])
    let cache = LimitsCache(directory: system.path)
    _ = try cache.limits(for: key, threadCounts: [1], probe: true) { limits($0, rate: -1) }
    let (result, notes) = try cache.limits(for: key, threadCounts: [1], probe: false) { limits($0, rate: 2) }
    #expect(result == limits([1], rate: 2) && notes.count == 1)
  }

  @Test func anUnwritableDirectoryIsANote() throws {
    let system = try FakeSystem(["/file": "not a directory"])
    let cache = LimitsCache(directory: system.path + "/file")
    let (result, notes) = try cache.limits(for: key, threadCounts: [1], probe: false) { limits($0, rate: 1) }
    #expect(result == limits([1], rate: 1))
    #expect(notes.count == 1 && notes[0].contains("XDG_CACHE_HOME"))
  }

  @Test func findsItsDirectory() {
    func path(_ environment: [String: String]) -> String? { LimitsCache(environment: environment).path(key) }
    #expect(path(["XDG_CACHE_HOME": "/x", "HOME": "/h"])?.hasPrefix("/x/bitlab/") == true)
    #expect(path(["XDG_CACHE_HOME": "relative", "HOME": "/h"])?.hasPrefix("/h/.cache/bitlab/") == true)
    #expect(path([:]) == nil)
  }
}
