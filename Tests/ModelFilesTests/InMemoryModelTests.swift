import Ternary
import Testing

@testable import ModelFiles

@Suite struct InMemoryModelTests {
  private static func architecture(isTernary: Bool = true, tied: Bool = true) -> ModelArchitecture {
    ModelArchitecture(
      name: "bitnet-b1.58", title: "random", vocabulary: 30, contextLength: 16, hiddenSize: 24,
      intermediateSize: 60, layers: 2, heads: 4, keyValueHeads: 2, headDimension: 10, normEpsilon: 1e-5,
      rotaryBase: 10_000, rotaryPairs: .halves, activation: .squaredReLU, hasSubNorms: true,
      tiedEmbeddings: tied, isTernary: isTernary)
  }

  @Test func aSeedDecidesEveryTensor() throws {
    let models = try [4, 4, 5].map { try InMemoryModel(Self.architecture(isTernary: false), seed: $0) }
    for role in models[0].architecture.tensorRoles {
      let bytes = try models.map { try #require($0.stored(role)).copiedBytes }
      #expect(bytes[0] == bytes[1] && bytes[0] != bytes[2], "\(role)")
    }
  }

  @Test(arguments: [false, true])
  func everyTensorHasItsShape(isTernary: Bool) throws {
    let architecture = Self.architecture(isTernary: isTernary, tied: false)
    let model = try InMemoryModel(architecture, seed: 6)
    var found: Set<[UInt8]> = []
    for layer in 0..<2 {
      for role in LinearRole.allCases {
        let shape = architecture.shape(of: role)
        switch try model.linear(role, layer: layer) {
        case .ternary(let matrix):
          #expect(isTernary && matrix.rows == shape.rows && matrix.columns == shape.columns)
          #expect(model.stored(.linear(role, layer: layer)) == nil)
          // A third are zeros: 480 weights at least, five standard deviations.
          #expect(abs(matrix.zeroShare - 1.0 / 3) < 0.11)
          found.insert(matrix.values.map { UInt8(bitPattern: $0) })
        case .float(let matrix):
          #expect(!isTernary && matrix.rows == shape.rows && matrix.columns == shape.columns)
          let stored = try #require(model.stored(.linear(role, layer: layer)))
          #expect(stored.copiedFloats == matrix.values)
          #expect(
            stored.bytes.count
              == StoredTensor.byteCount(rows: stored.rows, columns: stored.columns, of: .float32))
          found.insert(stored.copiedBytes)
        }
      }
      for role in NormRole.allCases {
        let weights = try model.vector(.norm(role, layer: layer))
        #expect(weights.count == architecture.count(of: role))
        #expect(weights.allSatisfy { (0.5...1.5).contains($0) })
      }
    }
    #expect(found.count == 14, "no two matrices are alike")
  }

  @Test(arguments: [TensorRole.embedding, .head])
  func rowsArePartsOfTheWhole(_ role: TensorRole) throws {
    let model = try InMemoryModel(Self.architecture(tied: false), seed: 7)
    let all = try model.rows(0..<30, of: role)
    let stored = try #require(model.stored(role))
    #expect((stored.rows, stored.columns, stored.elementType) == (30, 24, .float32))
    #expect(stored.copiedFloats == all)
    #expect(try model.rows(11..<14, of: role) == Array(all[11 * 24..<14 * 24]))
    let replaced = try InMemoryModel(
      model.architecture, seed: 8, replacing: [role: .float(FloatMatrix(rows: 30, columns: 24, values: all))])
    #expect(try replaced.rows(3..<5, of: role) == Array(all[3 * 24..<5 * 24]))
  }

  @Test func whatIsNotThereIsRefused() throws {
    let model = try InMemoryModel(Self.architecture(), seed: 9)
    #expect(model.stored(.head) == nil)
    #expect(throws: ModelFileError.self) { try model.tokenizer() }
    #expect(throws: ModelFileError.self) { try model.rows(0..<1, of: .head) }
    #expect(throws: ModelFileError.self) { try model.rows(29..<31, of: .embedding) }
    #expect(throws: ModelFileError.self) { try model.vector(.embedding) }
    #expect(throws: ModelFileError.self) { try model.linear(.query, layer: 2) }
    #expect(throws: ModelFileError.self) { try model.vector(.norm(.attention, layer: -1)) }
    let wrong = LinearWeights.float(FloatMatrix(rows: 1, columns: 2, values: [1, 2]))
    #expect(throws: ModelFileError.self) {
      try InMemoryModel(model.architecture, seed: 9, replacing: [.outputNorm: wrong])
    }
    #expect(throws: ModelFileError.self) {
      try InMemoryModel(model.architecture, seed: 9, replacing: [.head: wrong])
    }
    var empty = Self.architecture()
    empty.hiddenSize = -1
    let nothing = try InMemoryModel(empty, seed: 9)
    #expect(throws: ModelFileError.self) { try nothing.linear(.query, layer: 0) }
    #expect(throws: ModelFileError.self) { try nothing.rows(0..<1, of: .embedding) }
  }
}

extension StoredTensor {
  // The bytes are there only as long as the tensor is, which the compiler may end after its last use.
  fileprivate var copiedBytes: [UInt8] { withExtendedLifetime(self) { Array(bytes) } }
  fileprivate var copiedFloats: [Float] {
    withExtendedLifetime(self) { FloatDecoding.decode(bytes, as: .float32) }
  }
}
