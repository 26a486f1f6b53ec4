import Ternary
import Testing

@testable import ModelFiles

@Suite struct GGUFModelTests {
  @Test(
    arguments: ["bitnet-b1.58", "bitnet-25", "bitnet", "llama"],
    [TensorElementType.i2_s, .tq1_0, .tq2_0])
  func aModelIsReadAsItWasWritten(name: String, type: TensorElementType) throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture(name: name, tied: name != "bitnet-25", seed: 7)
    fixture.linearType = type
    fixture.tokenizer = GGUFModelFixture.tokenizer
    try fixture.write(to: temporary.path)
    let model = try GGUFModel(path: temporary.path)
    #expect(model.architecture == fixture.architecture)
    #expect(model.path == temporary.path)
    #expect(try model.tokenizer() == fixture.tokenizer)
    for (role, matrix) in fixture.matrices {
      guard case .linear(let linear, let layer) = role else { continue }
      guard case .ternary(let read) = try model.linear(linear, layer: layer) else {
        Issue.record("\(role) is not ternary")
        continue
      }
      #expect(read.values == matrix.values && read.scale == matrix.scale, "\(role)")
      #expect(model.stored(role)?.elementType == type)
    }
    for role in fixture.architecture.norms {
      #expect(try model.vector(.norm(role, layer: 1)) == fixture.vectors[.norm(role, layer: 1)])
    }
    #expect(try model.vector(.outputNorm) == fixture.vectors[.outputNorm])
    let embedding = try #require(fixture.vectors[.embedding])
    #expect(try model.rows(2..<4, of: .embedding) == Array(embedding[512..<1024]))
    #expect(try model.rows(0..<0, of: .embedding) == [])
    #expect((model.stored(.head) == nil) == fixture.architecture.tiedEmbeddings)
    #expect(throws: ModelFileError.self) { try model.rows(5..<7, of: .embedding) }
    #expect(throws: ModelFileError.self) { try model.vector(.embedding) }
    #expect(throws: ModelFileError.self) { try model.linear(.query, layer: 2) }
  }

  @Test func keysHaveTheOrderAndTypesOfTheOfficialFile() throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture()
    fixture.tokenizer = GGUFModelFixture.tokenizer
    try fixture.write(to: temporary.path)
    let file = try GGUFFile(path: temporary.path)
    // Of the official file; it lacks `pre` and `eot_token_id`, and names a padding token.
    #expect(
      file.metadata.map { "\($0.key) \($0.value.typeName)" } == [
        "general.architecture str", "general.name str", "bitnet-b1.58.vocab_size u32",
        "bitnet-b1.58.context_length u32", "bitnet-b1.58.embedding_length u32",
        "bitnet-b1.58.block_count u32", "bitnet-b1.58.feed_forward_length u32",
        "bitnet-b1.58.rope.dimension_count u32", "bitnet-b1.58.attention.head_count u32",
        "bitnet-b1.58.attention.head_count_kv u32", "tokenizer.ggml.add_bos_token bool",
        "bitnet-b1.58.attention.layer_norm_rms_epsilon f32", "bitnet-b1.58.rope.freq_base f32",
        "general.file_type u32", "tokenizer.ggml.model str", "tokenizer.ggml.pre str",
        "tokenizer.ggml.tokens arr[str, 6]", "tokenizer.ggml.scores arr[f32, 6]",
        "tokenizer.ggml.token_type arr[i32, 6]", "tokenizer.ggml.merges arr[str, 1]",
        "tokenizer.ggml.bos_token_id u32", "tokenizer.ggml.eos_token_id u32",
        "tokenizer.ggml.eot_token_id u32",
        "tokenizer.chat_template str", "general.quantization_version u32", "general.alignment u32",
      ])
    #expect(file["tokenizer.ggml.tokens"]?.description == #"["a", "b", "ab", "Ġ", ...]"#)
  }

  /// Floats of a ternary architecture: already ternary ones keep their scale, others are quantised by absmean.
  @Test(arguments: [TensorElementType.float32, .float16, .bfloat16])
  func floatsOfATernaryArchitectureAreQuantised(type: TensorElementType) throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture()
    fixture.linearType = type
    let role = TensorRole.linear(.up, layer: 1)
    try fixture.write(to: temporary.path)
    let model = try GGUFModel(path: temporary.path)
    guard case .ternary(let dequantized) = try model.linear(.up, layer: 1) else { throw Failure() }
    #expect(dequantized == fixture.matrices[role])

    let other = TemporaryPath()
    fixture.leftOut.insert(role.ggufName)
    let floats = (0..<512 * 256).map { Float($0 % 17) - 8 }
    fixture.added.append((GGUFTensorPlan(role, of: fixture.architecture, elementType: type), floats))
    try fixture.write(to: other.path)
    guard case .ternary(let quantized) = try GGUFModel(path: other.path).linear(.up, layer: 1) else {
      throw Failure()
    }
    #expect(try quantized == WeightQuantization.absmean.quantize(floats, rows: 512, columns: 256))
  }

  @Test func floatsOfLlamaStayFloats() throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture(name: "llama")
    fixture.linearType = .float16
    try fixture.write(to: temporary.path)
    let model = try GGUFModel(path: temporary.path)
    #expect(!model.architecture.isTernary)
    guard case .float(let matrix) = try model.linear(.down, layer: 0) else { throw Failure() }
    let expected = try #require(fixture.matrices[.linear(.down, layer: 0)])
    #expect(matrix.values == expected.values.map { Float($0) * expected.scale })
  }

  @Test(arguments: [TensorElementType.tq2_0, .float32])
  func scalesBesideMatricesMultiplyThem(type: TensorElementType) throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture(name: "bitnet")
    fixture.linearType = type
    fixture.added = [
      (GGUFTensorPlan(name: "blk.1.attn_k.scale", dimensions: [1], elementType: .float32), [0.5])
    ]
    try fixture.write(to: temporary.path)
    let model = try GGUFModel(path: temporary.path)
    guard case .ternary(let scaled) = try model.linear(.key, layer: 1) else { throw Failure() }
    let written = try #require(fixture.matrices[.linear(.key, layer: 1)])
    #expect(scaled.values == written.values && scaled.scale == written.scale / 2)
    #expect(model.stored(.linear(.key, layer: 1)) == nil)
    #expect(
      try model.rows(0..<1, of: .linear(.key, layer: 1))
        == written.values[..<256].map { Float($0) * written.scale / 2 })
    guard case .ternary(let other) = try model.linear(.key, layer: 0) else { throw Failure() }
    #expect(other == fixture.matrices[.linear(.key, layer: 0)])
  }

  @Test func theARMLayoutIsReadOnRequest() throws {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture()
    fixture.layout = .arm
    try fixture.write(to: temporary.path)
    for layout in I2SLayout.allCases {
      let model = try GGUFModel(path: temporary.path, i2sLayout: layout)
      guard case .ternary(let read) = try model.linear(.gate, layer: 0) else { throw Failure() }
      #expect((read == fixture.matrices[.linear(.gate, layer: 0)]) == (layout == .arm))
    }
  }

  struct Failure: Error {}

  @Test(arguments: [
    "token_embd.weight", "output_norm.weight", "output.weight", "blk.0.attn_q.weight", "blk.12.attn_k.weight",
    "blk.3.attn_v.weight", "blk.3.attn_output.weight", "blk.3.ffn_gate.weight", "blk.3.ffn_up.weight",
    "blk.3.ffn_down.weight", "blk.3.attn_norm.weight", "blk.3.attn_sub_norm.weight", "blk.3.ffn_norm.weight",
    "blk.999.ffn_sub_norm.weight",
  ])
  func namesAndRolesBelongTogether(name: String) throws {
    #expect(try #require(TensorRole(ggufName: name)).ggufName == name)
  }

  @Test(arguments: [
    "", ".", "weight", "token_embd", "token_embd.bias", "blk.0.attn_q.bias", "blk.01.attn_q.weight",
    "blk.-1.attn_q.weight",
    "blk.+1.attn_q.weight", "blk.0.attn_x.weight", "blk..attn_q.weight", "blk.0.attn_q.weight.",
    "a.0.attn_q.weight",
    "blk.99999999999999999999.attn_q.weight", "blk.0.weight", "blk.٣.attn_q.weight",
  ])
  func otherNamesHaveNoRole(name: String) { #expect(TensorRole(ggufName: name) == nil) }
}
