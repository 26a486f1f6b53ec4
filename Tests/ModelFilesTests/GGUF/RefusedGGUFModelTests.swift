import Testing

@testable import ModelFiles

/// Models that cannot be computed, or whose parts contradict each other.
@Suite struct RefusedGGUFModelTests {
  @Test(
    arguments: [
      ("general.architecture", nil, "has no key 'general.architecture', expected a text"),
      (
        "general.architecture", .string("gemma"),
        "has the architecture 'gemma', expected one of bitnet-b1.58, "
      ),
      ("general.architecture", .uint32(1), "has 1 of type u32 as 'general.architecture', expected a text"),
      ("block_count", nil, "has no key 'bitnet-b1.58.block_count', expected a whole number"),
      ("block_count", .uint32(0), "has 0 as bitnet-b1.58.block_count, expected 1 to 1000"),
      ("block_count", .uint32(1001), "has 1001 as bitnet-b1.58.block_count, expected 1 to 1000"),
      ("block_count", .uint64(.max), "as 'bitnet-b1.58.block_count', expected a whole number"),
      ("block_count", .int32(-1), "has -1 as bitnet-b1.58.block_count, expected 1 to 1000"),
      ("block_count", .uint32(3), "tensor 'blk.2.attn_norm.weight' does not exist"),
      ("block_count", .uint32(1), "tensor 'blk.1.attn_norm.weight' is no part of the architecture"),
      (
        "block_count", .float32(2),
        "has 2.0 of type f32 as 'bitnet-b1.58.block_count', expected a whole number"
      ),
      ("embedding_length", .uint32(260), "has heads of 65 elements, expected an even number"),
      (
        "embedding_length", .uint32(128),
        "has 64 as bitnet-b1.58.rope.dimension_count, expected the 32 elements"
      ),
      ("embedding_length", .uint32(255), "has 4 heads, which do not divide its width of 255"),
      (
        "feed_forward_length", .uint32(256),
        "tensor 'blk.0.ffn_sub_norm.weight' has shape [512, 1], expected [256]"
      ),
      ("context_length", nil, "has no key 'bitnet-b1.58.context_length'"),
      ("attention.head_count", .uint32(3), "has 3 query heads, no multiple of its 2 key and value heads"),
      (
        "attention.head_count_kv", .uint32(4),
        "tensor 'blk.0.attn_k.weight' has shape [256, 128], expected [256, 256]"
      ),
      ("attention.head_count_kv", .array(.uint32([1, 2])), "expected a whole number"),
      ("attention.layer_norm_rms_epsilon", nil, "has no key 'bitnet-b1.58.attention.layer_norm_rms_epsilon'"),
      ("attention.layer_norm_rms_epsilon", .float32(-1), "has -1.0 as"),
      ("attention.layer_norm_rms_epsilon", .float64(1e300), "has inf as"),
      ("rope.freq_base", .float32(.nan), "has nan as bitnet-b1.58.rope.freq_base, expected a number from 1"),
      ("rope.dimension_count", .uint32(32), "expected the 64 elements of a head"),
      ("attention.value_length", .uint32(32), "expected the 64 elements of a head"),
      (
        "attention.key_length", .uint32(1 << 23),
        "as bitnet-b1.58.rope.dimension_count, expected the 8388608 elements"
      ),
      ("vocab_size", .uint32(7), "tensor 'token_embd.weight' has shape [256, 6], expected [256, 7]"),
      ("hidden_activation", .string("gelu"), "has the activation 'gelu', expected relu2 or silu"),
      ("rope.scaling.type", .string("yarn"), "has scaled rotary positions, which cannot be computed"),
      ("rope.scaling.factor", .float32(8), "bitnet-b1.58.rope.scaling.factor is 8.0"),
      ("rope.scale_linear", .float32(2), "has scaled rotary positions"),
      (
        "attention.sliding_window", .uint32(4096),
        "has a sliding window of attention, which cannot be computed"
      ),
      ("expert_count", .uint32(8), "has experts, which cannot be computed"),
      ("logit_scale", .float32(0.5), "has a scale of its own"),
    ] as [(String, GGUFValue?, String)])
  func keysThatCannotBeUsedAreNamed(key: String, value: GGUFValue?, expected: String) throws {
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.keys = [(key.hasPrefix("general.") ? key : "bitnet-b1.58." + key, value)]
    let error = try fixture.error()
    #expect(error.contains(expected), "\(error)")
  }

  /// What changes nothing is accepted.
  @Test(
    arguments: [
      ("rope.scaling.type", .string("linear")), ("rope.scaling.type", .string("none")),
      ("rope.scaling.factor", .float32(1)), ("expert_count", .uint32(0)),
      ("attention.sliding_window", .uint32(0)),
      ("attention.key_length", .uint32(64)), ("hidden_activation", .string("relu2")), ("vocab_size", nil),
      ("rope.dimension_count", nil), ("rope.freq_base", nil), ("block_count", .int64(2)),
      ("context_length", .uint8(128)),
    ] as [(String, GGUFValue?)])
  func keysThatChangeNothingAreAccepted(key: String, value: GGUFValue?) throws {
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.keys = [("bitnet-b1.58." + key, value)]
    #expect(try fixture.error() == "no error")
  }

  @Test(
    arguments: [
      ("blk.0.attn_q.bias", [256], "tensor 'blk.0.attn_q.bias' is a bias, which cannot be computed"),
      ("rope_freqs.weight", [32], "tensor 'rope_freqs.weight' scales rotary positions"),
      ("blk.1.ffn_up_exps.weight", [8, 8, 2], "tensor 'blk.1.ffn_up_exps.weight' belongs to experts"),
      ("blk.1.attn_q_norm.weight", [64], "is no part of the architecture bitnet-b1.58 of 2 layers"),
      ("blk.2.attn_norm.weight", [256], "is no part of the architecture bitnet-b1.58 of 2 layers"),
      ("blk.0.attn_q.scale", [2], "tensor 'blk.0.attn_q.scale' has shape [2, 1] of F32, expected one F32"),
    ] as [(String, [Int], String)])
  func tensorsThatWouldBeIgnoredAreRefused(name: String, dimensions: [Int], expected: String) throws {
    var fixture = try GGUFModelFixture()
    let plan = GGUFTensorPlan(name: name, dimensions: dimensions, elementType: .float32)
    fixture.added = [(plan, [Float](repeating: 1, count: dimensions.reduce(1, *)))]
    let error = try fixture.error()
    #expect(error.contains(expected), "\(error)")
  }

  @Test func aMissingSubNormIsNamed() throws {
    var fixture = try GGUFModelFixture()
    fixture.leftOut = ["blk.1.ffn_sub_norm.weight"]
    #expect(try fixture.error().hasPrefix("tensor 'blk.1.ffn_sub_norm.weight' does not exist"))
  }

  @Test func llamaWithSomeTernaryMatricesIsRefused() throws {
    var fixture = try GGUFModelFixture(name: "llama")
    let role = TensorRole.linear(.up, layer: 1)
    fixture.leftOut = [role.ggufName]
    fixture.added = [
      (
        GGUFTensorPlan(role, of: fixture.architecture, elementType: .float32),
        [Float](repeating: 1, count: 512 * 256)
      )
    ]
    #expect(try fixture.error().contains("has 13 ternary matrices of 14, expected all or none"))
  }

  @Test(
    arguments: [
      ("tokenizer.ggml.model", .string("bert"), "has the tokenizer 'bert', expected gpt2 or llama"),
      ("tokenizer.ggml.model", nil, "has no key 'tokenizer.ggml.model'"),
      ("tokenizer.ggml.tokens", nil, "has no key 'tokenizer.ggml.tokens', expected a list of texts"),
      ("tokenizer.ggml.tokens", .array(.string(["a"])), "has 1 tokens, expected 6"),
      (
        "tokenizer.ggml.tokens", .array(.int32([1])), "has [1] of type arr[i32, 1] as 'tokenizer.ggml.tokens'"
      ),
      ("tokenizer.ggml.scores", .array(.float32([1])), "has 1 scores of 6 tokens"),
      ("tokenizer.ggml.token_type", .array(.int32([1])), "has 1 token types of 6 tokens"),
      (
        "tokenizer.ggml.token_type", .array(.int32([1, 1, 0, 1, 1, 1])),
        "has the type 0 for token 2, expected 1 to 6"
      ),
      ("tokenizer.ggml.merges", nil, "has no key 'tokenizer.ggml.merges'"),
      (
        "tokenizer.ggml.bos_token_id", .uint32(6),
        "has 6 as tokenizer.ggml.bos_token_id, expected one of 6 tokens"
      ),
      ("tokenizer.ggml.eos_token_id", .int32(-1), "has -1 as tokenizer.ggml.eos_token_id, expected one of 6"),
      ("tokenizer.ggml.add_bos_token", .uint32(1), "expected a truth value"),
    ] as [(String, GGUFValue?, String)])
  func tokenizersThatContradictThemselvesAreRefused(
    key: String, value: GGUFValue?, expected: String
  ) throws {
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.keys = [(key, value)]
    let error = try fixture.error()
    #expect(error.contains(expected), "\(error)")
  }

  /// The keys of the first official files: no `pre`, and here no types either.
  @Test func whatTheFirstOfficialFilesLackIsFilledIn() throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.keys = ["pre", "token_type", "scores", "add_bos_token"].map { ("tokenizer.ggml." + $0, nil) }
    try fixture.write(to: temporary.path)
    let tokenizer = try GGUFModel(path: temporary.path).tokenizer()
    #expect(tokenizer.preTokenizer == "llama-bpe")
    #expect(tokenizer.tokenKinds == Array(repeating: .normal, count: 6))
    #expect(tokenizer.scores == [])
    #expect(tokenizer.addsBeginOfText)
  }

  @Test func sentencePieceHasItsOwnDefaults() throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.keys = [("tokenizer.ggml.model", .string("llama"))]
    fixture.keys += ["pre", "merges", "add_bos_token"].map { ("tokenizer.ggml." + $0, nil) }
    try fixture.write(to: temporary.path)
    let tokenizer = try GGUFModel(path: temporary.path).tokenizer()
    #expect(tokenizer.kind == .sentencePieceBPE)
    #expect(tokenizer.preTokenizer == "" && tokenizer.merges == [])
    #expect(tokenizer.addsBeginOfText && tokenizer.addsSpacePrefix)
    fixture.keys.append(("tokenizer.ggml.scores", nil))
    #expect(try fixture.error().contains("has no key 'tokenizer.ggml.scores'"))
  }
}
