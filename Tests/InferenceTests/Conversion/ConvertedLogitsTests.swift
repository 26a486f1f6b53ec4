import Foundation
import Inference
import ModelFiles
import Testing

/// A converted model computes what the original does.
@Suite struct ConvertedLogitsTests {
  private static func architecture(
    _ name: String, isTernary: Bool, hasSubNorms: Bool, pairs: ModelArchitecture.RotaryPairs
  ) -> ModelArchitecture {
    .tiny { architecture in
      (architecture.hiddenSize, architecture.intermediateSize, architecture.heads) = (64, 128, 8)
      architecture.name = name
      architecture.isTernary = isTernary
      architecture.hasSubNorms = hasSubNorms
      architecture.activation = name == "bitnet-b1.58" ? .squaredReLU : .silu
      architecture.tiedEmbeddings = hasSubNorms
      architecture.rotaryPairs = pairs
    }
  }

  private static func logits(_ source: any ModelSource) throws -> [Double] {
    try ReferenceTransformer(source, cachePrecision: .exact).forward(tokens: tokens(7)).logits
  }

  @Test(
    arguments: [
      ("llama", false, TensorElementType.float32), ("llama", true, .i2_s), ("bitnet-b1.58", true, .i2_s),
      ("bitnet-b1.58", true, .float32), ("bitnet", true, .i2_s),
    ], ModelArchitecture.RotaryPairs.allCases)
  func logitsStayTheSame(
    _ model: (name: String, isTernary: Bool, type: TensorElementType), pairs: ModelArchitecture.RotaryPairs
  ) throws {
    let folder = try InspectedFolder()
    let source = try InMemoryModel(
      Self.architecture(
        model.name, isTernary: model.isTernary, hasSubNorms: model.name != "llama", pairs: pairs), seed: 12)
    #expect(try ModelConversion(source, linearType: model.type).write(to: folder("out.gguf")))
    let result = try GGUFModel(path: folder("out.gguf"))
    try Self.expectSameLogits(result, as: source)
  }

  /// From a file to a Hugging Face folder: where a file has neighbours, rows go back to halves.
  @Test(
    arguments: [("llama", false), ("llama", true), ("bitnet-b1.58", true), ("bitnet", true)],
    ModelArchitecture.RotaryPairs.allCases)
  func logitsStayTheSameInAFolder(
    _ model: (name: String, isTernary: Bool), pairs: ModelArchitecture.RotaryPairs
  ) throws {
    let folder = try InspectedFolder()
    let source = try InMemoryModel(
      Self.architecture(
        model.name, isTernary: model.isTernary, hasSubNorms: model.name != "llama", pairs: pairs), seed: 13)
    let conversion = try HuggingFaceConversion(
      source, linearType: model.isTernary ? nil : .float32, embeddingType: .float32)
    #expect(try conversion.write(to: folder("out")))
    let result = try ModelOpener.open(folder("out"))
    #expect(result.architecture.rotaryPairs == .halves)
    try Self.expectSameLogits(result, as: source)
  }

  private static func expectSameLogits(_ result: any ModelSource, as source: any ModelSource) throws {
    let (before, after) = (try logits(source), try logits(result))
    #expect(before.count == after.count)
    // Sums over the elements of a head come in another order, which int8 may round to another step.
    let tolerance = source.architecture.isTernary ? 1e-2 : 1e-9
    let largest = before.reduce(0) { max($0, $1.magnitude) }
    let difference = zip(before, after).reduce(0) { max($0, abs($1.0 - $1.1)) }
    #expect(difference <= tolerance * largest, "\(difference) of \(largest)")
  }

  @Test func theOrderOfRowsMatters() throws {
    // The same matrices read in the other order compute something else, so that the test above can fail.
    let logits = try ModelArchitecture.RotaryPairs.allCases.map { pairs in
      try Self.logits(
        InMemoryModel(
          Self.architecture("llama", isTernary: false, hasSubNorms: false, pairs: pairs), seed: 12))
    }
    #expect(zip(logits[0], logits[1]).contains { abs($0 - $1) > 1e-3 })
  }
}
