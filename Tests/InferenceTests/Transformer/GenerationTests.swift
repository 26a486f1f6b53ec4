import KernelZoo
import ModelFiles
import Testing

@testable import Inference

/// What a transformer refuses, forgets, and when it stops.
@Suite struct GenerationTests {
  private static func transformer(
    _ source: InMemoryModel, capacity: Int = 16, workers: Int = 2
  ) throws -> Transformer {
    let team = ThreadTeam(workers)
    let kernel = try #require(KernelChoice.standard(for: source, on: .ofThisCPU))
    return try Transformer(
      ModelWeights(source, kernel: kernel, team: team), capacity: capacity, team: team)
  }

  @Test func whatCannotBeSeenChangesNothing() throws {
    let source = try InMemoryModel(.tiny(), seed: 50)
    let transformer = try Self.transformer(source)
    let last = [tokens(10)[9]]
    try transformer.see(tokens(9))
    let expected = try transformer.scores(after: last)
    transformer.rewind(to: 9)
    let refused: [([Int], InferenceError)] = [
      ([], .noTokens), ([3, 50], .noSuchToken(token: 50, vocabulary: 50)),
      ([-1], .noSuchToken(token: -1, vocabulary: 50)), ([.max], .noSuchToken(token: .max, vocabulary: 50)),
      (tokens(8), .contextFull(tokens: 17, capacity: 16)),
    ]
    for (tokens, error) in refused {
      #expect(throws: error) { try transformer.see(tokens) }
      #expect(throws: error) { try transformer.scoresAfterEach(of: tokens) }
      #expect(transformer.position == 9)
    }
    #expect(try transformer.scores(after: last) == expected)
    // To the last place.
    try transformer.see(tokens(6))
    #expect(transformer.position == 16)
    #expect(throws: InferenceError.contextFull(tokens: 17, capacity: 16)) { try transformer.see([0]) }
  }

  @Test(arguments: [0, -1, Int.min]) func aContextHasRoom(capacity: Int) throws {
    let source = try InMemoryModel(.tiny(), seed: 50)
    #expect(throws: InferenceError.noTokens) { try Self.transformer(source, capacity: capacity) }
  }

  @Test(arguments: [0, 1, 5, 11]) func afterRewindingTheSameTokensGiveTheSameScores(position: Int) throws {
    let transformer = try Self.transformer(InMemoryModel(.tiny(), seed: 51))
    let (first, second) = (Array(tokens(12).prefix(position)), Array(tokens(12).dropFirst(position)))
    if !first.isEmpty { try transformer.see(first) }
    let expected = try transformer.scores(after: second)
    // What lies in the cache behind the position is of no meaning.
    try transformer.see([49, 48, 47])
    transformer.rewind(to: position)
    #expect(transformer.position == position)
    try transformer.see([33])
    transformer.rewind(to: position)
    #expect(try transformer.scores(after: second) == expected)
    transformer.rewind(to: 100)
    #expect(transformer.position == 12)
    transformer.rewind(to: -5)
    #expect(transformer.position == 0)
  }

  @Test func scoresAfterEachAreThoseOfTheLast() throws {
    for source in [try InMemoryModel(.tiny(), seed: 52), try InMemoryModel(.tinyLLaMA(), seed: 52)] {
      let transformer = try Self.transformer(source, workers: 3)
      let each = try transformer.scoresAfterEach(of: tokens(7))
      #expect(each.count == 7)
      transformer.rewind()
      #expect(try transformer.scores(after: tokens(7)) == each[6])
      transformer.rewind()
      #expect(try transformer.scoresAfterEach(of: [tokens(1)[0]]).count == 1)
      #expect(try transformer.scores(after: Array(tokens(7).dropFirst())).count == 50)
    }
  }

  /// More tokens than one pass takes.
  @Test func longPromptsAreSeenInPasses() throws {
    let source = try InMemoryModel(.tiny { ($0.layers, $0.intermediateSize) = (1, 8) }, seed: 53)
    let transformer = try Self.transformer(source, capacity: 600)
    let prompt = tokens(Transformer.largestPass + 3)
    let scores = try transformer.scores(after: prompt)
    #expect(transformer.position == prompt.count)
    transformer.rewind()
    try transformer.see(prompt.prefix(Transformer.largestPass))
    #expect(try transformer.scores(after: Array(prompt.suffix(3))) == scores)
    transformer.rewind()
    let each = try transformer.scoresAfterEach(of: prompt)
    #expect(each.count == prompt.count && each.last == scores)
  }

  @Test func generationEnds() throws {
    let transformer = try Self.transformer(InMemoryModel(.tiny(), seed: 54))
    let free = try transformer.generate(after: tokens(4), GenerationOptions(maximumTokens: 8))
    #expect((free.end, free.tokens.count, free.promptTokens) == (.limit, 8, 4))
    // The scores after the last token are not computed.
    #expect(free.decodeSeconds.count == 7 && transformer.position == 11)
    #expect(free.decodeTimes.total > 0 && free.prefillTimes.total > 0)
    transformer.rewind()
    let none = try transformer.generate(after: tokens(4), GenerationOptions(maximumTokens: 0))
    #expect((none.end, none.tokens, none.decodeTokensPerSecond) == (.limit, [], nil))
    let last = try #require(free.tokens.last)
    let first = try #require(free.tokens.firstIndex(of: last))
    transformer.rewind()
    let ended = try transformer.generate(
      after: tokens(4), GenerationOptions(maximumTokens: 8, endTokens: [last]))
    #expect((ended.end, ended.tokens) == (.endToken, Array(free.tokens.prefix(first))))
    transformer.rewind()
    let full = try transformer.generate(after: tokens(4), GenerationOptions(maximumTokens: 100))
    #expect(full.end == .contextFull && transformer.position == transformer.capacity)
    #expect(full.tokens.count == 13 && full.tokens.prefix(8) == free.tokens[...])
    // As many as fit.
    transformer.rewind()
    let fitting = try transformer.generate(after: tokens(4), GenerationOptions(maximumTokens: 13))
    #expect((fitting.end, fitting.tokens) == (.limit, full.tokens))
    #expect(throws: InferenceError.noTokens) {
      try transformer.generate(after: [], GenerationOptions(maximumTokens: 1))
    }
  }

  @Test func scoresThatAreNoNumbersEndGeneration() throws {
    let columns = ModelArchitecture.tiny().hiddenSize
    let source = try InMemoryModel(
      .tiny(), seed: 54,
      replacing: [.outputNorm: .float(1, columns, [Float](repeating: .infinity, count: columns))])
    let transformer = try Self.transformer(source)
    #expect(throws: InferenceError.scoresAreNotFinite) {
      try transformer.generate(after: tokens(2), GenerationOptions(maximumTokens: 3))
    }
  }

  @Test func generationCanBeCancelled() throws {
    let transformer = try Self.transformer(InMemoryModel(.tiny(), seed: 54))
    var given: [Int] = []
    let result = try transformer.generate(
      after: tokens(4), GenerationOptions(maximumTokens: 8), isCancelled: { given.count == 3 },
      onToken: { given.append($0) })
    #expect((result.end, result.tokens.count) == (.interrupted, 3))
    #expect(result.tokens == given)
  }

  /// Where the reference's best token is far ahead of the next, nothing else may be chosen.
  @Test(arguments: UInt64(55)..<60) func greedyTakesTheReferencesBestToken(seed: UInt64) throws {
    let source = try InMemoryModel(.tinyLLaMA(), seed: seed)
    let reference = try ReferenceTransformer(source)
    let transformer = try Self.transformer(source, capacity: 64)
    let result = try transformer.generate(after: tokens(5), GenerationOptions(maximumTokens: 20))
    let trace = try reference.forward(tokens: tokens(5) + result.tokens)
    var clear = 0
    for (index, token) in result.tokens.enumerated() {
      let logits = trace.logits(ofToken: 4 + index)
      let order = logits.indices.sorted { logits[$0] > logits[$1] }
      // 16-bit weights and cache: errors of 2^-11 of logits of order one.
      guard logits[order[0]] - logits[order[1]] > 0.05 else { continue }
      clear += 1
      #expect(token == order[0], "seed \(seed), token \(index)")
    }
    #expect(clear > 10, "seed \(seed)")
  }
}
