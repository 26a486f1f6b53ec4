import Foundation
import Ternary
import Testing

@testable import ModelFiles

@Suite struct MalformedGGUFTests {
  /// The error of a file with these bytes.
  func error(of bytes: [UInt8]) throws -> String {
    let temporary = try TemporaryFile(bytes)
    do {
      _ = try GGUFFile(path: temporary.path)
      return "no error"
    } catch {
      #expect(error.file == temporary.path)
      #expect(!error.description.contains("\n"))
      #expect(error.description.utf8.count < 1000)
      return String(error.description.dropFirst(temporary.path.count + 2))
    }
  }

  static let key = GGUFBytes.key("k", type: 4, littleEndian(UInt32(7)))
  static let tensor = GGUFBytes.tensor("w", [4])
  static let data = [UInt8](repeating: 0, count: 64)

  @Test func theSmallestFilesAreRead() throws {
    #expect(try error(of: GGUFBytes().bytes) == "no error")
    #expect(try error(of: Array(GGUFBytes().bytes[..<24])) == "no error")
    #expect(
      try error(of: GGUFBytes(version: 2, keys: [Self.key], tensors: [Self.tensor], data: Self.data).bytes)
        == "no error")
  }

  @Test(arguments: [
    (GGUFBytes(magic: Array("GGML".utf8)), "is no GGUF file: it does not begin with the letters GGUF"),
    (GGUFBytes(version: 1), "has version 1 of the GGUF format, expected 2 or 3"),
    (GGUFBytes(version: 4), "has version 4 of the GGUF format, expected 2 or 3"),
    (GGUFBytes(version: 3 << 24), "is big-endian; only little-endian GGUF files are read"),
    (GGUFBytes(keyCount: .max), "is cut short: the metadata would have 18446744073709551615 elements"),
    (GGUFBytes(keyCount: 1), "is cut short: the metadata would have 1 elements of at least 13 bytes"),
    (
      GGUFBytes(tensorCount: .max),
      "is cut short: the list of tensors would have 18446744073709551615 elements"
    ),
    (GGUFBytes(tensorCount: 1 << 40, data: data), "is cut short: the list of tensors would have"),
  ])
  func headersOfOtherFilesAreRefused(file: GGUFBytes, expected: String) throws {
    let error = try error(of: file.bytes)
    #expect(error.contains(expected), "\(error)")
  }

  /// One key of a file with some data behind it.
  @Test(
    arguments: [
      (
        GGUFBytes.text("k") + littleEndian(UInt32(13)),
        "the value of the key 'k' with the unknown type 13 at byte 33"
      ),
      (
        littleEndian(UInt64.max),
        "is cut short: key 0 needs 18446744073709551615 bytes at byte 32, but the file ends"
      ),
      (littleEndian(UInt64(3)) + [0xFF, 0xFE, 0xFD], "has key 0 at byte 24 that is not UTF-8 text"),
      (
        GGUFBytes.key("k", type: 7, [2]),
        "has the value of the key 'k' with the byte 2 at byte 37, expected 0 or 1"
      ),
      (
        GGUFBytes.key("k", type: 8, littleEndian(UInt64(1) << 60)),
        "the value of the key 'k' needs 1152921504606846976"
      ),
      (
        GGUFBytes.key("k", type: 8, littleEndian(UInt64(1)) + [0xC0]),
        "the value of the key 'k' at byte 37 that is not"
      ),
      (
        GGUFBytes.key("k", type: 9, littleEndian(UInt32(99)) + littleEndian(UInt64(0))),
        "with the unknown type 99"
      ),
      (GGUFBytes.key("k", type: 9, littleEndian(UInt32(9)) + littleEndian(UInt64(1))), "as a list of lists"),
      (
        GGUFBytes.key("k", type: 9, littleEndian(UInt32(0)) + littleEndian(UInt64.max)),
        "would have 18446744073709551615"
      ),
      (
        GGUFBytes.key("k", type: 9, littleEndian(UInt32(12)) + littleEndian(UInt64(1) << 61)),
        "of at least 8 bytes each"
      ),
      (
        GGUFBytes.key("k", type: 9, littleEndian(UInt32(8)) + littleEndian(UInt64(1) << 59)),
        "of at least 8 bytes each"
      ),
      (
        GGUFBytes.key("k", type: 9, littleEndian(UInt32(7)) + littleEndian(UInt64(2)) + [1, 9]),
        "with the byte 9"
      ),
      (
        GGUFBytes.key("general.alignment", type: 4, littleEndian(UInt32(0))),
        "has 0 of type u32 as general.alignment"
      ),
      (
        GGUFBytes.key("general.alignment", type: 4, littleEndian(UInt32(24))),
        "expected a power of two up to 1048576"
      ),
      (
        GGUFBytes.key("general.alignment", type: 4, littleEndian(UInt32(1) << 31)),
        "has 2147483648 of type u32"
      ),
      (
        GGUFBytes.key("general.alignment", type: 8, GGUFBytes.text("64")),
        "has 64 of type str as general.alignment"
      ),
    ] as [([UInt8], String)])
  func brokenKeysAreNamed(key: [UInt8], expected: String) throws {
    let error = try error(of: GGUFBytes(keys: [key], data: Self.data).bytes)
    #expect(error.contains(expected), "\(error)")
  }

  @Test func keysAndNamesAreUniqueAndShort() throws {
    #expect(try error(of: GGUFBytes(keys: [Self.key, Self.key]).bytes) == "has the key 'k' twice")
    #expect(
      try error(of: GGUFBytes(tensors: [Self.tensor, Self.tensor], data: Self.data).bytes)
        == "tensor 'w' is listed twice")
    let key = GGUFBytes.key(String(repeating: "k", count: 65_536), type: 7, [1])
    #expect(
      try error(of: GGUFBytes(keys: [key]).bytes)
        == "has 65536 bytes of key 0 at byte 24, at most 65535 are read")
    let name = String(repeating: "n", count: 4_096)
    #expect(
      try error(of: GGUFBytes(tensors: [GGUFBytes.tensor(name, [4])], data: Self.data).bytes) == "no error")
    #expect(
      try error(of: GGUFBytes(tensors: [GGUFBytes.tensor(name + "n", [4])], data: Self.data).bytes)
        == "has 4097 bytes of the name of tensor 0 at byte 24, at most 4096 are read")
    let cut = try error(of: GGUFBytes(tensors: [GGUFBytes.tensor(name, [4])], data: []).bytes)
    #expect(cut.hasPrefix("tensor 'nnnnn") && cut.contains("nnn...' is cut short") && cut.count < 250)
  }

  /// Tensors of a file with 64 bytes of data.
  @Test(arguments: [
    (
      [GGUFBytes.tensor("w", [17])],
      "tensor 'w' is cut short: 68 bytes from byte 0 of the data do not fit the 64"
    ),
    ([GGUFBytes.tensor("w", [4], offset: 64)], "tensor 'w' is cut short: 16 bytes from byte 64"),
    ([GGUFBytes.tensor("w", [4], offset: 16)], "tensor 'w' begins at byte 16 of the data, no multiple of 32"),
    (
      [GGUFBytes.tensor("w", [4], offset: .max - 31)],
      "tensor 'w' is cut short: 16 bytes from byte 18446744073709551584"
    ),
    ([GGUFBytes.tensor("w", [4], offset: 1 << 62)], "tensor 'w' is cut short"),
    ([GGUFBytes.tensor("w", [.max])], "tensor 'w' has 18446744073709551615 elements along a dimension"),
    (
      [GGUFBytes.tensor("w", [1 << 32, 1 << 32])],
      "has a shape [4294967296, 4294967296] of more elements than"
    ),
    ([GGUFBytes.tensor("w", [0, 1 << 62, 4])], "of more elements than can be counted"),
    (
      [GGUFBytes.tensor("w", [1 << 62])],
      "has shape [4611686018427387904], of which F32 cannot store whole blocks"
    ),
    ([GGUFBytes.tensor("w", [], rank: 9)], "tensor 'w' has 9 dimensions, at most 8 are read"),
    ([GGUFBytes.tensor("w", [], rank: .max)], "tensor 'w' has 4294967295 dimensions, at most 8 are read"),
    ([GGUFBytes.tensor("w", [33], type: 8)], "has shape [33], of which Q8_0 cannot store whole blocks"),
    (
      [GGUFBytes.tensor("w", [16, 2], type: 8)], "has shape [16, 2], of which Q8_0 cannot store whole blocks"
    ),
    ([GGUFBytes.tensor("w", [32], type: 36)], "has shape [32], of which I2_S cannot store whole blocks"),
    ([GGUFBytes.tensor("w", [128], type: 12)], "has shape [128], of which Q4_K cannot store whole blocks"),
    (
      [GGUFBytes.tensor("a", [9]), GGUFBytes.tensor("b", [4], offset: 32)],
      "tensor 'b' overlaps the data of tensor 'a'"
    ),
    ([GGUFBytes.tensor("b", [4]), GGUFBytes.tensor("a", [9])], "overlaps the data of tensor"),
    ([GGUFBytes.tensor("w", [4]), GGUFBytes.tensor("x", [4], type: 99)], "overlaps the data of tensor"),
  ])
  func brokenTensorsAreNamed(tensors: [[UInt8]], expected: String) throws {
    let error = try error(of: GGUFBytes(tensors: tensors, data: Self.data).bytes)
    #expect(error.contains(expected), "\(error)")
  }

  @Test func tensorsOfOtherTypesAreListedButNotRead() throws {
    let tensors = [
      GGUFBytes.tensor("known", [16], type: 24),
      GGUFBytes.tensor("unknown", [1000, 7], type: 99, offset: 32),
      GGUFBytes.tensor("empty", [0, 3], offset: 64), GGUFBytes.tensor("floats", [2, 1, 2], offset: 64),
      GGUFBytes.tensor("last", [5], type: 38, offset: 96),
    ]
    let temporary = try TemporaryFile(GGUFBytes(tensors: tensors, data: Self.data + Self.data).bytes)
    let file = try GGUFFile(path: temporary.path)
    #expect(file.tensors.map(\.type.description) == ["I8", "type 99", "F32", "F32", "type 38"])
    #expect(file.tensors.map(\.byteRange.count) == [16, 32, 0, 16, 32])
    #expect(file.tensors.map(\.rows) == [1, 7, 3, 2, 1])
    #expect(throws: ModelFileError.self) { try file.storedTensor(named: "missing") }
    for (name, expected) in [
      ("known", "has elements of I8, which cannot"), ("unknown", "of type 99"), ("empty", "without elements"),
    ] {
      let error = #expect(throws: ModelFileError.self) { try file.storedTensor(named: name) }
      #expect(error?.message.contains(expected) == true)
    }
    #expect(try file.storedTensor(named: "floats").floats(rows: 0..<2) == [0, 0, 0, 0])
  }

  /// Wherever a file ends, there is an error or a whole file, never a crash.
  @Test func aFileCutAtAnyByteIsRefused() throws {
    let whole = try wholeFile()
    let dataEnd = whole.count - 28  // the last tensor is 4 bytes in an aligned block of 32
    let temporary = try TemporaryFile(whole)
    let handle = try #require(FileHandle(forUpdatingAtPath: temporary.path))
    defer { try? handle.close() }
    for count in (0...dataEnd).reversed() {
      try handle.truncate(atOffset: UInt64(count))
      let isWhole = (try? GGUFFile(path: temporary.path)) != nil
      #expect(isWhole == (count == dataEnd), "cut at \(count)")
    }
  }

  /// Bits turned over at random: an error or other values, never a crash. What still opens is read whole.
  @Test(arguments: 0..<4 as Range<UInt64>)
  func aFileWithWrongBitsNeverCrashes(seed: UInt64) throws {
    let whole = try wholeFile()
    var generator = SeededGenerator(seed: seed)
    let temporary = try TemporaryFile([])
    var opened = 0
    for _ in 0..<300 {
      var bytes = whole
      for _ in 0..<Int.random(in: 1...3, using: &generator) {
        bytes[Int.random(in: 0..<bytes.count, using: &generator)] ^=
          1 << UInt8.random(in: 0..<8, using: &generator)
      }
      try Data(bytes).write(to: URL(fileURLWithPath: temporary.path))
      guard let file = try? GGUFFile(path: temporary.path) else { continue }
      opened += 1
      for tensor in file.tensors {
        guard let stored = try? file.storedTensor(named: tensor.name) else { continue }
        for layout in I2SLayout.allCases {
          _ = try? stored.ternary(layout: layout)
          _ = try? stored.floats(rows: 0..<stored.rows, layout: layout)
        }
      }
      if let model = try? GGUFModel(path: temporary.path) {
        _ = try? model.tokenizer()
        _ = try? model.linear(.down, layer: 0)
        _ = try? I2SLayoutCheck(of: model)
      }
    }
    #expect((100..<300).contains(opened), "seed \(seed)")
  }

  /// A small model with every kind of value.
  private func wholeFile() throws -> [UInt8] {
    let temporary = TemporaryPath()
    var fixture = try GGUFModelFixture(name: "llama", hiddenSize: 32, intermediateSize: 64, layers: 1)
    fixture.tokenizer = GGUFModelFixture.tokenizer
    fixture.embeddingType = .q8_0
    fixture.keys = GGUFWriterTests.metadata.map { ($0.key, $0.value) }
    fixture.added = [(GGUFTensorPlan(name: "blk.0.attn_q.scale", dimensions: [], elementType: .float32), [2])]
    try fixture.write(to: temporary.path)
    var bytes = [UInt8](try Data(contentsOf: URL(fileURLWithPath: temporary.path)))
    // The fixture aligns to 64; the last tensor of 4 bytes is followed by 60 zeros, of which 28 stay.
    bytes.removeLast(32)
    return bytes
  }
}
