import Foundation
import Testing

@testable import ModelFiles

@Suite struct SafetensorsWriterTests {
  let folder: TemporaryFolder
  var path: String { folder.path(of: "written.safetensors") }

  init() throws { folder = try TemporaryFolder() }

  var files: [String] { (try? FileManager.default.contentsOfDirectory(atPath: folder.path)) ?? [] }

  /// Pieces of one byte, of some, and larger than the buffer.
  @Test(arguments: [1, 7, 4096, 1 << 20, 1 << 21]) func piecesOfAnySizeMakeTheSameFile(piece: Int) throws {
    let count = piece < 4096 ? 1000 : 1_200_000
    let data = (0..<count).map { UInt8(truncatingIfNeeded: $0 &* 2_654_435_761 >> 11) }
    let writer = try SafetensorsWriter(
      path: path,
      tensors: [
        .init(name: "first", elementType: .float32, shape: [count / 8, 1]),
        .init(name: "second", elementType: .unsigned8, shape: [count / 2]),
      ])
    for start in stride(from: 0, to: count, by: piece) {
      try data[start..<min(start + piece, count)].withUnsafeBytes { try writer.write($0) }
    }
    #expect(!FileManager.default.fileExists(atPath: path), "the file must not appear before it is complete")
    try writer.finish()
    #expect(files == ["written.safetensors"])
    let bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: path)))
    #expect((bytes.count - count) % 8 == 0)
    #expect(bytes.suffix(count).elementsEqual(data))
    let file = try SafetensorsFile(path: path)
    #expect(file.tensors.map(\.name) == ["first", "second"])
    #expect(file.tensors.map(\.shape) == [[count / 8, 1], [count / 2]])
    #expect(file.tensors[1].byteRange.upperBound == bytes.count)
  }

  @Test func aFileThatIsGivenUpLeavesNothing() throws {
    try folder.write("written.safetensors", "old")
    do {
      let writer = try SafetensorsWriter(
        path: path, tensors: [.init(name: "a", elementType: .unsigned8, shape: [4])])
      try [UInt8](repeating: 0, count: 3).withUnsafeBytes { try writer.write($0) }
      do {
        try writer.finish()
        Issue.record("an incomplete file was finished")
      } catch {
        #expect(error.message == "is incomplete: 1 bytes of its tensors are missing")
      }
      do {
        try [UInt8](repeating: 0, count: 3).withUnsafeBytes { try writer.write($0) }
        Issue.record("too many bytes were accepted")
      } catch let error as ModelFileError {
        #expect(error.message == "is given 2 bytes more than its tensors have")
      }
    }
    #expect(files == ["written.safetensors"])
    #expect(try String(contentsOfFile: path, encoding: .utf8) == "old")
  }

  @Test func whatCannotBeWrittenIsRefused() throws {
    let type = SafetensorsElementType.float32
    let refused: [[SafetensorsWriter.Declaration]] = [
      [.init(name: "a", elementType: type, shape: [1]), .init(name: "a", elementType: type, shape: [1])],
      [.init(name: "__metadata__", elementType: type, shape: [1])],
      [.init(name: "a", elementType: type, shape: [-1])],
      [.init(name: "a", elementType: type, shape: [1 << 40, 1 << 40])],
      [.init(name: "a", elementType: .init(description: "Q7"), shape: [1])],
      [.init(name: "a", elementType: type, shape: [Int](repeating: 1, count: 17))],
      (0..<9).map { .init(name: "\($0)", elementType: .unsigned8, shape: [Int.max / 8]) },
      [
        .init(
          name: String(decoding: [UInt8](repeating: 110, count: 100_000_001), as: UTF8.self),
          elementType: type, shape: [1])
      ],
    ]
    for (number, tensors) in refused.enumerated() {
      // No macro here: it would print the long name.
      do {
        _ = try SafetensorsWriter(path: path, tensors: tensors)
        Issue.record("\(number) was accepted")
      } catch {
        #expect(error.file == path && error.message.count < 200)
      }
    }
    #expect(throws: ModelFileError.self) {
      try SafetensorsWriter(path: "/nonexistent/a.safetensors", tensors: [])
    }
    #expect(throws: ModelFileError.self) {
      try SafetensorsWriter(path: folder.path + "/", tensors: []).finish()
    }
    #expect(files.isEmpty)
  }
}
