import Foundation
import Testing

@testable import ModelFiles

/// Folders that cannot be written, and what is left of them.
@Suite struct FolderFailureTests {
  private func refusal(
    _ architecture: ModelArchitecture, _ linears: TensorElementType? = nil,
    embedding: TensorElementType? = nil
  ) throws -> String? {
    let source = try InMemoryModel(architecture, seed: 1)
    do {
      _ = try HuggingFaceConversion(source, linearType: linears, embeddingType: embedding)
      return nil
    } catch {
      return error.message
    }
  }

  @Test func whatNoFolderCanHoldIsRefused() throws {
    for type in [TensorElementType.i2_s, .tq1_0, .tq2_0, .q8_0, .q4_0, .q6_K] {
      #expect(try refusal(.convertible(), type)?.contains("linear layers") == true)
      #expect(try refusal(.convertible(), embedding: type)?.contains("embedding") == true)
    }
    #expect(try refusal(.convertible { $0.hasSubNorms = false })?.contains("squared ReLU") == true)
    #expect(try refusal(.convertible { $0.name = "llama" })?.contains("sub-norms") == true)
    #expect(try refusal(.convertible { $0.name = "gemma" })?.contains("gemma") == true)
    #expect(try refusal(.convertible { $0.isTernary = false })?.contains("floats") == true)
    #expect(try refusal(.convertible { $0.rotaryBase = 1e13 })?.contains("rope_theta") == true)
    #expect(try refusal(.convertible { $0.normEpsilon = 0 })?.contains("rms_norm_eps") == true)
  }

  @Test(arguments: [
    ("model.gguf", ConversionTarget.gguf), ("model.gguf/", .folder), ("folder", .folder), ("a/b/", .folder),
    ("model.gguf.bak", .folder),
  ])
  func theNameSaysWhatIsWritten(path: String, target: ConversionTarget) throws {
    #expect(try ConversionTarget(path: path) == target)
  }

  @Test(arguments: ["", "model.safetensors", "folder/MODEL.SafeTensors"])
  func otherNamesAreRefused(path: String) throws {
    let error = #expect(throws: ModelFileError.self) { try ConversionTarget(path: path) }
    #expect(error?.message.contains("folder") == true)
  }

  @Test func onlyNewAndEmptyFoldersAreWritten() throws {
    let folder = try ConversionFolder()
    let manager = FileManager.default
    for name in ["empty", "full", "linked"] {
      try manager.createDirectory(atPath: folder(name), withIntermediateDirectories: false)
    }
    try manager.createSymbolicLink(atPath: folder("link"), withDestinationPath: folder("linked"))
    try Data("before".utf8).write(to: URL(fileURLWithPath: folder("full/notes")))
    try Data("before".utf8).write(to: URL(fileURLWithPath: folder("file")))
    let conversion = try HuggingFaceConversion(InMemoryModel(.convertible(), seed: 2))
    let refused = [
      ("full", "not empty"), ("file", "is a file"), ("missing/out", "cannot be created"),
      ("file/out", "cannot be created"),
    ]
    for (place, message) in refused {
      let error = #expect(throws: ModelFileError.self) { try conversion.write(to: folder(place)) }
      #expect(error?.message.contains(message) == true, "\(place): \(error?.description ?? "")")
    }
    #expect(throws: ModelFileError.self) { try conversion.write(to: "") }
    #expect(try folder.contents == ["empty", "file", "full", "link", "linked"])
    for place in ["empty", "new", "slash/", "link"] {
      #expect(try conversion.write(to: folder(place)))
      #expect(try HuggingFaceModel(path: folder(place)).architecture == conversion.architecture)
    }
    #expect(try folder.contents == ["empty", "file", "full", "link", "linked", "new", "slash"])
    #expect(try Data(contentsOf: URL(fileURLWithPath: folder("full/notes"))) == Data("before".utf8))
  }

  @Test(arguments: [0, 1, 5, 23])
  func nothingIsLeftOfWhatIsCancelled(after tensors: Int) throws {
    let folder = try ConversionFolder()
    let conversion = try HuggingFaceConversion(InMemoryModel(.convertible(), seed: 2))
    var completed: [Int] = []
    let isWritten = try conversion.write(
      to: folder("out"), isCancelled: { completed.count == tensors }
    ) { done, total in
      #expect(total == 24)
      completed.append(done)
    }
    #expect(!isWritten)
    #expect(completed == Array(1..<tensors + 1))
    #expect(try folder.contents.isEmpty)
  }

  @Test(arguments: [TensorRole.outputNorm, .embedding])
  func nothingIsLeftAfterAnError(role: TensorRole) throws {
    let folder = try ConversionFolder()
    let rows = role == .embedding ? 37 : 1
    var values = [Float](repeating: 1, count: rows * 256)
    // Too large for a norm of F32, and for an embedding of F16.
    values[7] = role == .embedding ? 70_000 : .infinity
    let source = try InMemoryModel(
      .convertible(), seed: 2,
      replacing: [role: .float(FloatMatrix(rows: rows, columns: 256, values: values))])
    let conversion = try HuggingFaceConversion(source, embeddingType: .float16)
    let error = #expect(throws: ModelFileError.self) { try conversion.write(to: folder("out")) }
    #expect(error?.tensor?.hasPrefix("model.") == true, "\(error?.description ?? "")")
    #expect(try folder.contents.isEmpty)
  }
}
