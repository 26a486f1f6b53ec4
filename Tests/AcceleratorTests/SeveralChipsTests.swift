import Testing
import Workloads

@testable import Accelerator

@Suite struct SeveralChipsTests {
  @Test(arguments: ChipGroup.Parallelism.allCases)
  func oneChipIsOneChip(_ parallelism: ChipGroup.Parallelism) throws {
    let workload = try InferenceWorkload(.named("70b-gqa"), phase: .decode, context: 300)
    var simulation = try Design.small(.t5, parallelism).simulate(workload)
    simulation.design = .small(.t5)
    #expect(try simulation == Design.small(.t5).simulate(workload))
    #expect(!simulation.operations.contains { $0.executedBy == .link })
  }

  /// What chips do together is what one would do, all weights once, whether things divide or not.
  @Test(arguments: [2, 3, 5, 8, 16, 64], InferenceWorkloadTests.models.filter { $0.heads >= 64 })
  func tensorParallelChipsShareTheWork(_ chips: Int, _ model: LanguageModel) throws {
    let workload = try InferenceWorkload(model, phase: .prefill(tokens: 3))
    let one = try Design.small(.t5).simulate(workload)
    let many = try Design.small(.t5, chips: chips).simulate(workload)
    let copiesKeys = chips > model.keyValueHeads
    #expect(copiesKeys || isClose(one.multiplyAccumulates, many.multiplyAccumulates))
    #expect(copiesKeys || isClose(one.dram.weights.bytes, many.dram.weights.bytes))
    #expect(copiesKeys || isClose(one.memory.bytes, many.memory.bytes))
    #expect(many.multiplyAccumulates >= one.multiplyAccumulates)
    #expect(many.areaSquareMillimetres == Double(chips) * one.areaSquareMillimetres)
    #expect(many.energy[.link] > 0)

    let shares = ModelShare.shares(of: model, chips: chips)
    #expect(shares.reduce(0) { $0 + $1.chips } == chips)
    #expect(shares.reduce(0) { $0 + $1.chips * $1.heads } == model.heads)
    #expect(shares.reduce(0) { $0 + $1.chips * $1.intermediateSize } == model.intermediateSize)
    #expect(shares.reduce(0) { $0 + $1.chips * $1.vocabulary } == model.vocabulary)
  }

  @Test func allReduceByHand() throws {
    let model = try LanguageModel.named("70b-gqa")
    let simulation = try Design.small(.t5, chips: 4).simulate(
      InferenceWorkload(model, phase: .decode, batch: 2))
    let reduce = try #require(simulation.operations.first { $0.role == .exchange(.allReduce) })
    #expect(reduce.count == 2 * 80)
    let states: Double = 2 * 8192 * 2
    #expect(isClose(reduce.seconds, 2 * 3 / 4 * states / 50e9))
    #expect(isClose(reduce.linkBytes, 2 * 3 * states))
    #expect(isClose(reduce.energy[.link], reduce.linkBytes * 8))
  }

  @Test func pipelineByHand() throws {
    let model = try LanguageModel.named("70b-gqa")
    let workload = try InferenceWorkload(model, phase: .decode)
    let one = try Design.small(.t5).simulate(workload)
    let three = try Design.small(.t5, chips: 3, .pipeline).simulate(workload)
    let hop = Double(8192 * 2) / 50e9
    #expect(isClose(three.secondsPerPass, one.secondsPerPass + 2 * hop))
    // 27, 27 and 26 layers; the last chip has the LM head too, which takes longer than a layer.
    let pass = one.operations.filter { $0.scope == .pass }
    let last = pass.filter { $0.role != .vector(.embedding) }.reduce(0) { $0 + $1.seconds }
    #expect(last > one.secondsPerLayer)
    #expect(isClose(three.secondsBetweenPasses, 26 * one.secondsPerLayer + last))
    #expect(isClose(three.memory.keyValueBytes, 3 * one.memory.keyValueBytes))
  }

  @Test func weightsThatDoNotFitSayWhatIsMissing() throws {
    let model = try LanguageModel.named("3b")
    let workload = try InferenceWorkload(model, phase: .decode)
    let needed = model.linearBytes(bitsPerWeight: 2) + Double(model.embeddingParameters * 2)
    var design = Design.small(.i2s)
    design.keepsWeightsOnChip = true
    design.weightBuffer.bytes = Int(needed) - 1000
    #expect(
      throws: ModelSimulationError.weightsDoNotFit(
        design: design.name, model: model.id, bytesMissingPerChip: 1000, chips: 1, chipsNeeded: 2)
    ) { try design.simulate(workload) }
    design.weightBuffer.bytes = Int(needed)
    let simulation = try design.simulate(workload)
    #expect(simulation.dram.weights.bytes == 0)
    design.weightBuffer.bytes = 1 << 20
    #expect(
      throws: ModelSimulationError.weightsDoNotFit(
        design: design.name, model: model.id, bytesMissingPerChip: Int(needed) - (1 << 20), chips: 1,
        chipsNeeded: nil)
    ) { try design.simulate(workload) }
  }

  @Test(arguments: ChipGroup.Parallelism.allCases)
  func moreChipsThanPartsAreRefused(_ parallelism: ChipGroup.Parallelism) throws {
    let workload = try InferenceWorkload(.named("3b"), phase: .decode)
    #expect(
      throws: ModelSimulationError.tooManyChips(
        design: "small-t5", model: "bitnet-3b", chips: 33, parallelism: parallelism,
        limit: parallelism == .tensor ? 32 : 26)
    ) { try Design.small(.t5, chips: 33, parallelism).simulate(workload) }
  }
}
