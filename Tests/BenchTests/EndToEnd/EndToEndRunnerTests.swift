import CKernels
import Inference
import KernelZoo
import ModelFiles
import Testing

@testable import Bench

/// A tiny model on right and on broken kernels.
@Suite struct EndToEndRunnerTests {
  private static func model(isTernary: Bool) throws -> InMemoryModel {
    try InMemoryModel(
      ModelArchitecture(
        name: isTernary ? "bitnet-b1.58" : "llama", title: "tiny", vocabulary: 60, contextLength: 64,
        hiddenSize: 48, intermediateSize: 80, layers: 2, heads: 4, keyValueHeads: 2, headDimension: 12,
        normEpsilon: 1e-5, rotaryBase: 10_000, rotaryPairs: .halves,
        activation: isTernary ? .squaredReLU : .silu, hasSubNorms: isTernary, tiedEmbeddings: true,
        isTernary: isTernary), seed: 3)
  }

  private static func run(
    _ kernels: [Kernel], isTernary: Bool = true, machine: FakeMachine = FakeMachine(),
    isCancelled: @escaping () -> Bool = { false }
  ) throws -> [EndToEndMeasurement] {
    var results: [EndToEndMeasurement] = []
    try EndToEndRunner(
      source: model(isTernary: isTernary), kernels: kernels, promptTokens: 7, decodedTokens: 5, threads: 1,
      seed: 1, machine: machine, clock: machine.clock, isCancelled: isCancelled
    ).run { results.append($0) }
    return results
  }

  private static func kernel(_ name: String) throws -> Kernel {
    try #require(KernelRegistry.kernel(named: name))
  }

  @Test func kernelsThatAgreeAreTimedAgainstTheirLimits() throws {
    let machine = FakeMachine()
    machine.energyPerReading = 0.5
    let kernels = try ["mad-i2s-scalar", "lut-t5-scalar", "float-fp16-scalar"].map(Self.kernel)
    let results = try Self.run(kernels, machine: machine)
    #expect(results.map(\.kernel) == kernels.map(\.name))
    #expect(results.allSatisfy { $0.status == .measured && $0.tokens.count == 5 })
    #expect(results.map(\.agreeingTokens) == [nil, 5, results[2].agreeingTokens])
    for result in results {
      let (prefill, decode) = (try #require(result.prefill), try #require(result.decode))
      #expect((prefill.seconds.count, decode.seconds.count) == (5, 4))
      #expect((prefill.joules, decode.joules) == (0.5, 0.5))
      let footprint = try #require(result.footprint)
      // 48x48 twice, 24x48 twice, and three of 80x48, in two layers.
      #expect(footprint.linearWeights == 2 * (2 * 48 * 48 + 2 * 24 * 48 + 3 * 80 * 48))
      let bytes = try #require(decode.bytesTouched)
      #expect(bytes > Double(footprint.linearBytes + footprint.headBytes))
      let share = try #require(decode.shareOfLimit)
      #expect(abs(share.median * decode.seconds.median * machine.dramRate / bytes - 1) < 0.05)
      let work = Double(footprint.linearWeights * 7)
      #expect(
        abs(try #require(prefill.shareOfLimit).median * prefill.seconds.median * machine.int8Rate / work - 1)
          < 1e-9)
    }
  }

  @Test func aWrongKernelIsNotTimed() throws {
    let broken = try #require(BrokenKernel.lastEntryOff)
    let results = try Self.run([broken, Self.kernel("mad-i2s-scalar")])
    #expect(results.count == 2)
    guard case .wrong(let message) = results[0].status else {
      Issue.record("\(results[0].status)")
      return
    }
    #expect(message.contains("of the first layer, 1 tokens"))
    #expect(results[0].prefill == nil && results[0].decode == nil && results[0].tokens.isEmpty)
    // What a wrong kernel would have said is no measure for others.
    #expect(results[1].status == .measured && results[1].agreeingTokens == nil)
  }

  @Test func aWrongFloatKernelIsNotTimed() throws {
    let total = bl_kernel_total()
    let descriptor = try #require(
      (0..<total).compactMap { bl_kernel_at($0) }.first {
        String(cString: $0.pointee.name) == "float-fp16-scalar"
      })
    let results = try Self.run([BrokenKernel.silent(descriptor.pointee)], isTernary: false)
    #expect(results.count == 1 && results[0].status.isWrong && results[0].decode == nil)
  }

  @Test func whatIsCancelledHasNoFigures() throws {
    #expect(try Self.run([Self.kernel("mad-i2s-scalar")], isCancelled: { true }).isEmpty)
  }
}
