import Foundation
import Testing

@testable import ModelFiles

@Suite struct ConversionFailureTests {
  /// Why a conversion cannot be planned.
  private func refusal(
    _ architecture: ModelArchitecture, _ linears: TensorElementType? = nil,
    embedding: TensorElementType? = nil
  ) throws -> ModelFileError? {
    let source = try InMemoryModel(architecture, seed: 1)
    do {
      _ = try ModelConversion(source, linearType: linears, embeddingType: embedding)
      return nil
    } catch {
      return error
    }
  }

  @Test func blocksThatDoNotFitAreNamed() throws {
    let odd = ModelArchitecture.convertible { $0.intermediateSize = 384 }
    #expect(try refusal(odd, .i2_s) == nil)
    for type in [TensorElementType.tq1_0, .tq2_0] {
      let error = try #require(try refusal(odd, type))
      #expect(error.tensor == "blk.0.ffn_down.weight")
      #expect(error.message.contains("256"))
    }
    // 64 columns, 1 row of them too few for a block of 128.
    let narrow = ModelArchitecture.convertible { ($0.hiddenSize, $0.intermediateSize) = (64, 33) }
    let error = try #require(try refusal(narrow, .i2_s))
    #expect(error.tensor == "blk.0.ffn_gate.weight")
    #expect(error.message.contains("128"))
    let ragged = ModelArchitecture.convertible { $0.hiddenSize = 40 }
    #expect(try refusal(ragged, .float16, embedding: .q8_0)?.tensor == "token_embd.weight")
  }

  @Test func typesThatCannotBeHadAreRefused() throws {
    for type in [TensorElementType.q8_0, .q4_0, .q6_K] {
      #expect(try refusal(.convertible(), type)?.message.contains("are ternary") == true)
    }
    #expect(try refusal(.convertibleLLaMA(isTernary: false), .q6_K)?.message.contains("are floats") == true)
    for type in [TensorElementType.q6_K, .i2_s] {
      #expect(try refusal(.convertible(), embedding: type)?.message.contains("embedding") == true)
    }
  }

  @Test func architecturesThatNoFileHasAreRefused() throws {
    #expect(try refusal(.convertible { $0.hasSubNorms = false })?.message.contains("squared ReLU") == true)
    #expect(try refusal(.convertible { $0.name = "llama" })?.message.contains("sub-norms") == true)
    #expect(try refusal(.convertible { $0.name = "gemma" })?.message.contains("gemma") == true)
    #expect(try refusal(.convertible { $0.isTernary = false })?.message.contains("floats") == true)
  }

  @Test func placesThatCannotBeWrittenStayAsTheyAre() throws {
    let folder = try ConversionFolder()
    let first = try folder.converted(InMemoryModel(.convertible(), seed: 2), to: "model.gguf")
    let before = try Data(contentsOf: URL(fileURLWithPath: first.path))
    try FileManager.default.createSymbolicLink(
      atPath: folder("link.gguf"), withDestinationPath: folder("model.gguf"))
    try FileManager.default.createDirectory(
      atPath: folder("folder.gguf"), withIntermediateDirectories: false)
    let conversion = try ModelConversion(first, linearType: .tq1_0)
    let places = [
      ("model.gguf", "is the model itself"), ("link.gguf", "is the model itself"),
      ("folder.gguf", "is a folder"), ("model.safetensors", ".gguf"), ("", ".gguf"),
      ("missing/out.gguf", "cannot be created"),
    ]
    for (place, message) in places {
      let error = #expect(throws: ModelFileError.self) { try conversion.write(to: folder(place)) }
      #expect(error?.message.contains(message) == true, "\(place): \(error?.description ?? "")")
    }
    #expect(try folder.contents == ["folder.gguf", "link.gguf", "model.gguf"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: first.path)) == before)
  }

  @Test(arguments: [0, 1, 5, 23])
  func nothingIsLeftOfWhatIsCancelled(after tensors: Int) throws {
    let folder = try ConversionFolder()
    try Data("before".utf8).write(to: URL(fileURLWithPath: folder("out.gguf")))
    let conversion = try ModelConversion(InMemoryModel(.convertible(), seed: 2))
    var completed: [Int] = []
    let isWritten = try conversion.write(
      to: folder("out.gguf"), isCancelled: { completed.count == tensors }
    ) { done, total in
      #expect(total == 24)
      completed.append(done)
    }
    #expect(!isWritten)
    #expect(completed == Array(1..<tensors + 1))
    #expect(try folder.contents == ["out.gguf"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("out.gguf"))) == Data("before".utf8))
  }

  @Test func nothingIsLeftAfterAnError() throws {
    let folder = try ConversionFolder()
    let columns = 256
    var norm = [Float](repeating: 1, count: columns)
    norm[7] = .infinity
    let architecture = ModelArchitecture.convertible()
    let source = try InMemoryModel(
      architecture, seed: 2,
      replacing: [.outputNorm: .float(FloatMatrix(rows: 1, columns: columns, values: norm))])
    let conversion = try ModelConversion(source)
    let error = #expect(throws: ModelFileError.self) { try conversion.write(to: folder("out.gguf")) }
    #expect(error?.tensor == "output_norm.weight")
    #expect(try folder.contents.isEmpty)
  }

  @Test(arguments: [TensorElementType.tq1_0, .tq2_0, .float16])
  func aScaleIsNotRoundedToZero(type: TensorElementType) throws {
    let folder = try ConversionFolder()
    let tiny = try randomTernary(rows: 256, columns: 256, scale: 1e-9, seed: 4)
    let source = try InMemoryModel(
      .convertible(), seed: 2, replacing: [.linear(.output, layer: 1): .ternary(tiny)])
    let error = #expect(throws: ModelFileError.self) {
      try ModelConversion(source, linearType: type).write(to: folder("out.gguf"))
    }
    #expect(error?.tensor == "blk.1.attn_output.weight")
    #expect(try folder.contents.isEmpty)
    #expect(try folder.converted(source, to: "out.gguf", linears: .i2_s).trits(.output, 1).scale == 1e-9)
  }
}
