import Foundation
import Testing

@testable import Machine

@Suite struct AlignedMemoryTests {
  @Test(arguments: [1, 4096, 2 << 20, (2 << 20) + 1, 5_000_000])
  func regionIsAlignedZeroedAndWritable(byteCount: Int) throws {
    let memory = try AlignedMemory(byteCount: byteCount)
    #expect(UInt(bitPattern: memory.baseAddress) % UInt(AlignedMemory.hugePageBytes) == 0)
    #expect(memory.bytes.count == byteCount)
    #expect(memory.bytes[0] == 0 && memory.bytes[byteCount - 1] == 0)
    memory.bytes[0] = 1
    memory.bytes[byteCount - 1] = 2
    #expect(memory.bytes[byteCount - 1] == 2)
  }

  @Test func regionsAreReturned() throws {
    func mappedKibibytes() throws -> Int {
      try #require(SystemFiles().fields("/proc/self/status")["VmSize"].flatMap { Int($0.dropLast(3)) })
    }
    let before = try mappedKibibytes()
    for _ in 0..<64 { _ = try AlignedMemory(byteCount: 1 << 30) }
    // Other tests map a little meanwhile.
    #expect(try mappedKibibytes() - before < 32 << 20, "more than half of 64 GiB is still mapped")
  }

  @Test(arguments: [NUMAPolicy.local, .interleave, .node(NUMANodes.available()[0])])
  func everyPolicyGivesMemory(policy: NUMAPolicy) throws {
    let memory = try AlignedMemory(byteCount: 3 << 20, hugePages: false, policy: policy)
    memory.bytes[1 << 20] = 7
    #expect(memory.bytes[1 << 20] == 7)
  }

  @Test func touchKeepsContents() throws {
    let pool = try WorkerPool(count: WorkerPool.availableProcessors.count)
    let memory = try AlignedMemory(byteCount: 5 << 20)
    for offset in stride(from: 0, to: memory.byteCount, by: 4096) { memory.bytes[offset] = 9 }
    memory.touch(by: pool, tile: 1000)
    #expect(stride(from: 0, to: memory.byteCount, by: 4096).allSatisfy { memory.bytes[$0] == 9 })
  }

  @Test(arguments: [0, -5, Int.max])
  func refusesBadSizes(byteCount: Int) {
    #expect(throws: MemoryError.badSize(bytes: byteCount)) { try AlignedMemory(byteCount: byteCount) }
  }

  @Test func refusesMoreThanTheMachineHas() {
    #expect {
      try AlignedMemory(byteCount: 1 << 50)
    } throws: { error in
      guard case MemoryError.notEnough(bytes: 1 << 50, let available) = error else { return false }
      return available > 0 && available < 1 << 50
    }
  }

  @Test func refusesANodeThatIsNotThere() {
    let error = MemoryError.noSuchNode(4095, available: NUMANodes.available())
    #expect(throws: error) { try AlignedMemory(byteCount: 1, policy: .node(4095)) }
    #expect(throws: MemoryError.noSuchNode(-1, available: NUMANodes.available())) {
      try AlignedMemory(byteCount: 1, policy: .node(-1))
    }
  }
}
