import CKernels
import Testing

@testable import Machine

/// An instruction as an assembler encodes it, and what it asks of a core.
struct EncodedInstruction: Sendable, CustomTestStringConvertible {
  let text: String
  let bytes: [UInt8]
  var computes: InstructionClass?
  var alsoShuffles = false
  var loads = 0
  var stores = 0
  var bits = 0
  var testDescription: String { text }

  static let scalar = [
    Self(text: "add $64, %rax", bytes: [0x48, 0x83, 0xC0, 0x40]),
    Self(text: "add %ecx, (%rax)", bytes: [0x01, 0x08], loads: 1, stores: 1),
    Self(text: "cmp %rax, (%rcx)", bytes: [0x48, 0x39, 0x01], loads: 1),
    Self(text: "cmpb $3, (%rcx)", bytes: [0x80, 0x39, 0x03], loads: 1),
    Self(text: "mov 8(%rsp), %rax", bytes: [0x48, 0x8B, 0x44, 0x24, 0x08], loads: 1),
    Self(text: "mov %eax, (%rdi)", bytes: [0x89, 0x07], stores: 1),
    Self(text: "movb $1, (%rax)", bytes: [0xC6, 0x00, 0x01], stores: 1),
    Self(text: "movzbl (%rax), %ecx", bytes: [0x0F, 0xB6, 0x08], loads: 1),
    Self(text: "lea 8(%rax,%rcx,4), %rdx", bytes: [0x48, 0x8D, 0x54, 0x88, 0x08]),
    Self(text: "prefetcht0 4096(%rdi)", bytes: [0x0F, 0x18, 0x8F, 0x00, 0x10, 0x00, 0x00], loads: 1),
    Self(text: "imul (%rax), %rcx", bytes: [0x48, 0x0F, 0xAF, 0x08], loads: 1),
    Self(text: "tzcnt %rax, %rcx", bytes: [0xF3, 0x48, 0x0F, 0xBC, 0xC8]),
    Self(text: "popcnt (%rax), %rcx", bytes: [0xF3, 0x48, 0x0F, 0xB8, 0x08], loads: 1),
    Self(text: "jne", bytes: [0x75, 0xFE]),
    Self(text: "call", bytes: [0xE8, 0, 0, 0, 0], stores: 1),
    Self(text: "ret", bytes: [0xC3], loads: 1),
    Self(text: "push %rbx", bytes: [0x53], stores: 1),
    Self(text: "pop %rbx", bytes: [0x5B], loads: 1),
    Self(text: "shlx %rax, (%rcx), %rdx", bytes: [0xC4, 0xE2, 0xF9, 0xF7, 0x11], loads: 1),
    Self(text: "rorx $3, %rax, %rcx", bytes: [0xC4, 0xE3, 0xFB, 0xF0, 0xC8, 0x03]),
    Self(text: "setb (%rax)", bytes: [0x0F, 0x92, 0x00], stores: 1),
    Self(text: "cmovne (%rax), %rcx", bytes: [0x48, 0x0F, 0x45, 0x08], loads: 1),
    Self(text: "nopl (%rax,%rax)", bytes: [0x0F, 0x1F, 0x04, 0x00]),
    Self(text: "rep stosq", bytes: [0xF3, 0x48, 0xAB], stores: 1),
    Self(text: "vzeroupper", bytes: [0xC5, 0xF8, 0x77]),
  ]

  static let moves = [
    Self(text: "vmovdqu64 (%rsi), %zmm0", bytes: [0x62, 0xF1, 0xFE, 0x48, 0x6F, 0x06], loads: 1, bits: 512),
    Self(text: "vmovdqa %ymm0, 32(%rdx)", bytes: [0xC5, 0xFD, 0x7F, 0x42, 0x20], stores: 1, bits: 256),
    Self(text: "vmovdqa64 %zmm1, %zmm17", bytes: [0x62, 0xE1, 0xFD, 0x48, 0x6F, 0xC9], bits: 512),
    Self(text: "movdqu (%rax), %xmm1", bytes: [0xF3, 0x0F, 0x6F, 0x08], loads: 1, bits: 128),
    Self(text: "vmovd %eax, %xmm1", bytes: [0xC5, 0xF9, 0x6E, 0xC8], computes: .shuffle, bits: 128),
    Self(
      text: "vpbroadcastd (%rax), %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x58, 0x08], loads: 1, bits: 512),
    Self(
      text: "vpbroadcastb (%rax), %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x78, 0x08], computes: .shuffle,
      loads: 1, bits: 512),
    Self(
      text: "vpbroadcastd %eax, %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x7C, 0xC8], computes: .shuffle,
      bits: 512),
    Self(
      text: "vextracti64x4 $1, %zmm1, %ymm2", bytes: [0x62, 0xF3, 0xFD, 0x48, 0x3B, 0xCA, 0x01],
      computes: .shuffle, bits: 512),
    Self(
      text: "vinserti32x4 $1, (%rax), %zmm1, %zmm2", bytes: [0x62, 0xF3, 0x75, 0x48, 0x38, 0x10, 0x01],
      computes: .vector, loads: 1, bits: 512),
    Self(
      text: "vpmovsxbw (%rax), %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x20, 0x08], computes: .shuffle,
      loads: 1,
      bits: 512),
    Self(
      text: "vpmovdb %zmm1, (%rax)", bytes: [0x62, 0xF2, 0x7E, 0x48, 0x31, 0x08], computes: .shuffle,
      stores: 1,
      bits: 512),
    Self(
      text: "vpgatherdd (%rax,%zmm1,4), %zmm2{%k1}", bytes: [0x62, 0xF2, 0x7D, 0x49, 0x90, 0x14, 0x88],
      loads: 16,
      bits: 512),
  ]

  static let computations = [
    Self(
      text: "vpdpbusd %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF2, 0x6D, 0x48, 0x50, 0xD9], computes: .multiply,
      bits: 512),
    Self(
      text: "vpdpbusd (%rax){1to16}, %zmm2, %zmm3", bytes: [0x62, 0xF2, 0x6D, 0x58, 0x50, 0x18],
      computes: .multiply, loads: 1, bits: 512),
    Self(
      text: "vfmadd231ps %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF2, 0x6D, 0x48, 0xB8, 0xD9],
      computes: .multiply,
      bits: 512),
    Self(
      text: "vaddps {rz-sae}, %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF1, 0x6C, 0x78, 0x58, 0xD9],
      computes: .multiply, bits: 512),
    Self(
      text: "vcvtph2ps (%rax), %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x13, 0x08], computes: .multiply,
      loads: 1,
      bits: 512),
    Self(
      text: "vcvtph2ps %ymm2, %zmm1", bytes: [0x62, 0xF2, 0x7D, 0x48, 0x13, 0xCA], computes: .multiply,
      alsoShuffles: true, bits: 512),
    Self(
      text: "vpermi2b %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF2, 0x6D, 0x48, 0x75, 0xD9], computes: .twoTables,
      bits: 512),
    Self(
      text: "vpermb 64(%rdi,%rcx,8), %zmm2, %zmm3", bytes: [0x62, 0xF2, 0x6D, 0x48, 0x8D, 0x5C, 0xCF, 0x01],
      computes: .shuffle, loads: 1, bits: 512),
    Self(
      text: "vpshufb %ymm8, %ymm9, %ymm10", bytes: [0xC4, 0x42, 0x35, 0x00, 0xD0], computes: .shuffle,
      bits: 256),
    Self(text: "vpaddd %xmm1, %xmm2, %xmm3", bytes: [0xC5, 0xE9, 0xFE, 0xD9], computes: .vector, bits: 128),
    Self(
      text: "vpaddd 8(%rsp), %ymm2, %ymm3", bytes: [0xC5, 0xED, 0xFE, 0x5C, 0x24, 0x08], computes: .vector,
      loads: 1, bits: 256),
    Self(
      text: "vpternlogd $150, %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF3, 0x6D, 0x48, 0x25, 0xD9, 0x96],
      computes: .vector, bits: 512),
    Self(text: "pxor %xmm1, %xmm1", bytes: [0x66, 0x0F, 0xEF, 0xC9], computes: .vector, bits: 128),
    Self(
      text: "vpsrlw $4, %zmm1, %zmm2", bytes: [0x62, 0xF1, 0x6D, 0x48, 0x71, 0xD1, 0x04], computes: .shift,
      bits: 512),
    Self(
      text: "vpslldq $4, %ymm1, %ymm2", bytes: [0xC5, 0xED, 0x73, 0xF9, 0x04], computes: .shuffle, bits: 256),
    Self(
      text: "vptestnmb %zmm1, %zmm2, %k1", bytes: [0x62, 0xF2, 0x6E, 0x48, 0x26, 0xC9], computes: .compare,
      bits: 512),
    Self(
      text: "vpcmpgtb %zmm1, %zmm2, %k1", bytes: [0x62, 0xF1, 0x6D, 0x48, 0x64, 0xC9], computes: .compare,
      bits: 512),
    Self(
      text: "vpcmpgtb %ymm1, %ymm2, %ymm3", bytes: [0xC5, 0xED, 0x64, 0xD9], computes: .vector, bits: 256),
    Self(
      text: "vpopcntq %zmm1, %zmm2", bytes: [0x62, 0xF2, 0xFD, 0x48, 0x55, 0xD1], computes: .compare,
      bits: 512),
    Self(
      text: "vpmultishiftqb %zmm1, %zmm2, %zmm3", bytes: [0x62, 0xF2, 0xED, 0x48, 0x83, 0xD9],
      computes: .shuffle, bits: 512),
    Self(text: "kmovq %rax, %k1", bytes: [0xC4, 0xE1, 0xFB, 0x92, 0xC8], computes: .mask),
    Self(text: "kmovq (%rax), %k1", bytes: [0xC4, 0xE1, 0xF8, 0x90, 0x08], loads: 1),
    Self(text: "kandq %k1, %k2, %k3", bytes: [0xC4, 0xE1, 0xEC, 0x41, 0xD9], computes: .mask),
    Self(text: "kshiftrq $8, %k1, %k2", bytes: [0xC4, 0xE3, 0xF9, 0x31, 0xD1, 0x08], computes: .mask),
  ]
}

@Suite struct InstructionMixTests {
  @Test(arguments: EncodedInstruction.scalar + EncodedInstruction.moves + EncodedInstruction.computations)
  func knowsWhatAnInstructionNeeds(instruction: EncodedInstruction) {
    var isBeyond = false
    let encoding = X86Encoding { index in
      guard index < instruction.bytes.count else {
        isBeyond = true
        return 0
      }
      return instruction.bytes[index]
    }
    #expect(!isBeyond, "bytes after the instruction were read")
    #expect(
      InstructionDemand(encoding)
        == InstructionDemand(
          computes: instruction.computes, alsoShuffles: instruction.alsoShuffles, loads: instruction.loads,
          stores: instruction.stores, vectorBits: instruction.bits))
  }

  static let probes = (0..<bl_rate_probe_total()).filter {
    bl_rate_probe_at($0).pointee.isa & ~bl_cpu_isa() == 0
  }

  @Test(arguments: probes, [1, 7, 8, 1001])
  func rateProbesComputeWhatTheySay(index: Int, steps: Int) {
    let probe = bl_rate_probe_at(index).pointee
    #expect(probe.run(steps) == UInt64(steps) &* probe.result_per_step &+ probe.result)
  }

  /// What a probe claims to execute is found in its trace, and little else.
  @Test(arguments: probes)
  func tracesFindEveryInstructionOfAProbe(index: Int) throws {
    let probe = bl_rate_probe_at(index).pointee
    let wanted = try #require(InstructionClass.allCases.first { $0.code == probe.instruction_class })
    let steps = 64
    guard let few = InstructionTracer.mix(of: { _ = probe.run(steps) }),
      let many = InstructionTracer.mix(of: { _ = probe.run(2 * steps) })
    else { return }  // an emulator, a debugger, or another CPU
    let count = (many - few).counts[.init(wanted, probe.vector_bits)] ?? 0
    let expected = Double(steps * probe.instructions_per_step)
    #expect(count >= expected && count <= expected * 1.35, "\(count) instead of \(expected)")
  }

  @Test func tooManyStepsAreNoResult() {
    var sum = 0
    #expect(InstructionTracer.mix(mostSteps: 20) { for value in 0..<1000 { sum &+= value } } == nil)
    #expect(sum == 2 * 499_500, "the code must run to its end all the same")
  }

  @Test func theClassThatNeedsMostBinds() throws {
    let rates = InstructionRates(perSecond: [
      .init(.issued, 0): 10, .init(.vector, 512): 4, .init(.vector, 256): 6, .init(.shuffle, 512): 2,
      .init(.load, 512): 4,
    ])
    func bound(_ counts: [InstructionMix.Unit: Double]) -> InstructionBound? {
      rates.bound(of: InstructionMix(counts))
    }
    #expect(
      bound([.init(.shuffle, 512): 8, .init(.vector, 512): 4])
        == InstructionBound(seconds: 4, bindingClasses: [.shuffle]))
    #expect(
      bound([.init(.shuffle, 512): 8, .init(.vector, 512): 12, .init(.vector, 256): 6])
        == InstructionBound(seconds: 6, bindingClasses: [.vector]))
    // Scalar loads are of the nearest width probed.
    #expect(bound([.init(.load, 0): 8]) == InstructionBound(seconds: 2, bindingClasses: [.load]))
    #expect(bound([.init(.mask, 0): 8]) == nil)
    #expect(InstructionRates(perSecond: [:]).bound(of: InstructionMix([.init(.load, 0): 1])) == nil)
  }

  @Test func classesThatShareAUnitAddUp() {
    let one: [InstructionMix.Unit: Double] = [
      .init(.shuffle, 512): 1, .init(.compare, 512): 1, .init(.twoTables, 512): 1, .init(.vector, 512): 2,
    ]
    func bound(_ sharing: Set<Set<InstructionClass>>, places: Double = 1) -> InstructionBound? {
      InstructionRates(perSecond: one, sharing: sharing, vectorPlaces: [.twoTables: places])
        .bound(of: InstructionMix(one))
    }
    #expect(bound([]) == InstructionBound(seconds: 2.5, bindingClasses: [.vector]))
    #expect(bound([], places: 3) == InstructionBound(seconds: 3.5, bindingClasses: [.vector]))
    // Two pairs are not yet three that share one unit.
    #expect(
      bound([[.shuffle, .compare], [.shuffle, .twoTables]])
        == InstructionBound(seconds: 2.5, bindingClasses: [.vector]))
    #expect(
      bound([[.shuffle, .compare], [.shuffle, .twoTables], [.twoTables, .compare]])
        == InstructionBound(seconds: 3, bindingClasses: [.shuffle, .twoTables, .compare]))
  }

  @Test func measuredRatesArePositive() {
    let rates = InstructionRates.measure()
    #expect(rates.perSecond.values.allSatisfy { $0 > 0 && $0.isFinite })
    #expect(rates.perSecond.isEmpty == (bl_rate_probe_total() == 0))
  }
}
