import Foundation
import Ternary
import Testing

@testable import ModelFiles

@Suite struct GGUFWriterTests {
  static let metadata: [(key: String, value: GGUFValue)] = [
    ("u8", .uint8(200)), ("i8", .int8(-100)), ("u16", .uint16(60_000)), ("i16", .int16(-30_000)),
    ("u32", .uint32(4_000_000_000)), ("i32", .int32(-2_000_000_000)), ("f32", .float32(-0.1)),
    ("bool", .bool(true)), ("string", .string("žluť\n")), ("u64", .uint64(.max)), ("i64", .int64(.min)),
    ("f64", .float64(1e300)), ("empty", .string("")),
    ("u8s", .array(.uint8([1, 255]))), ("i8s", .array(.int8([-1, 127]))),
    ("u16s", .array(.uint16([1, 65_535]))), ("i16s", .array(.int16([-1, 32_767]))),
    ("u32s", .array(.uint32([1, .max]))), ("i32s", .array(.int32([-1, .max]))),
    ("f32s", .array(.float32([1.5, -2]))), ("bools", .array(.bool([true, false, true]))),
    ("strings", .array(.string(["a", "", "longer than what fits in place"]))),
    ("u64s", .array(.uint64([.max]))), ("i64s", .array(.int64([.min]))), ("f64s", .array(.float64([0.1]))),
    ("none", .array(.string([]))),
  ]

  @Test(arguments: [1, 8, 32, 64, 4096])
  func whatIsWrittenIsReadAlike(alignment: Int) throws {
    let temporary = TemporaryPath()
    let matrix = try randomTernary(rows: 4, columns: 256, seed: 1)
    let floats: [Float] = (0..<96).map { Float($0) / 7 - 3 }
    let writer = try GGUFWriter(
      path: temporary.path, metadata: Self.metadata,
      tensors: [
        GGUFTensorPlan(name: "floats", dimensions: [32, 3], elementType: .float32),
        GGUFTensorPlan(name: "scalar", dimensions: [], elementType: .float32),
        GGUFTensorPlan(name: "nothing", dimensions: [0, 5], elementType: .float16),
        GGUFTensorPlan(name: "trits", dimensions: [256, 4], elementType: .i2_s),
        GGUFTensorPlan(name: "cube", dimensions: [2, 3, 4], elementType: .bfloat16),
      ], alignment: alignment)
    try writer.append(Array(floats[..<32]), to: "floats")
    try writer.append(Array(floats[32...]), to: "floats")
    try writer.append([Float(2)], to: "scalar")
    try writer.append(matrix, to: "trits")
    #expect(!FileManager.default.fileExists(atPath: temporary.path))
    try writer.append([Float](repeating: 0.5, count: 24), to: "cube")
    try writer.finish()

    let file = try GGUFFile(path: temporary.path)
    #expect(file.version == 3)
    #expect(file.alignment == alignment)
    let keys = alignment == 32 ? 0 : 1
    #expect(file.metadata.map(\.key) == Self.metadata.map(\.key) + (keys == 1 ? ["general.alignment"] : []))
    #expect(file.metadata.dropLast(keys).map(\.value) == Self.metadata.map(\.value))
    #expect(file.tensors.map(\.name) == ["floats", "scalar", "nothing", "trits", "cube"])
    #expect(file.tensors.map(\.dimensions) == [[32, 3], [], [0, 5], [256, 4], [2, 3, 4]])
    #expect(file.tensors.allSatisfy { $0.byteRange.lowerBound % alignment == 0 })
    #expect(try file.storedTensor(named: "floats").floats(rows: 0..<3) == floats)
    #expect(try file.storedTensor(named: "floats").floats(rows: 1..<2) == Array(floats[32..<64]))
    #expect(try file.storedTensor(named: "scalar").floats(rows: 0..<1) == [2])
    #expect(try file.storedTensor(named: "trits").ternary() == matrix)
    #expect(try file.storedTensor(named: "cube").rows == 12)
    #expect(throws: ModelFileError.self) { try file.storedTensor(named: "nothing") }
  }

  /// What goes wrong, and what is said of it.
  @Test func writingOutOfTurnIsRefused() throws {
    let temporary = TemporaryPath()
    func message(_ body: () throws -> Void) -> String {
      do {
        try body()
        return "no error"
      } catch { return String("\(error)".dropFirst(temporary.path.count + 2)) }
    }
    let plan = GGUFTensorPlan(name: "a", dimensions: [32], elementType: .q8_0)
    let next = GGUFTensorPlan(name: "b", dimensions: [2], elementType: .float16)
    let writer = try GGUFWriter(path: temporary.path, metadata: [], tensors: [plan, next])
    #expect(
      message { try writer.append([UInt8(0)], to: "b") }
        == "tensor 'b' cannot be written now: it is the turn of 'a'")
    #expect(
      message { try writer.append([UInt8](repeating: 0, count: 35), to: "a") }
        == "tensor 'a' would have 35 bytes, expected 34")
    #expect(
      message { try writer.append([Float](repeating: 0, count: 31), to: "a") }
        == "tensor 'a' of Q8_0 cannot be written from 31 floats")
    #expect(
      message { try writer.append(randomTernary(rows: 1, columns: 256, seed: 1), to: "a") }.contains(
        "of Q8_0 cannot hold a ternary matrix of 1x256"))
    #expect(message { try writer.append([UInt8](repeating: 0, count: 33), to: "a") } == "no error")
    #expect(message { try writer.finish() } == "tensor 'a' is not whole: 33 of its 34 bytes were written")
    #expect(message { try writer.append([UInt8(0)], to: "a") } == "no error")
    #expect(
      message { try writer.append([Float(70_000), 0], to: "b") }
        == "tensor 'b' cannot hold the value 70000.0 at 0 as F16")
    #expect(
      message { try writer.append([.nan, Float(0)], to: "b") }
        == "tensor 'b' cannot hold the value nan at 0 as F16")
    #expect(message { try writer.append([Float(1), 2], to: "b") } == "no error")
    #expect(message { try writer.append([Float(1)], to: "b") }.contains("tensor 'b' cannot be written now"))
    #expect(message { try writer.finish() } == "no error")
    #expect(try GGUFFile(path: temporary.path).storedTensor(named: "b").floats(rows: 0..<1) == [1, 2])

    func begin(
      _ metadata: [(key: String, value: GGUFValue)], _ tensors: [GGUFTensorPlan], alignment: Int = 32
    ) -> String {
      message {
        _ = try GGUFWriter(path: temporary.path, metadata: metadata, tensors: tensors, alignment: alignment)
      }
    }
    #expect(begin([("k", .bool(true)), ("k", .bool(false))], []) == "would have the key 'k' twice")
    #expect(begin([], [plan, plan]) == "tensor 'a' is to be written twice")
    #expect(begin([], [], alignment: 48) == "cannot be aligned to 48, expected a power of two up to 1048576")
    #expect(
      begin([("general.alignment", .uint32(64))], [], alignment: 64)
        == "would have the key 'general.alignment' twice")
    let ragged = GGUFTensorPlan(name: "r", dimensions: [33], elementType: .q8_0)
    #expect(begin([], [ragged]) == "tensor 'r' has shape [33], of which Q8_0 cannot store whole blocks")
    let huge = GGUFTensorPlan(name: "h", dimensions: [1 << 40, 1 << 40], elementType: .float32)
    #expect(
      begin([], [huge])
        == "tensor 'h' has shape [1099511627776, 1099511627776], of which F32 cannot store whole blocks")
  }

  @Test func anAbandonedFileLeavesNothing() throws {
    let folder = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID())")
    try FileManager.default.createDirectory(at: folder, withIntermediateDirectories: true)
    defer { try? FileManager.default.removeItem(at: folder) }
    let path = folder.appendingPathComponent("model.gguf").path
    let plan = GGUFTensorPlan(name: "a", dimensions: [32], elementType: .float32)
    do {
      let writer = try GGUFWriter(path: path, metadata: [], tensors: [plan])
      try writer.append([Float(1)], to: "a")
      #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).count == 1)
    }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path).isEmpty)

    // A folder is in the way of the finished file.
    try FileManager.default.createDirectory(atPath: path, withIntermediateDirectories: true)
    let writer = try GGUFWriter(path: path, metadata: [], tensors: [])
    #expect(throws: ModelFileError.self) { try writer.finish() }
    #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == ["model.gguf"])

    #expect(throws: ModelFileError.self) {
      try GGUFWriter(path: folder.path + "/missing/model.gguf", metadata: [], tensors: [])
    }
  }

  /// The device that has no space, as a disk has none.
  @Test(.enabled(if: FileManager.default.fileExists(atPath: "/dev/full"), "the system has no /dev/full"))
  func aFullDiskLeavesNothing() throws {
    let (target, partial) = (TemporaryPath(), TemporaryPath())
    try Data([1]).write(to: URL(fileURLWithPath: partial.path))
    let file = PartialFile(
      path: target.path, temporaryPath: partial.path, descriptor: open("/dev/full", O_WRONLY))
    let error = #expect(throws: ModelFileError.self) { try file.write([1, 2, 3]) }
    #expect(error?.description == "\(target.path): cannot be written: No space left on device")
    #expect(!FileManager.default.fileExists(atPath: partial.path))
    #expect(throws: ModelFileError.self) { try file.write([1]) }
    #expect(throws: ModelFileError.self) { try file.finish() }
    #expect(!FileManager.default.fileExists(atPath: target.path))
  }

  /// A vocabulary as large as that of Llama 3 with its merges. The limit is far above what it takes, so that only
  /// something that grows with more than the number of texts exceeds it.
  @Test func aLargeVocabularyIsReadInTime() throws {
    let temporary = TemporaryPath()
    let tokens = (0..<128_256).map { "token \($0)" }
    let merges = (0..<280_147).map { "left\($0) right\($0 / 3)" }
    let writer = try GGUFWriter(
      path: temporary.path,
      metadata: [("tokens", .array(.string(tokens))), ("merges", .array(.string(merges)))], tensors: [])
    try writer.finish()
    let clock = ContinuousClock()
    var file: GGUFFile?
    let duration = try clock.measure { file = try GGUFFile(path: temporary.path) }
    #expect(duration < .seconds(2))
    #expect(try file?.requiredValue(of: "tokens", as: [String].self) == tokens)
    #expect(try file?.requiredValue(of: "merges", as: [String].self) == merges)
  }

  @Test(
    arguments: [TensorElementType.q8_0, .q4_0, .q6_K],
    [.nan, .infinity, -.infinity, .greatestFiniteMagnitude, 70_000] as [Float])
  func whatBlocksCannotHoldIsRefused(type: TensorElementType, value: Float) throws {
    let temporary = TemporaryPath()
    let writer = try GGUFWriter(
      path: temporary.path, metadata: [],
      tensors: [GGUFTensorPlan(name: "a", dimensions: [256], elementType: type)])
    for place in [0, 17, 255] {
      var values = [Float](repeating: 1, count: 256)
      values[place] = value
      #expect(throws: ModelFileError.self) { try writer.append(values, to: "a") }
    }
    try writer.append([Float](repeating: 0, count: 256), to: "a")
    try writer.finish()
  }
}
