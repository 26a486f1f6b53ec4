import KernelZoo

extension Transformer {
  /// Sees a prompt and generates what follows.
  ///
  /// - Parameters:
  ///   - prompt: Tokens, at least one, fewer than what is left of the context.
  ///   - options: When to end and how to choose.
  ///   - isCancelled: Asked before each token.
  ///   - onToken: Called with each token as soon as it is chosen.
  /// - Throws: ``InferenceError``.
  public func generate(
    after prompt: [Int], _ options: GenerationOptions, isCancelled: () -> Bool = { false },
    onToken: (Int) -> Void = { _ in }
  ) throws -> Generation {
    var result = Generation()
    var sampler = Sampler(options.sampling)
    resetTimes()
    let begin = MonotonicTime.seconds()
    var scores = try see(prompt)
    result.promptTokens = prompt.count
    result.prefillSeconds = MonotonicTime.seconds() - begin
    result.prefillTimes = times
    resetTimes()
    while result.tokens.count < options.maximumTokens {
      guard !isCancelled() else {
        result.end = .interrupted
        break
      }
      let begin = MonotonicTime.seconds()
      let token = sampler.next(scores)
      guard scores[token].isFinite else { throw InferenceError.scoresAreNotFinite }
      guard !options.endTokens.contains(token) else {
        result.end = .endToken
        break
      }
      result.tokens.append(token)
      onToken(token)
      // The scores after the last token are nobody's need.
      guard result.tokens.count < options.maximumTokens else { break }
      guard position < capacity else {
        result.end = .contextFull
        break
      }
      scores = try see([token])
      result.decodeSeconds.append(MonotonicTime.seconds() - begin)
    }
    result.decodeTimes = times
    return result
  }

  /// Bytes that a decoded token reads when `context` tokens have been seen, itself included: linear layers, LM head,
  /// norms, one row of the embedding, and the keys and values of the context.
  public func bytesPerToken(context: Int) -> Int {
    weights.linearBytes + weights.headBytes + weights.normBytes + weights.embedding.rowBytes
      + KeyValueCache.byteCount(weights.architecture, tokens: context)
  }
}
