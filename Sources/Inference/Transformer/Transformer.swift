import KernelZoo
import ModelFiles
import Synchronization

/// A decoder-only transformer with the tokens it has seen: computes the scores of the next token.
///
/// One thread at a time may use it; the work is done by the team.
public final class Transformer {
  /// Tokens of one pass: enough for the kernels' best speed, few enough for the caches.
  public static let largestPass = 512

  /// What it multiplies by.
  public let weights: ModelWeights
  /// Tokens seen so far.
  public private(set) var position = 0
  /// Seconds by part of all passes since ``resetTimes()``.
  public private(set) var times = TimeByPart()
  /// Called after each layer with its number and the residual stream, tokens × hidden size. For tests.
  package var onLayer: (@Sendable (Int, UnsafeBufferPointer<Float>) -> Void)?

  private let team: any WorkerTeam
  private let cache: KeyValueCache
  private let angles: RotaryAngles
  private let scores: FloatBuffer
  private var passes: [Int: PassBuffers] = [:]

  /// Makes the cache and the buffers.
  ///
  /// - Parameters:
  ///   - weights: Of the model.
  ///   - capacity: Tokens that can be seen, at least one.
  ///   - team: Who computes.
  ///   - allocate: Gives memory of at least that many bytes for the cache.
  /// - Throws: `LinearOperatorError`, or what `allocate` throws.
  public init(
    _ weights: ModelWeights, capacity: Int, team: any WorkerTeam,
    allocate: (Int) throws -> any WeightMemory = { AlignedBuffer(byteCount: $0) }
  ) throws {
    guard capacity > 0 else { throw InferenceError.noTokens }
    let model = weights.architecture
    self.weights = weights
    self.team = team
    cache = try KeyValueCache(model, capacity: capacity, allocate: allocate)
    angles = RotaryAngles(base: model.rotaryBase, headDimension: model.headDimension, positions: capacity)
    scores = FloatBuffer(rows: 1, columns: model.vocabulary)
    passes[1] = try PassBuffers(weights, tokens: 1, workers: team.workerCount)
  }

  /// Tokens that can be seen.
  public var capacity: Int { cache.capacity }

  /// Forgets all tokens, or those from a position on.
  public func rewind(to position: Int = 0) { self.position = min(max(position, 0), self.position) }

  /// Begins to count ``times`` anew.
  public func resetTimes() { times = TimeByPart() }

  /// Sees tokens after those before.
  ///
  /// - Returns: The score of every token of the vocabulary to come next. Valid until the next call, and no longer than
  ///   the transformer lives.
  /// - Throws: ``InferenceError`` if there are no tokens, one is not in the vocabulary, or the context is full; then
  ///   nothing has been seen.
  @discardableResult
  public func see(_ tokens: some Collection<Int>) throws -> UnsafeBufferPointer<Float> {
    let tokens = Array(tokens)
    try check(tokens)
    for start in stride(from: 0, to: tokens.count, by: Self.largestPass) {
      let end = min(start + Self.largestPass, tokens.count)
      try pass(Array(tokens[start..<end]), scored: end == tokens.count ? [end - start - 1] : []) { _ in }
    }
    return UnsafeBufferPointer(start: scores.start, count: scores.columns)
  }

  /// Sees tokens after those before, and gives the scores after each of them.
  ///
  /// - Throws: As ``see(_:)``.
  package func scoresAfterEach(of tokens: [Int]) throws -> [[Float]] {
    try check(tokens)
    let collected = Mutex<[[Float]]>([])
    for start in stride(from: 0, to: tokens.count, by: Self.largestPass) {
      let chunk = Array(tokens[start..<min(start + Self.largestPass, tokens.count)])
      try pass(chunk, scored: Array(chunk.indices)) { scores in
        collected.withLock { $0.append(Array(scores)) }
      }
    }
    return collected.withLock { $0 }
  }

  private func check(_ tokens: [Int]) throws(InferenceError) {
    guard !tokens.isEmpty else { throw .noTokens }
    let vocabulary = weights.architecture.vocabulary
    if let odd = tokens.first(where: { !(0..<vocabulary).contains($0) }) {
      throw .noSuchToken(token: odd, vocabulary: vocabulary)
    }
    guard tokens.count <= capacity - position else {
      throw .contextFull(tokens: position + tokens.count, capacity: capacity)
    }
  }

  /// The buffers for so many tokens. Kept for single tokens, full passes and the last odd number.
  private func buffers(tokens: Int) throws -> PassBuffers {
    if let present = passes[tokens] { return present }
    passes = passes.filter { $0.key == 1 || $0.key == Self.largestPass }
    let made = try PassBuffers(weights, tokens: tokens, workers: team.workerCount)
    passes[tokens] = made
    return made
  }

  private func pass(
    _ tokens: [Int], scored: [Int], onScores: @Sendable (UnsafeBufferPointer<Float>) -> Void
  ) throws {
    let work = Pass(
      weights: weights, buffers: try buffers(tokens: tokens.count), cache: cache, angles: angles,
      position: position, tokens: tokens, scored: scored, scores: scores, onLayer: onLayer)
    let times = Mutex(TimeByPart())
    team.run { member in
      let own = work.run(member, onScores: onScores)
      if member.index == 0 { times.withLock { $0 = own } }
    }
    self.times += times.withLock { $0 }
    position += tokens.count
  }
}

/// What the workers of one pass share.
private struct Pass: @unchecked Sendable {
  // Unchecked: buffers and cache are written in disjoint parts, with barriers between.
  let weights: ModelWeights
  let buffers: PassBuffers
  let cache: KeyValueCache
  let angles: RotaryAngles
  let position: Int
  let tokens: [Int]
  let scored: [Int]
  let scores: FloatBuffer
  let onLayer: (@Sendable (Int, UnsafeBufferPointer<Float>) -> Void)?

  func run(_ member: any TeamMember, onScores: (UnsafeBufferPointer<Float>) -> Void) -> TimeByPart {
    var pass = LayerPass(
      weights: weights, buffers: buffers, cache: cache, angles: angles, position: position, member: member)
    tokens.withUnsafeBufferPointer { tokens in
      if let first = tokens.baseAddress { pass.embed(first) }
    }
    for layer in 0..<weights.architecture.layers {
      pass.run(layer: layer)
      if let onLayer {
        let residual = pass.completeResidual()
        if member.index == 0 { onLayer(layer, residual) }
        member.barrier()
      }
    }
    for token in scored {
      pass.score(token: token, into: scores.start)
      if member.index == 0 { onScores(UnsafeBufferPointer(start: scores.start, count: scores.columns)) }
      if scored.count > 1 { member.barrier() }
    }
    return pass.times
  }
}
