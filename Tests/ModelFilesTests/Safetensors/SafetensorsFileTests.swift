import Foundation
import Testing

@testable import ModelFiles

@Suite struct SafetensorsFileTests {
  static let header = """
    {"__metadata__": {"format": "pt", "by": "\\u00e9\\ud83d\\ude00\\n"},
     "layer.weight": {"dtype": "F32", "shape": [2, 3], "data_offsets": [8, 32]},
     "bias": {"shape": [2], "data_offsets": [0, 8], "dtype": "F32"},
     "half": {"dtype": "F16", "shape": [1, 2], "data_offsets": [32, 36]},
     "brain": {"dtype": "BF16", "shape": [2, 1], "data_offsets": [36, 40]},
     "count": {"dtype": "I64", "shape": [], "data_offsets": [40, 48]},
     "strange": {"dtype": "Q7", "shape": [3, 3], "data_offsets": [48, 50]},
     "none": {"dtype": "F32", "shape": [0, 5], "data_offsets": [40, 40]}}
    """
  static let data =
    littleEndian([9, 9, 1, -2, 3.5, 0, Float(bitPattern: 71_362), -3e38]) + littleEndian(UInt16(0x3C00))
    + littleEndian(UInt16(0x8001)) + littleEndian(UInt16(0x3F80)) + littleEndian(UInt16(0xC000))
    + littleEndian(UInt64(7)) + [1, 2]
  static let valid = safetensors(header + "   ", data: data)

  @Test func tensorsAndValuesAreRead() throws {
    let temporary = try TemporaryFile(Self.valid)
    let file = try SafetensorsFile(path: temporary.path)
    #expect(
      file.tensors.map(\.name) == ["layer.weight", "bias", "half", "brain", "count", "strange", "none"])
    #expect(file.metadata == ["format": "pt", "by": "é😀\n"])
    #expect(file.quantizableMatrices.map(\.name) == ["layer.weight", "half", "brain"])
    let start = 8 + Self.header.utf8.count + 3
    #expect(file.tensors[0].byteRange == start + 8..<start + 32)
    let weights = try file.matrix(named: "layer.weight")
    #expect(
      weights == FloatMatrix(rows: 2, columns: 3, values: [1, -2, 3.5, 0, Float(bitPattern: 71_362), -3e38]))
    #expect(try file.matrix(named: "half") == FloatMatrix(rows: 1, columns: 2, values: [1, -0x1p-24]))
    #expect(try file.matrix(named: "brain") == FloatMatrix(rows: 2, columns: 1, values: [1, -2]))
  }

  @Test(arguments: [
    ("bias", "tensor 'bias' has shape [2], expected rows and columns"),
    ("none", "tensor 'none' has shape [0, 5], expected rows and columns"),
    ("count", "tensor 'count' has elements of I64, expected F32, F16 or BF16"),
    ("strange", "tensor 'strange' has elements of Q7, expected F32, F16 or BF16"),
    (
      "gone",
      "'gone' does not exist; the file has 3 matrices of weights, the first are 'layer.weight', 'half'"
    ),
  ])
  func aTensorThatIsNoMatrixIsRefusedWhenAskedFor(name: String, expected: String) throws {
    let temporary = try TemporaryFile(Self.valid)
    let file = try SafetensorsFile(path: temporary.path)
    do {
      _ = try file.matrix(named: name)
      Issue.record("\(name) was read")
    } catch {
      #expect(error.description.contains(expected), "\(error)")
    }
  }

  @Test(arguments: [Float.nan, .infinity, -.infinity]) func valuesThatAreNotFiniteAreCounted(
    poison: Float
  ) throws {
    let header = #"{"w": {"dtype": "F32", "shape": [2, 3], "data_offsets": [0, 24]}}"#
    let temporary = try TemporaryFile(safetensors(header, data: littleEndian([1, 2, 3, 4, poison, poison])))
    let file = try SafetensorsFile(path: temporary.path)
    do {
      _ = try file.matrix(named: "w")
      Issue.record("\(poison) was accepted")
    } catch {
      #expect(
        error.message
          == "has 2 values that are not finite, the first is \(poison) at row 1, column 1")
    }
  }

  #if !((os(macOS) || targetEnvironment(macCatalyst)) && arch(x86_64))
    @Test func everyHalfIsWidenedExactly() {
      for bits in UInt16.min...UInt16.max {
        let expected = Float(Float16(bitPattern: bits))
        let found = FloatDecoding.float16(bits)
        guard expected.isNaN ? found.isNaN : expected.bitPattern == found.bitPattern else {
          Issue.record("half \(bits) became \(found), not \(expected)")
          return
        }
      }
    }
  #endif

  @Test(arguments: ["/nonexistent.safetensors", "/tmp", "", "/dev/null"]) func whatIsNoFileIsRefused(
    path: String
  ) {
    #expect(throws: ModelFileError.self) { try SafetensorsFile(path: path) }
  }
}
