import Testing
import Workloads

@testable import Accelerator

@Suite struct InferenceWorkloadTests {
  static let models = (try? ModelCatalogue.builtIn().models) ?? []

  @Test func allModelsAreThere() { #expect(Self.models.count >= 17) }

  @Test(arguments: models, [false, true])
  func decodeDoesTheMultiplyAccumulatesOfTheModel(_ model: LanguageModel, _ isFused: Bool) throws {
    let workload = try InferenceWorkload(
      model, phase: .decode, context: 700, batch: 3, fusesMatrices: isFused)
    let expected = model.multiplyAccumulatesPerToken(context: 700)
    let total = workload.multiplyAccumulates
    #expect(total.linear == Double(3 * expected.linear))
    #expect(total.languageModelHead == Double(3 * expected.languageModelHead))
    #expect(total.attention == Double(3 * expected.attention))
    #expect(try Design.small(.t5).simulate(workload).multiplyAccumulates == Double(3 * expected.total))
    #expect(try Design.small().simulate(workload).multiplyAccumulates == Double(3 * expected.total))
  }

  /// A prompt is its tokens one after the other, but for the LM head, which only the last one needs.
  @Test func prefillIsTheSumOfItsTokens() throws {
    let model = try LanguageModel.named("2b4t")
    let workload = try InferenceWorkload(model, phase: .prefill(tokens: 9), context: 14, batch: 2)
    let tokens = (6...14).map { model.multiplyAccumulatesPerToken(context: $0) }
    let total = workload.multiplyAccumulates
    #expect(total.linear == Double(2 * tokens.reduce(0) { $0 + $1.linear }))
    #expect(total.attention == Double(2 * tokens.reduce(0) { $0 + $1.attention }))
    #expect(total.languageModelHead == Double(2 * model.embeddingParameters))
    #expect(
      try Design.small(.t5).simulate(workload).multiplyAccumulates
        == total.linear + total.attention + total.languageModelHead)
  }

  /// Blocks of queries read the cache up to their last token.
  @Test(
    arguments: [
      (1, [5, 6, 7, 8, 9, 10, 11]), (2, [6, 8, 10, 11]), (3, [7, 10, 11]), (7, [11]), (64, [11]),
    ] as [(Int, [Double])])
  func cacheReadsOfBlocksOfQueries(_ block: Int, _ tokens: [Double]) throws {
    let workload = try InferenceWorkload(
      .named("3b"), phase: .prefill(tokens: 7), context: 11)
    let read = workload.cachedTokensRead(queryBlock: block)
    #expect(read.compulsory == 11)
    #expect(read.bytes == tokens.reduce(0, +))
  }

  @Test func impossibleSizesAreRefused() throws {
    let model = try LanguageModel.named("3b")
    #expect(throws: WorkloadError.outOfRange(what: "context", value: 5, range: 8...(1 << 24))) {
      try InferenceWorkload(model, phase: .prefill(tokens: 8), context: 5)
    }
    for batch in [0, -1, Int.min, Int.max, 1 << 24] {
      #expect(throws: WorkloadError.self) {
        try InferenceWorkload(model, phase: .prefill(tokens: 2), batch: batch)
      }
    }
    for tokens in [0, -1, Int.min, Int.max, (1 << 24) + 1] {
      #expect(throws: WorkloadError.self) { try InferenceWorkload(model, phase: .prefill(tokens: tokens)) }
      #expect(throws: WorkloadError.self) { try InferenceWorkload(model, phase: .decode, context: tokens) }
    }
  }
}
