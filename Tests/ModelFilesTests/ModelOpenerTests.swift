import Foundation
import Testing

@testable import ModelFiles

@Suite struct ModelOpenerTests {
  /// The valid files from which fuzzing begins.
  static let corpus = URL(fileURLWithPath: #filePath).deletingLastPathComponent()
    .appendingPathComponent("../../Fuzz/Corpus").standardizedFileURL.path

  static func names(_ folder: String) -> [String] {
    ((try? FileManager.default.contentsOfDirectory(atPath: corpus + "/" + folder)) ?? []).sorted()
  }

  /// Whatever the file is called.
  @Test(arguments: names("GGUF")) func aGGUFFileIsKnownByItsFirstBytes(name: String) throws {
    let model = try ModelOpener.open(Self.corpus + "/GGUF/" + name)
    #expect(model is GGUFModel)
    let contents = try ModelContents(model)
    #expect(contents.linears.count == (model.architecture.isTernary ? 7 : 0))
    #expect(try model.tokenizer().tokens == ["a", "b", "ab", "<s>", "</s>"])
  }

  @Test func aFolderAndItsFileAreHuggingFaceModels() throws {
    let folder = try TemporaryFolder()
    try SyntheticModel().write(to: folder)
    for path in [folder.path, folder.path(of: "model.safetensors")] {
      #expect(try ModelOpener.open(path) is HuggingFaceModel)
    }
  }

  @Test(
    arguments: [
      ([], "is no safetensors file: 0 bytes"), (Array("GGU".utf8), "is no safetensors file: 3 bytes"),
      (Array("GGUF".utf8), "is cut short: the version needs 4 bytes"),
      (Array("gguf and more".utf8), "is no safetensors file"),
      (safetensors("{}"), "config.json: does not exist; a Hugging Face model needs it"),
    ] as [([UInt8], String)])
  func aFileThatIsNoModelIsRefused(bytes: [UInt8], expected: String) throws {
    let temporary = try TemporaryFile(bytes)
    do {
      _ = try ModelOpener.open(temporary.path)
      Issue.record("\(bytes) was opened")
    } catch {
      #expect(error.description.contains(expected), "\(error)")
    }
  }

  @Test func nothingIsRefused() {
    #expect(throws: ModelFileError.self) { try ModelOpener.open("/nonexistent") }
    #expect(throws: ModelFileError.self) { try ModelOpener.open("") }
  }

  /// Fuzzing from files that are refused at once would find little.
  @Test func theCorpusIsValid() throws {
    #expect(Self.names("GGUF").count == 3)
    for name in Self.names("Safetensors") {
      #expect(throws: Never.self, "\(name)") {
        try SafetensorsFile(path: Self.corpus + "/Safetensors/" + name)
      }
    }
    let files = try SpecialTokenFiles(try HuggingFaceFolder(path: "/nonexistent/model.safetensors"))
    for name in Self.names("HuggingFace") {
      let json = try HuggingFaceFolder.json(at: Self.corpus + "/HuggingFace/" + name, maximumBytes: 10_000)
      #expect(throws: Never.self, "\(name)") {
        if json["model"] == nil {
          _ = try HuggingFaceConfiguration(json, title: name)
        } else {
          _ = try HuggingFaceTokenizer.read(json, files: files, vocabulary: 300)
        }
      }
    }
    #expect(Self.names("HuggingFace").count == 5 && Self.names("Safetensors").count == 4)
  }
}
