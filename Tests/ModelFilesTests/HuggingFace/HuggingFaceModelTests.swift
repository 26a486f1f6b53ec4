import Ternary
import Testing

@testable import ModelFiles

@Suite struct HuggingFaceModelTests {
  func open(_ synthetic: SyntheticModel, shards: Int = 1) throws -> (HuggingFaceModel, TemporaryFolder) {
    let folder = try TemporaryFolder()
    try synthetic.write(to: folder, shards: shards)
    return (try HuggingFaceModel(path: folder.path), folder)
  }

  @Test(arguments: SyntheticModel.Storage.allCases, [1, 3])
  func everyStorageGivesTheQuantisedWeights(storage: SyntheticModel.Storage, shards: Int) throws {
    var synthetic = SyntheticModel(storage: storage)
    synthetic.tied = shards == 1
    let (model, folder) = try open(synthetic, shards: shards)
    defer { withExtendedLifetime(folder) {} }
    #expect(model.architecture.isTernary)
    for role in model.architecture.tensorRoles {
      let (rows, columns) = synthetic.shape(of: role)
      let weights = synthetic.weights(role)
      switch role {
      case .embedding, .head:
        #expect(try model.rows(0..<rows, of: role) == weights)
        #expect(try model.rows(3..<5, of: role) == Array(weights[3 * columns..<5 * columns]))
        #expect(try model.rows(2..<2, of: role).isEmpty)
        #expect(throws: ModelFileError.self) { try model.rows(rows - 1..<rows + 1, of: role) }
        #expect(throws: ModelFileError.self) { try model.rows(-1..<2, of: role) }
      case .norm, .outputNorm: #expect(try model.vector(role) == weights)
      case .linear(let linear, let layer):
        let expected = try WeightQuantization.absmean.quantize(weights, rows: rows, columns: columns)
        guard case .ternary(let matrix) = try model.linear(linear, layer: layer) else {
          Issue.record("\(role) is not ternary")
          return
        }
        #expect(matrix.values == expected.values, "\(role)")
        // 1 / (1 / s) may differ from s in the last bit.
        #expect(abs(matrix.scale - expected.scale) <= expected.scale.ulp, "\(role)")
      }
    }
    if synthetic.tied {
      #expect(throws: ModelFileError.self) { try model.rows(0..<1, of: .head) }
      #expect(model.stored(.head) == nil)
    }
    #expect(throws: ModelFileError.self) { try model.vector(.embedding) }
    #expect(throws: ModelFileError.self) { try model.rows(0..<1, of: .outputNorm) }
    #expect(throws: ModelFileError.self) { try model.linear(.up, layer: 2) }
  }

  @Test(arguments: [2, 5]) func shardsEqualTheSingleFile(shards: Int) throws {
    let synthetic = SyntheticModel(storage: .packedAsDivisor, seed: 9)
    let (single, singleFolder) = try open(synthetic)
    let (sharded, shardedFolder) = try open(synthetic, shards: shards)
    #expect(try ModelContents(single) == ModelContents(sharded))
    // The index and the file can be named instead of the folder.
    let byIndex = try HuggingFaceModel(path: shardedFolder.path(of: "model.safetensors.index.json"))
    let byFile = try HuggingFaceModel(path: singleFolder.path(of: "model.safetensors"))
    #expect(try ModelContents(byIndex) == ModelContents(byFile))
    var (first, second) = (byFile.architecture, single.architecture)
    first.title = ""
    second.title = ""
    #expect(first == second)
  }

  @Test func bothMeaningsOfAScaleGiveTheSameModel() throws {
    let (factor, factorFolder) = try open(SyntheticModel(storage: .packedAsFactor))
    let (divisor, divisorFolder) = try open(SyntheticModel(storage: .packedAsDivisor))
    defer { withExtendedLifetime((factorFolder, divisorFolder)) {} }
    for linear in LinearRole.allCases {
      guard case .ternary(let left) = try factor.linear(linear, layer: 1),
        case .ternary(let right) = try divisor.linear(linear, layer: 1)
      else {
        Issue.record("\(linear) is not ternary")
        return
      }
      #expect(left.values == right.values)
      #expect(abs(left.scale - right.scale) <= left.scale.ulp)
      // The wrong meaning would show: scales are not 1.
      #expect(abs(left.scale - 1) > 0.02)
    }
  }

  @Test(arguments: 1...9, [1, 3, 64]) func paddedRowsAreIgnored(rows: Int, columns: Int) throws {
    var generator = SeededGenerator(seed: UInt64(rows * 1000 + columns))
    let values = (0..<rows * columns).map { _ in Int8.random(in: -1...1, using: &generator) }
    let matrix = try TernaryMatrix(rows: rows, columns: columns, values: values, scale: 1)
    var bytes = SyntheticModel.packed(matrix)
    // Rows of padding hold 3, which is no weight.
    let packedRows = (rows + 3) / 4
    for row in rows..<4 * packedRows {
      for column in 0..<columns {
        bytes[row % packedRows * columns + column] |= 3 << UInt8(2 * (row / packedRows))
      }
    }
    let decoded = bytes.withUnsafeBytes { PackedTernaryRows.decode($0, rows: rows, columns: columns) }
    #expect(decoded == values)
  }

  @Test func aCodeThatIsNoWeightIsNamed() throws {
    let synthetic = SyntheticModel(storage: .packedAsFactor)
    let folder = try TemporaryFolder()
    try synthetic.write(to: folder)
    var tensors = try synthetic.tensors()
    let place = try #require(tensors.firstIndex { $0.name == "model.layers.1.mlp.down_proj.weight" })
    var bytes = tensors[place].bytes
    bytes[2 * synthetic.intermediate + 7] |= 0b1100
    tensors[place] = .init(
      name: tensors[place].name, type: .unsigned8, shape: tensors[place].shape, bytes: bytes)
    try SyntheticModel.write(tensors, to: folder.path(of: "model.safetensors"))
    let model = try HuggingFaceModel(path: folder.path)
    do {
      _ = try model.linear(.down, layer: 1)
      Issue.record("the code 3 was read")
    } catch {
      #expect(error.message == "has the code 3 at row 8, column 7, which stands for no weight")
      #expect(error.tensor == "model.layers.1.mlp.down_proj.weight")
    }
  }

  @Test func floatTensorsAreGivenWhereTheyLie() throws {
    let synthetic = SyntheticModel(storage: .bfloat16)
    let (model, folder) = try open(synthetic)
    defer { withExtendedLifetime(folder) {} }
    let stored = try #require(model.stored(.embedding))
    #expect(
      (stored.rows, stored.columns, stored.elementType) == (synthetic.vocabulary, synthetic.hidden, .bfloat16)
    )
    #expect(stored.bytes.count == StoredTensor.byteCount(rows: 19, columns: 24, of: .bfloat16))
    let decoded = FloatDecoding.decode(stored.bytes, as: .bfloat16)
    #expect(decoded == synthetic.weights(.embedding))
    let norm = try #require(model.stored(.norm(.feedForwardSub, layer: 0)))
    #expect((norm.rows, norm.columns) == (1, synthetic.intermediate))
    let (packed, packedFolder) = try open(SyntheticModel(storage: .packedAsFactor))
    defer { withExtendedLifetime(packedFolder) {} }
    #expect(packed.stored(.linear(.up, layer: 0)) == nil)
  }

  @Test func aModelThatIsNotTernaryStaysFloat() throws {
    var synthetic = SyntheticModel(classes: "LlamaForCausalLM", storage: .bfloat16)
    synthetic.subNorms = nil
    let (model, folder) = try open(synthetic)
    defer { withExtendedLifetime(folder) {} }
    #expect(!model.architecture.isTernary && !model.architecture.hasSubNorms)
    guard case .float(let matrix) = try model.linear(.key, layer: 1) else {
      Issue.record("the matrix is not of floats")
      return
    }
    #expect(matrix.values == synthetic.weights(.linear(.key, layer: 1)))
  }

  @Test func theNamesOfTheFirstModelsAreKnown() throws {
    let synthetic = SyntheticModel(classes: "BitnetForCausalLM", storage: .float16, subNorms: .firstModels)
    let (model, folder) = try open(synthetic)
    defer { withExtendedLifetime(folder) {} }
    #expect(model.architecture.hasSubNorms && model.architecture.name == "bitnet")
    #expect(
      try model.vector(.norm(.attentionSub, layer: 1)) == synthetic.weights(.norm(.attentionSub, layer: 1)))
  }

  @Test func theLargestMatrixOfBitNetIsDecodedInMilliseconds() throws {
    let (rows, columns) = (6912, 2560)
    let bytes = [UInt8](repeating: 0b0110_0100, count: rows / 4 * columns)
    let clock = ContinuousClock()
    var values: [Int8] = []
    let fastest = (0..<5).map { _ in
      clock.measure {
        values = bytes.withUnsafeBytes { PackedTernaryRows.decode($0, rows: rows, columns: columns) }
      }
    }.min()
    #expect(values.count == rows * columns)
    // Many times what it takes, for machines that are busy; element by element it would be some 200 ms.
    #expect(try #require(fastest) < .milliseconds(50))
  }
}
