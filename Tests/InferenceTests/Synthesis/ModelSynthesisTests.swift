import Foundation
import KernelZoo
import ModelFiles
import Testing

@testable import Inference
@testable import Workloads

/// Files of models that were never trained.
@Suite struct ModelSynthesisTests {
  struct Case: Sendable, CustomTestStringConvertible {
    let name: String
    let architecture: ModelArchitecture
    let linear: TensorElementType
    let embedding: TensorElementType
    var testDescription: String { name }
  }

  private static let small = ModelArchitecture.tiny {
    ($0.vocabulary, $0.hiddenSize, $0.intermediateSize) = (600, 256, 512)
    ($0.heads, $0.keyValueHeads, $0.headDimension) = (4, 2, 64)
  }

  private static func language(
    _ weights: WeightPrecision, keyValueHeads: Int, tied: Bool, layers: Int
  ) -> LanguageModel {
    LanguageModel(
      id: "small", title: "Small", aliases: [], weights: weights, hiddenSize: 256, intermediateSize: 512,
      layers: layers, heads: 4, keyValueHeads: keyValueHeads, headDimension: 64, vocabulary: 520,
      tiedEmbeddings: tied, gatedFeedForward: true, confidence: .derived, source: "", note: nil,
      published: nil)
  }

  static let cases = [
    Case(
      name: "as BitNet b1.58 2B4T, I2_S",
      architecture: ModelArchitecture(language(.ternary, keyValueHeads: 2, tied: true, layers: 2)),
      linear: .i2_s, embedding: .float16),
    Case(
      name: "as BitNet b1.58, TQ2_0",
      architecture: ModelArchitecture(language(.ternary, keyValueHeads: 4, tied: true, layers: 3), layers: 1),
      linear: .tq2_0, embedding: .q8_0),
    Case(
      name: "as ternary LLaMA, TQ1_0",
      architecture: ModelArchitecture(language(.ternary, keyValueHeads: 2, tied: false, layers: 1)),
      linear: .tq1_0, embedding: .q4_0),
    Case(
      name: "as LLaMA, F16",
      architecture: ModelArchitecture(language(.fp16, keyValueHeads: 2, tied: false, layers: 1)),
      linear: .float16, embedding: .float16),
    Case(name: "BF16", architecture: floats, linear: .bfloat16, embedding: .bfloat16),
    Case(name: "F32", architecture: floats, linear: .float32, embedding: .float32),
    Case(name: "Q8_0", architecture: floats, linear: .q8_0, embedding: .q8_0),
    Case(name: "Q6_K", architecture: floats, linear: .q6_K, embedding: .q6_K),
    Case(name: "Q4_0", architecture: floats, linear: .q4_0, embedding: .q4_0),
    Case(
      name: "heads wider than the model", architecture: wideHeads, linear: .i2_s, embedding: .bfloat16),
  ]

  private static var floats: ModelArchitecture {
    var architecture = small
    (architecture.name, architecture.rotaryPairs, architecture.activation) = ("llama", .neighbours, .silu)
    (architecture.hasSubNorms, architecture.tiedEmbeddings, architecture.isTernary) = (false, false, false)
    architecture.layers = 1
    return architecture
  }

  private static var wideHeads: ModelArchitecture {
    var architecture = small
    (architecture.heads, architecture.headDimension, architecture.layers) = (8, 48, 1)
    architecture.rotaryBase = 500_000
    return architecture
  }

  @Test(arguments: cases) func filesAreReadBack(_ example: Case) throws {
    let architecture = example.architecture
    let file = SyntheticFile()
    var progress: [Int] = []
    try ModelSynthesis(
      architecture, linearType: example.linear, embeddingType: example.embedding, seed: 5
    ).write(to: file.path) {
      false
    } onProgress: { written, total in
      progress.append(written)
      #expect(total == architecture.tensorRoles.count)
    }
    #expect(progress == Array(1...architecture.tensorRoles.count))
    let model = try GGUFModel(path: file.path)
    #expect(model.architecture == architecture)
    #expect(model.file.tensors.count == architecture.tensorRoles.count)
    for role in architecture.tensorRoles { try Self.checkValues(role, of: model, example) }
    try Self.checkTokenizer(model)
    let kernel = try #require(KernelChoice.standard(for: model, on: .ofThisCPU))
    let fast = try FastPath(model, kernel: kernel, pieces: [tokens(4), [500]], workers: 2)
    #expect(fast.logits.count == architecture.vocabulary && fast.isFinite)
    // Tensors begin where kernels can read them.
    let weights = try ModelWeights(model, kernel: kernel, team: SingleWorker())
    #expect(weights.matricesInPlace == (example.linear.isTernary ? 7 * architecture.layers : 0))
  }

  private static func checkValues(_ role: TensorRole, of model: GGUFModel, _ example: Case) throws {
    let stored = try #require(model.stored(role))
    #expect(Int(bitPattern: stored.bytes.baseAddress) % 64 == 0)
    switch role {
    case .linear(let linear, let layer):
      #expect(stored.elementType == example.linear)
      switch try model.linear(linear, layer: layer) {
      case .ternary(let matrix):
        #expect(example.linear.isTernary)
        for trit in Int8(-1)...1 {
          let share = Double(matrix.values.count { $0 == trit }) / Double(matrix.values.count)
          // Five standard deviations of the smallest matrix.
          #expect(abs(share - 1 / 3.0) < 5 * (2 / 9.0 / Double(matrix.values.count)).squareRoot() + 0.003)
        }
      case .float(let matrix): checkSpread(matrix.values, 1 / Double(matrix.columns).squareRoot(), role)
      }
    case .embedding, .head:
      #expect(stored.elementType == example.embedding)
      checkSpread(try model.rows(0..<model.architecture.vocabulary, of: role), 0.02, role)
    case .norm, .outputNorm:
      #expect(try model.vector(role).allSatisfy { (0.9...1.1).contains($0) })
      #expect(Set(try model.vector(role)).count > 100)
    }
  }

  private static func checkSpread(_ values: [Float], _ expected: Double, _ role: TensorRole) {
    let squares = values.reduce(0.0) { $0 + Double($1) * Double($1) } / Double(values.count)
    #expect(abs(squares.squareRoot() / expected - 1) < 0.03, "\(role)")
  }

  private static func checkTokenizer(_ model: GGUFModel) throws {
    let tokenizer = try Tokenizer(model.tokenizer())
    #expect(tokenizer.vocabularySize == model.architecture.vocabulary)
    let text = "The quick brown fox, 17 dogs — žluťoučký kůň 🐎.\n"
    let encoded = tokenizer.encode(text)
    #expect(encoded.allSatisfy { (0..<model.architecture.vocabulary).contains($0) })
    #expect(tokenizer.decode(encoded) == text)
    #expect(!tokenizer.endTokens.isEmpty)
  }

  @Test func aSeedDecidesEveryByte() throws {
    func bytes(_ seed: UInt64) throws -> Data {
      let file = SyntheticFile()
      try ModelSynthesis(Self.floats, linearType: .float16, embeddingType: .float16, seed: seed).write(
        to: file.path)
      return try Data(contentsOf: URL(filePath: file.path))
    }
    let first = try bytes(6)
    #expect(try bytes(6) == first)
    let other = try bytes(7)
    #expect(other != first && other.count == first.count)
  }

  @Test func noTwoTensorsAreAlike() throws {
    let file = SyntheticFile()
    try ModelSynthesis(Self.small, linearType: .i2_s, embeddingType: .float32, seed: 8).write(to: file.path)
    let model = try GGUFModel(path: file.path)
    var seen = Set<Data>()
    for role in Self.small.tensorRoles {
      let tensor = try #require(model.stored(role))
      #expect(seen.insert(Data(tensor.bytes.prefix(512))).inserted, "\(role)")
    }
  }

  @Test func whatIsCancelledLeavesNothing() throws {
    let file = SyntheticFile()
    var written = 0
    #expect(throws: InferenceError.interrupted) {
      try ModelSynthesis(Self.small, linearType: .i2_s, embeddingType: .float16, seed: 9).write(
        to: file.path, isCancelled: { written == 3 }, onProgress: { count, _ in written = count })
    }
    #expect(written == 3)
    #expect(!FileManager.default.fileExists(atPath: file.path))
  }

  /// What cannot be written is refused.
  @Test func unfitTypesAreRefused() throws {
    var odd = Self.small
    odd.hiddenSize = 250
    let file = SyntheticFile()
    for (architecture, linear, embedding) in [
      (odd, TensorElementType.tq2_0, TensorElementType.float16), (odd, .float16, .q6_K),
      (Self.small, .i2_s, .tq1_0),
    ] {
      #expect(throws: ModelFileError.self) {
        try ModelSynthesis(architecture, linearType: linear, embeddingType: embedding, seed: 1).write(
          to: file.path)
      }
      #expect(!FileManager.default.fileExists(atPath: file.path))
    }
    var tiny = Self.small
    tiny.vocabulary = 100
    #expect(throws: TokenizerError.self) {
      try ModelSynthesis(tiny, linearType: .i2_s, embeddingType: .float16, seed: 1).write(to: file.path)
    }
  }

  @Test(
    .enabled(
      if: Python.imports("gguf"), "needs Python packages: pip install gguf numpy PyYAML tqdm requests"),
    arguments: [TensorElementType.tq1_0, .tq2_0])
  func theReferenceReaderListsTheTensors(_ type: TensorElementType) throws {
    let file = SyntheticFile()
    try ModelSynthesis(Self.small, linearType: type, embeddingType: .q8_0, seed: 10).write(to: file.path)
    let expected = Self.small.tensorRoles.map { role in
      let dimensions = Self.small.ggufDimensions(of: role).map(String.init).joined(separator: "x")
      return role.ggufName + " " + dimensions
    }
    let message = Python.run(
      [
        "-c",
        """
        import sys
        from gguf import GGUFReader
        from gguf.quants import dequantize
        reader = GGUFReader(sys.argv[1])
        found = [t.name + " " + "x".join(str(d) for d in t.shape) for t in reader.tensors]
        assert found == sys.argv[2:], found
        assert all(t.data_offset % 64 == 0 for t in reader.tensors)
        for tensor in reader.tensors:
          values = abs(dequantize(tensor.data, tensor.tensor_type)).mean()
          assert 0.005 < values < 1.05, (tensor.name, values)
        """, file.path,
      ] + expected)
    #expect(message == nil)
  }
}

/// A path at which nothing is yet; what is written there goes away with this object.
private final class SyntheticFile {
  let path = FileManager.default.temporaryDirectory.appending(path: "bitlab-\(UUID()).gguf").path

  deinit { try? FileManager.default.removeItem(atPath: path) }
}
