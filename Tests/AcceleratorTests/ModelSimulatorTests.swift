import Testing
import Workloads

@testable import Accelerator

@Suite struct ModelSimulatorTests {
  @Test(arguments: InferenceWorkloadTests.models, [WeightFormat.fp16, .t5, .i2s])
  func decodeReadsEveryWeightOnce(_ model: LanguageModel, _ format: WeightFormat) throws {
    let simulation = try Design.small(format).simulate(
      InferenceWorkload(model, phase: .decode, context: 100, batch: 2))
    let linear = model.linearBytes(bitsPerWeight: format.bitsPerWeight)
    let head = Double(model.embeddingParameters * 2)
    #expect(isClose(simulation.dram.weights.compulsory, linear + head))
    #expect(simulation.dram.weights.capacity == 0)
    #expect(isClose(simulation.memory.linearBytes, linear))
    #expect(simulation.memory.embeddingBytes == head * (model.tiedEmbeddings ? 1 : 2))
    #expect(simulation.headRunsOn == (format == .fp16 ? .array : .vectorUnit))
  }

  /// The cache of the context is read, that of the new tokens is written.
  @Test(arguments: InferenceWorkloadTests.models, [false, true])
  func keyValueBytes(_ model: LanguageModel, _ isFused: Bool) throws {
    let perToken = Double(model.keyValueCacheBytesPerToken())
    let decode = try Design.small(.t5).simulate(
      InferenceWorkload(model, phase: .decode, context: 512, batch: 3, fusesMatrices: isFused))
    #expect(isClose(decode.dram.keyValues.compulsory, 3 * perToken * (512 + 1)))
    #expect(isClose(decode.memory.keyValueBytes, 3 * perToken * 512))
    let prefill = try Design.small(.t5).simulate(
      InferenceWorkload(model, phase: .prefill(tokens: 64), fusesMatrices: isFused))
    #expect(isClose(prefill.dram.keyValues.compulsory, perToken * (64 + 64)))
  }

  /// Groups of query heads share the keys and values that are read.
  @Test func groupedQueriesReadLess() throws {
    let shared = try LanguageModel.named("70b-gqa")
    let own = try LanguageModel.named("70b-mha")
    let scores = try [shared, own].map { model in
      let simulation = try Design.small(.t5).simulate(
        InferenceWorkload(model, phase: .decode, context: 1000))
      return try #require(simulation.operations.first { $0.role == .vector(.scores) })
    }
    #expect(scores[0].dram.keyValues.bytes == Double(1000 * shared.keyValueHeads * shared.headDimension * 2))
    #expect(scores[1].dram.keyValues.bytes == Double(1000 * own.heads * own.headDimension * 2))
    #expect(scores[0].multiplyAccumulates == scores[1].multiplyAccumulates)
  }

  @Test(arguments: [
    (1, ChipGroup.Parallelism.tensor), (4, .tensor), (3, .tensor), (2, .pipeline), (7, .pipeline),
  ])
  func energyIsTheSumOfItsParts(_ chips: Int, _ parallelism: ChipGroup.Parallelism) throws {
    let design = Design.small(.t5, chips: chips, parallelism)
    let simulation = try design.simulate(
      InferenceWorkload(.named("70b-gqa"), phase: .decode, context: 512))
    let leakage = try ModelSimulator(design, tables: .shipped()).energy.leakageWatts
    #expect(leakage > 0)
    let parts = EnergyBreakdown.Part.allCases.map { simulation.energy[$0] }
    #expect(isClose(parts.reduce(0, +), simulation.energy.totalPicojoules))
    #expect(parts.allSatisfy { $0 >= 0 })
    for part in EnergyBreakdown.Part.allCases where part != .leakage || parallelism == .tensor {
      let sum = simulation.operations.reduce(0) { $0 + $1.energy[part] * Double($1.count) }
      #expect(isClose(sum, simulation.energy[part]), "\(part)")
    }
    #expect(
      isClose(
        simulation.energy[.leakage] * 1e-12,
        leakage * Double(chips) * simulation.secondsBetweenPasses))
    let bits = simulation.dram.total.bytes * 8
    let dram =
      simulation.energy[.dramWeights] + simulation.energy[.dramActivations]
      + simulation.energy[.dramOutputs] + simulation.energy[.dramKeyValues]
    #expect(isClose(dram, bits * design.dram.picojoulesPerBit))
  }

  /// Nothing in a design but its formats and datapath makes it a baseline.
  @Test func aDesignThatIsAllFP16EqualsTheBaseline() throws {
    let workload = try InferenceWorkload(.named("3b"), phase: .prefill(tokens: 16))
    let baseline = Design.small()
    var design = Design.small(.t5)
    design.name = baseline.name
    design.array = baseline.array
    design.weightFormat = baseline.weightFormat
    design.activationFormat = baseline.activationFormat
    #expect(try design.simulate(workload) == baseline.simulate(workload))
  }

  @Test func figuresOfOnePassByHand() throws {
    let model = try LanguageModel.named("7b")
    let simulation = try Design.small(.i2s).simulate(
      InferenceWorkload(model, phase: .decode, context: 1024))
    // 4096×11008 weights of 2 bits over 100 GB/s, with inputs of 1 byte and outputs of 2.
    let gate = try #require(simulation.operations.first { $0.role == .matrix(.gate) })
    let gateBytes: Double = 4096 * 11008 / 4 + 4096 + 2 * 11008
    #expect(isClose(gate.seconds, gateBytes / 100e9))
    #expect(gate.binding == .dram)
    // 32 heads of 128 elements of 1024 tokens: 4.2 million products on 64 lanes; 8.4 MB of keys take longer.
    let scores = try #require(simulation.operations.first { $0.role == .vector(.scores) })
    let keys: Double = 32 * 128 * 1024
    #expect(isClose(scores.seconds, keys * 2 / 100e9))
    #expect(scores.binding == .dram)
    #expect(isClose(scores.cycles * scores.utilisation, keys / 64))
    // The LM head on the vector unit: 131 million products on 64 lanes, 2.0 ms; 262 MB take 2.6 ms.
    let head = try #require(simulation.operations.first { $0.role == .matrix(.languageModelHead) })
    let headBytes: Double = 32000 * 4096 * 2
    #expect(isClose(head.seconds, headBytes / 100e9))
    #expect(head.executedBy == .vectorUnit)
    let seconds = simulation.operations.reduce(0) { $0 + $1.seconds * Double($1.count) }
    #expect(isClose(simulation.secondsPerPass, seconds))
    #expect(isClose(simulation.tokensPerSecond, 1 / seconds))
    let once = simulation.operations.filter { $0.scope == .pass }.reduce(0) { $0 + $1.seconds }
    #expect(isClose(simulation.secondsPerLayer * 32 + once, seconds))
  }

  /// Shapes that a run knows already are not simulated again.
  @Test func equalMatricesAreSimulatedOnce() throws {
    final class Counter: MatmulSimulator, @unchecked Sendable {
      var sizes: [MatmulSize] = []
      func simulate(
        _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
      ) throws(SimulationError) -> MatmulSimulation {
        sizes.append(size)
        return try RooflineMatmuls().simulate(size, zeroShare: zeroShare, on: chip, tiling: tiling)
      }
    }
    let counter = Counter()
    _ = try ModelSimulator(.small(.t5), matmuls: counter, tables: .shipped()).simulate(
      InferenceWorkload(.named("70b-gqa"), phase: .decode))
    #expect(counter.sizes.count == 4)  // q and o, k and v, gate and up, down
    #expect(Set(counter.sizes).count == 4)
  }

  @Test func zeroSharesFollowTheFormat() throws {
    let workload = try InferenceWorkload(.named("3b"), phase: .decode)
    #expect(abs(ModelSimulator.zeroShareOfNormalWeights - 0.3101) < 1e-4)
    #expect(try Design.small(.t5).simulate(workload).zeroShare == ModelSimulator.zeroShareOfNormalWeights)
    #expect(try Design.small(.b1).simulate(workload).zeroShare == 0)
    #expect(try Design.small().simulate(workload).zeroShare == 0)
  }
}
