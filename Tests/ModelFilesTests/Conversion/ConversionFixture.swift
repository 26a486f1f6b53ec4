import Foundation

@testable import ModelFiles

/// A folder that goes away with this object.
final class ConversionFolder {
  let path: String

  init() throws {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID())").path
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }

  func callAsFunction(_ name: String) -> String { path + "/" + name }

  var contents: [String] {
    get throws { try FileManager.default.contentsOfDirectory(atPath: path).sorted() }
  }

  /// Converts a model to a file of the folder and opens it.
  func converted(
    _ source: any ModelSource, to name: String, linears: TensorElementType? = nil,
    embedding: TensorElementType? = nil
  ) throws -> GGUFModel {
    let conversion = try ModelConversion(source, linearType: linears, embeddingType: embedding)
    guard try conversion.write(to: self(name)) else { throw CancellationError() }
    return try GGUFModel(path: self(name))
  }
}

extension ModelArchitecture {
  /// Small, but of whole blocks of every type.
  static func convertible(_ change: (inout ModelArchitecture) -> Void = { _ in }) -> ModelArchitecture {
    var architecture = ModelArchitecture(
      name: "bitnet-b1.58", title: "small", vocabulary: 37, contextLength: 64, hiddenSize: 256,
      intermediateSize: 512, layers: 2, heads: 8, keyValueHeads: 2, headDimension: 32, normEpsilon: 1e-5,
      rotaryBase: 10_000, rotaryPairs: .halves, activation: .squaredReLU, hasSubNorms: true,
      tiedEmbeddings: true, isTernary: true)
    change(&architecture)
    return architecture
  }

  /// As a Hugging Face folder of LLaMA has it.
  static func convertibleLLaMA(isTernary: Bool) -> ModelArchitecture {
    convertible { architecture in
      architecture.name = "llama"
      architecture.activation = .silu
      architecture.hasSubNorms = false
      architecture.tiedEmbeddings = false
      architecture.isTernary = isTernary
    }
  }

  var linears: [(role: LinearRole, layer: Int)] {
    (0..<layers).flatMap { layer in LinearRole.allCases.map { ($0, layer) } }
  }

  /// The rows of queries and keys in the order of neighbours, by arithmetic of its own: head, half, element become
  /// head, element, half.
  func sourceRow(ofNeighbour row: Int) -> Int {
    let (head, inHead) = (row / headDimension, row % headDimension)
    let (element, half) = (inHead / 2, inHead % 2)
    return head * headDimension + half * headDimension / 2 + element
  }
}

/// A model with a tokenizer of its own.
final class ModelWithTokenizer: ModelSource {
  private let model: InMemoryModel
  private let description: TokenizerDescription

  init(_ model: InMemoryModel, _ description: TokenizerDescription) {
    self.model = model
    self.description = description
  }

  var path: String { model.path }
  var architecture: ModelArchitecture { model.architecture }
  func tokenizer() throws(ModelFileError) -> TokenizerDescription { description }
  func stored(_ role: TensorRole) -> StoredTensor? { model.stored(role) }
  func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights {
    try model.linear(role, layer: layer)
  }
  func vector(_ role: TensorRole) throws(ModelFileError) -> [Float] { try model.vector(role) }
  func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float] {
    try model.rows(rows, of: role)
  }
}

extension Float {
  /// What is left of a scale in a type.
  func rounded(to type: TensorElementType) -> Float {
    switch type {
    case .tq1_0, .tq2_0, .float16: FloatDecoding.float16(float16Bits)
    case .bfloat16: Float(bitPattern: UInt32(bfloat16Bits) << 16)
    default: self
    }
  }
}
