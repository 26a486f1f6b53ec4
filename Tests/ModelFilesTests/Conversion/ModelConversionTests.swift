import Foundation
import Ternary
import Testing

@testable import ModelFiles

@Suite struct ModelConversionTests {
  static let ternaryTypes: [TensorElementType] = [.i2_s, .tq1_0, .tq2_0, .float16, .bfloat16, .float32]

  @Test(arguments: ternaryTypes, ternaryTypes)
  func ternaryWeightsGoThroughAnyTwoTypes(first: TensorElementType, second: TensorElementType) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertible(), seed: 3)
    let middle = try folder.converted(source, to: "first.gguf", linears: first)
    let result = try folder.converted(middle, to: "second.gguf", linears: second)
    #expect(result.architecture == source.architecture)
    for (role, layer) in source.architecture.linears {
      let (before, after) = (try source.trits(role, layer), try result.trits(role, layer))
      #expect(after.values == before.values, "\(role) of layer \(layer)")
      #expect(after.scale == before.scale.rounded(to: first).rounded(to: second), "\(role) of layer \(layer)")
    }
    #expect(try result.rows(0..<37, of: .embedding) == source.rows(0..<37, of: .embedding))
    for norm in NormRole.allCases {
      #expect(try result.vector(.norm(norm, layer: 1)) == source.vector(.norm(norm, layer: 1)))
    }
    #expect(try result.vector(.outputNorm) == source.vector(.outputNorm))
    #expect(result.file.alignment == 64)
    #expect(result.file.tensors.allSatisfy { $0.byteRange.lowerBound % 64 == 0 })
  }

  @Test(arguments: [true, false])
  func rowsOfLLaMAsQueriesAndKeysBecomeNeighbours(isTernary: Bool) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertibleLLaMA(isTernary: isTernary), seed: 5)
    let result = try folder.converted(source, to: "out.gguf", linears: isTernary ? .tq2_0 : .float32)
    #expect(result.architecture.rotaryPairs == .neighbours)
    #expect(result.architecture.isTernary == isTernary)
    for (role, layer) in source.architecture.linears {
      let (before, after) = (try source.floats(role, layer), try result.floats(role, layer))
      let shape = source.architecture.shape(of: role)
      let isReordered = role == .query || role == .key
      for row in 0..<shape.rows {
        let original = isReordered ? source.architecture.sourceRow(ofNeighbour: row) : row
        let expected = before[original * shape.columns..<(original + 1) * shape.columns]
        let found = after[row * shape.columns..<(row + 1) * shape.columns]
        guard zip(expected, found).allSatisfy({ ($0 == 0) == ($1 == 0) && abs($0 - $1) <= 1e-3 * abs($0) })
        else {
          Issue.record("row \(row) of \(role) in layer \(layer) is not row \(original)")
          break
        }
      }
    }
    // Once in that order, they stay.
    let again = try folder.converted(result, to: "again.gguf")
    #expect(try again.floats(.query, 1) == result.floats(.query, 1).map { $0.rounded(to: again.linearType) })
  }

  @Test(arguments: TensorElementType.writableFloats)
  func floatsAreRoundedOnce(type: TensorElementType) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertibleLLaMA(isTernary: false), seed: 6)
    let first = try folder.converted(source, to: "first.gguf", linears: type, embedding: type)
    let second = try folder.converted(first, to: "second.gguf", linears: type)
    for role in first.architecture.tensorRoles {
      let (before, after) = (try #require(first.stored(role)), try #require(second.stored(role)))
      #expect(before.elementType == after.elementType)
      #expect(before.bytes.elementsEqual(after.bytes), "\(role)")
    }
    let (exact, rounded) = (try source.floats(.up, 1), try first.floats(.up, 1))
    let largest = exact.reduce(0) { max($0, $1.magnitude) }
    let step: Float = type == .q4_0 ? 1 / 7 : type == .float32 ? 0 : 1 / 127
    #expect(zip(exact, rounded).allSatisfy { abs($0 - $1) <= step * largest })
  }

  @Test func floatsBecomeTernaryOnlyWhenAsked() throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertibleLLaMA(isTernary: false), seed: 7)
    let usual = try ModelConversion(source)
    #expect(usual.linearType == .float16)
    #expect(!usual.architecture.isTernary)
    let ternary = try ModelConversion(source, linearType: .i2_s)
    #expect(ternary.architecture.isTernary)
    #expect(ternary.warnings.contains { $0.contains("not trained") })
    #expect(!usual.warnings.contains { $0.contains("not trained") })
    #expect(try ternary.write(to: folder("out.gguf")))
    let result = try GGUFModel(path: folder("out.gguf"))
    let shape = source.architecture.shape(of: .down)
    let expected = try WeightQuantization.absmean.quantize(
      source.floats(.down, 1), rows: shape.rows, columns: shape.columns)
    #expect(try result.trits(.down, 1) == expected)
  }

  @Test func aBitNetWithoutSubNormsIsTernaryLLaMA() throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(
      .convertible {
        ($0.name, $0.activation, $0.hasSubNorms) = ("bitnet", .silu, false)
      }, seed: 8)
    let result = try folder.converted(source, to: "out.gguf")
    #expect(result.architecture.name == "llama")
    #expect(result.architecture.rotaryPairs == .neighbours)
    #expect(try result.trits(.up, 0) == source.trits(.up, 0))
    let dense = try ModelConversion(source, linearType: .float16)
    #expect(dense.warnings.contains { $0.contains("8-bit activations") })
  }

  @Test func theTokenizerGoesAlong() throws {
    let folder = try ConversionFolder()
    let model = try InMemoryModel(.convertible(), seed: 9)
    let without = try ModelConversion(model)
    #expect(without.warnings.contains { $0.contains("no tokenizer") })
    #expect(try without.write(to: folder("without.gguf")))
    #expect(try GGUFFile(path: folder("without.gguf"))["tokenizer.ggml.model"] == nil)
    let tokenizer = TokenizerDescription(
      kind: .byteLevelBPE, preTokenizer: "llama-bpe", tokens: (0..<37).map { "t\($0)" }, scores: [],
      tokenKinds: (0..<37).map { $0 < 2 ? .control : .normal }, merges: ["t 1", "t 2"], beginOfText: 0,
      endOfText: 1, endOfTurn: nil, unknown: nil, addsBeginOfText: true, addsSpacePrefix: false,
      chatTemplate: "{{ messages }}")
    let conversion = try ModelConversion(ModelWithTokenizer(model, tokenizer))
    #expect(conversion.warnings.isEmpty)
    #expect(try conversion.write(to: folder("with.gguf")))
    let result = try GGUFModel(path: folder("with.gguf"))
    #expect(try result.tokenizer() == tokenizer)
    #expect(result.architecture.title == "small")
  }
}

extension ModelSource {
  func trits(_ role: LinearRole, _ layer: Int) throws -> TernaryMatrix {
    guard case .ternary(let matrix) = try linear(role, layer: layer) else { throw CancellationError() }
    return matrix
  }

  func floats(_ role: LinearRole, _ layer: Int) throws -> [Float] {
    switch try linear(role, layer: layer) {
    case .ternary(let matrix): matrix.values.map { Float($0) * matrix.scale }
    case .float(let matrix): matrix.values
    }
  }
}

extension GGUFModel {
  var linearType: TensorElementType { stored(.linear(.up, layer: 0))?.elementType ?? .float32 }
}
