import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// From any model to a Hugging Face folder, and back.
@Suite struct FolderConversionTests {
  private func architecture(_ kind: String) -> ModelArchitecture {
    switch kind {
    case "2B4T": .convertible { $0.normEpsilon = 3e-6 }
    case "silu":
      .convertible { ($0.name, $0.activation, $0.tiedEmbeddings) = ("bitnet", .silu, false) }
    case "wide heads": .convertible { ($0.headDimension, $0.rotaryBase) = (48, 500_000) }
    case "odd":
      // No multiple of four rows, so that packed bytes have padding.
      .convertible {
        ($0.hiddenSize, $0.intermediateSize, $0.heads, $0.keyValueHeads, $0.headDimension) = (
          50, 77, 5, 1, 10
        )
      }
    default: .convertibleLLaMA(isTernary: kind == "ternary LLaMA")
    }
  }

  private func converted(
    _ source: any ModelSource, in folder: ConversionFolder, linears: TensorElementType? = nil,
    embedding: TensorElementType? = nil
  ) throws -> any ModelSource {
    let name = "model-\(UUID())"
    let conversion = try HuggingFaceConversion(source, linearType: linears, embeddingType: embedding)
    guard try conversion.write(to: folder(name)) else { throw CancellationError() }
    let result = try ModelOpener.open(folder(name))
    #expect(result.architecture == conversion.architecture)
    return result
  }

  @Test(arguments: ["2B4T", "silu", "wide heads", "odd", "ternary LLaMA"])
  func nothingIsLostInPackedBytes(kind: String) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(architecture(kind), seed: 31)
    let result = try converted(source, in: folder, embedding: .float32)
    #expect(result.architecture == source.architecture)
    #expect(try ModelContents(result) == ModelContents(source))
  }

  @Test(arguments: ["2B4T", "silu", "ternary LLaMA"])
  func ternaryWeightsComeBackFromAFolder(kind: String) throws {
    let folder = try ConversionFolder()
    let first = try folder.converted(InMemoryModel(architecture(kind), seed: 32), to: "first.gguf")
    let result = try converted(first, in: folder)
    #expect(result.architecture.rotaryPairs == .halves)
    let second = try folder.converted(result, to: "second.gguf")
    // GGUF has no name of its own for BitNet with SiLU.
    #expect(second.architecture == first.architecture)
    #expect(try ModelContents(second) == ModelContents(first))
  }

  @Test(arguments: [TensorElementType.float16, .bfloat16, .float32])
  func floatsAreRoundedOnceAndRowsComeBack(type: TensorElementType) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertibleLLaMA(isTernary: false), seed: 33)
    let first = try folder.converted(source, to: "first.gguf", linears: type, embedding: type)
    #expect(first.architecture.rotaryPairs == .neighbours)
    let result = try converted(first, in: folder, linears: type)
    #expect(result.architecture == source.architecture)
    for (role, layer) in source.architecture.linears {
      let expected = try source.floats(role, layer).map { $0.rounded(to: type) }
      #expect(try result.floats(role, layer) == expected, "\(role) of layer \(layer)")
    }
    let second = try folder.converted(result, to: "second.gguf", linears: type)
    #expect(try ModelContents(second) == ModelContents(first))
    #expect(second.stored(.embedding)?.elementType == type)
  }

  @Test func floatsBecomeHalvesUnlessAsked() throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(.convertibleLLaMA(isTernary: false), seed: 34)
    let eight = try folder.converted(source, to: "eight.gguf", linears: .q8_0, embedding: .q8_0)
    let result = try converted(eight, in: folder)
    #expect(result.stored(.linear(.down, layer: 1))?.elementType == .float16)
    #expect(result.stored(.embedding)?.elementType == .float16)
    #expect(result.stored(.outputNorm)?.elementType == .float32)
  }

  @Test(arguments: ["2B4T", "ternary LLaMA"])
  func dequantisedWeightsKeepTheirTrits(kind: String) throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(architecture(kind), seed: 35)
    let conversion = try HuggingFaceConversion(source, linearType: .float32)
    #expect(conversion.warnings.contains { $0.contains("another scale") })
    #expect(try HuggingFaceConversion(source).warnings.contains { $0.contains("another scale") } == false)
    let result = try converted(source, in: folder, linears: .float32)
    #expect(result.architecture == source.architecture)
    for (role, layer) in source.architecture.linears {
      #expect(try result.trits(role, layer).values == source.trits(role, layer).values)
    }
  }

  @Test func weightsOfTheScaleZeroStayZero() throws {
    let folder = try ConversionFolder()
    let zero = try randomTernary(rows: 256, columns: 256, scale: 0, seed: 4)
    let source = try InMemoryModel(
      .convertible(), seed: 36, replacing: [.linear(.output, layer: 1): .ternary(zero)])
    let matrix = try converted(source, in: folder).trits(.output, 1)
    #expect(matrix.values.allSatisfy { $0 == 0 })
  }

  @Test(arguments: [2, 10, 32, 128])
  func theOrdersOfRowsAreInverse(headDimension: Int) throws {
    let there = try #require(
      RotaryOrder.rows(from: .halves, to: .neighbours, headDimension: headDimension))
    let back = try #require(
      RotaryOrder.rows(from: .neighbours, to: .halves, headDimension: headDimension))
    let elements = Array(0..<headDimension * 3 * 2)
    let moved = RotaryOrder.reordered(elements, width: 2, by: there)
    #expect(headDimension == 2 || moved != elements)
    #expect(RotaryOrder.reordered(moved, width: 2, by: back) == elements)
  }

  @Test(
    .enabled(if: Python.imports("safetensors.numpy"), "needs Python packages: pip install safetensors numpy"))
  func theLibraryReadsTheFile() throws {
    let folder = try ConversionFolder()
    let source = try InMemoryModel(architecture("odd"), seed: 37)
    #expect(try HuggingFaceConversion(source, embeddingType: .float16).write(to: folder("out")))
    // Unpacked as transformers does.
    let code = """
      import json, sys
      import numpy
      from safetensors.numpy import load_file
      tensors = load_file(sys.argv[1] + "/model.safetensors")
      json.load(open(sys.argv[1] + "/config.json")), 
      name = "model.layers.1.mlp.gate_proj.weight"
      packed = tensors[name]
      assert packed.dtype == numpy.uint8 and tensors["model.embed_tokens.weight"].dtype == numpy.float16
      values = numpy.concatenate([packed >> 2 * part & 3 for part in range(4)]).astype(int) - 1
      print(len(tensors), *values[:77].flatten())
      print(*tensors[name + "_scale"].view(numpy.uint32))
      """
    let printed = try #require(Python.run(code, arguments: [folder("out")])).split(separator: "\n")
    let matrix = try source.trits(.gate, 1)
    #expect(
      printed[0].split(separator: " ").compactMap { Int($0) } == [2 + 2 * (4 + 14)]
        + matrix.values.map(Int.init))
    #expect(printed[1] == "\(matrix.scale.bitPattern)")
  }
}
