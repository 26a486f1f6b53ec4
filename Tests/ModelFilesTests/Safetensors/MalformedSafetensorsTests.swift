import Ternary
import Testing

@testable import ModelFiles

@Suite struct MalformedSafetensorsTests {
  /// The error of a file with these bytes.
  func error(of bytes: [UInt8]) throws -> String {
    let temporary = try TemporaryFile(bytes)
    do {
      _ = try SafetensorsFile(path: temporary.path)
      return "no error"
    } catch {
      #expect(error.file == temporary.path)
      #expect(!error.description.contains("\n"))
      return String(error.description.dropFirst(temporary.path.count + 2))
    }
  }

  @Test(
    arguments: [
      ([], "is no safetensors file: 0 bytes are less than the 8 of a header length"),
      ([1, 0, 0, 0, 0, 0, 0], "is no safetensors file: 7 bytes are less than the 8"),
      (littleEndian(UInt64(2)), "is cut short: a header of 2 bytes does not fit the 8 bytes of the file"),
      (littleEndian(UInt64(3)) + [123, 125], "is cut short: a header of 3 bytes does not fit"),
      (littleEndian(UInt64.max), "its header would have 18446744073709551615 bytes, at most 100000000"),
      (littleEndian(UInt64(100_000_001)), "its header would have 100000001 bytes"),
      (littleEndian(UInt64(0)), "has a broken header: expected '{' at byte 8 of the file, found its end"),
    ] as [([UInt8], String)])
  func aFileTooShortForItsHeaderIsRefused(bytes: [UInt8], expected: String) throws {
    let error = try error(of: bytes)
    #expect(error.contains(expected), "\(error)")
  }

  @Test(arguments: [
    ("[]", "expected '{' at byte 8 of the file, found '['"),
    ("{", "expected a string at byte 9 of the file, found its end"),
    ("{}x", "expected the end at byte 10 of the file, found 'x'"),
    ("{}\u{0}", "expected the end at byte 10 of the file, found byte 0"),
    ("{\"a\"}", "expected ':'"),
    ("{\"a\": 5}", "expected '{' at byte 14 of the file, found '5'"),
    ("{a: 5}", "expected a string at byte 9 of the file, found 'a'"),
    ("{\"a", "expected a string that ends at byte 9"),
    ("{\"a\u{1}\"", "expected text without control characters at byte 11 of the file, found byte 1"),
    ("{\"\\x\"", "expected an escaped character"),
    ("{\"\\", "expected an escaped character at byte 11 of the file, found its end"),
    ("{\"\\u12\"", "expected four hexadecimal digits"),
    ("{\"\\ud800\"", "expected a pair of surrogates"),
    ("{\"\\udc00\\udc00\"", "expected a pair of surrogates"),
    ("{\"\\ud800\\u0041\"", "expected a pair of surrogates"),
    ("{\"__metadata__\": {\"a\": 1}}", "expected a string at byte 31 of the file, found '1'"),
    ("{\"__metadata__\": []}", "expected '{'"),
    ("{\"__metadata__\": {}, \"__metadata__\": {}}", "tensor '__metadata__' is listed twice"),
  ])
  func aHeaderThatIsNotTheExpectedJSONIsRefused(header: String, expected: String) throws {
    let error = try error(of: safetensors(header))
    #expect(error.contains(expected), "\(error)")
  }

  @Test func textThatIsNotUTF8IsRefused() throws {
    let error = try error(of: safetensors(header: [123, 34, 0xFF, 34], data: []))
    #expect(error.contains("expected UTF-8 text at byte 9"), "\(error)")
  }

  /// Entries of one tensor in a file with 16 bytes of data.
  @Test(arguments: [
    ("{}", "expected a string"),
    (#"{"dtype": "F32"}"#, "tensor 'w' has no shape"),
    (#"{"shape": [], "data_offsets": [0, 4]}"#, "tensor 'w' has no dtype"),
    (#"{"dtype": "F32", "shape": []}"#, "tensor 'w' has no data_offsets"),
    (#"{"dtype": "F32", "dtype": "F32"}"#, "tensor 'w' has the key 'dtype', expected dtype, shape and"),
    (#"{"dtype": "F32", "shapes": [4]}"#, "tensor 'w' has the key 'shapes', expected dtype, shape and"),
    (#"{"dtype": 32, "shape": [4], "data_offsets": [0, 16]}"#, "expected a string at byte"),
    (#"{"dtype": "F32", "shape": 4, "data_offsets": [0, 16]}"#, "expected '[' at byte"),
    (#"{"dtype": "F32", "shape": ["4"], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (#"{"dtype": "F32", "shape": [-4], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (#"{"dtype": "F32", "shape": [4.0], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (#"{"dtype": "F32", "shape": [4e0], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (#"{"dtype": "F32", "shape": [04], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (
      #"{"dtype": "F32", "shape": [null], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"
    ),
    (#"{"dtype": "F32", "shape": [4,], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (#"{"dtype": "F32", "shape": [[4]], "data_offsets": [0, 16]}"#, "expected a whole number from 0 at byte"),
    (
      #"{"dtype": "F32", "shape": [9223372036854775808], "data_offsets": [0, 16]}"#,
      "expected a whole number of 63 bits"
    ),
    (
      #"{"dtype": "F32", "shape": [4294967296, 4294967296], "data_offsets": [0, 16]}"#,
      "has a shape of more elements than can be counted"
    ),
    (
      #"{"dtype": "F32", "shape": [1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,1,4], "data_offsets": [0, 16]}"#,
      "expected a list of at most 16 numbers"
    ),
    (
      #"{"dtype": "F32", "shape": [5], "data_offsets": [0, 16]}"#,
      "has 16 bytes, but 20 follow from shape [5] of F32"
    ),
    (
      #"{"dtype": "F16", "shape": [4], "data_offsets": [0, 16]}"#,
      "has 16 bytes, but 8 follow from shape [4] of F16"
    ),
    (
      #"{"dtype": "F4", "shape": [5], "data_offsets": [0, 2]}"#,
      "has 2 bytes, but 3 follow from shape [5] of F4"
    ),
    (
      #"{"dtype": "F32", "shape": [], "data_offsets": [0, 16]}"#,
      "has 16 bytes, but 4 follow from shape [] of F32"
    ),
    (
      #"{"dtype": "F32", "shape": [4], "data_offsets": []}"#,
      "has 0 data_offsets, expected a begin and an end"
    ),
    (#"{"dtype": "F32", "shape": [4], "data_offsets": [16]}"#, "has 1 data_offsets"),
    (#"{"dtype": "F32", "shape": [4], "data_offsets": [0, 16, 16]}"#, "expected a list of at most 2 numbers"),
    (
      #"{"dtype": "F32", "shape": [4], "data_offsets": [16, 0]}"#,
      "ends at byte 0 of the data, before it begins at 16"
    ),
    (
      #"{"dtype": "F32", "shape": [4], "data_offsets": [4, 20]}"#,
      "ends at byte 20 of the data, but the file has only 16"
    ),
    (
      #"{"dtype": "F32", "shape": [4], "data_offsets": [9223372036854775791, 9223372036854775807]}"#,
      "ends at byte 9223372036854775807 of the data, but the file has only 16"
    ),
    (
      #"{"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "v": {"dtype": "U8", "shape": [9], "data_offsets": [7, 16]}"#,
      "tensor 'v' overlaps the data of tensor 'w'"
    ),
    (
      #"{"dtype": "F32", "shape": [2], "data_offsets": [0, 8]}, "w": {"dtype": "F32", "shape": [2], "data_offsets": [8, 16]}"#,
      "tensor 'w' is listed twice"
    ),
  ])
  func aTensorThatContradictsItselfIsRefused(entry: String, expected: String) throws {
    let error = try error(of: safetensors("{\"w\": \(entry)}", data: [UInt8](repeating: 0, count: 16)))
    #expect(error.contains(expected), "\(error)")
  }

  @Test func deepNestingIsNotFollowed() throws {
    let deep = String(repeating: "[", count: 1_000_000)
    #expect(try error(of: safetensors("{\"w\": \(deep)")).contains("expected '{' at byte 14"))
    let key = "{\"w\": {\"dtype\": \"F32\", \"shape\": "
    #expect(try error(of: safetensors(key + deep)).contains("expected a whole number from 0"))
  }

  /// Whatever is done to a valid file, it is read or refused: never a crash, a hang or much memory.
  @Test(arguments: [UInt64(0), 1, 2, 3]) func mutatedFilesAreReadOrRefused(seed: UInt64) throws {
    var generator = SeededGenerator(seed: seed)
    let valid = SafetensorsFileTests.valid
    let headerEnd = 8 + SafetensorsFileTests.header.utf8.count
    let snippets = [
      "{", "}", "[", "]", "\"", ",", ":", "-", "0", "9", "18446744073709551616", "\\u", "[]", "\u{0}",
    ]
    var refused = 0
    for round in 0..<500 {
      var bytes = valid
      for _ in 0...Int.random(in: 0..<3, using: &generator) {
        let place = Int.random(in: 0..<min(headerEnd, bytes.count), using: &generator)
        switch Int.random(in: 0..<5, using: &generator) {
        case 0: bytes[place] ^= 1 << UInt8.random(in: 0..<8, using: &generator)
        case 1: bytes[place] = UInt8.random(in: 0...255, using: &generator)
        case 2:
          bytes.removeSubrange(place..<min(bytes.count, place + Int.random(in: 1..<20, using: &generator)))
        case 3:
          bytes.insert(contentsOf: Array((snippets.randomElement(using: &generator) ?? "").utf8), at: place)
        default: bytes.removeLast(Int.random(in: 0..<bytes.count / 2, using: &generator))
        }
      }
      let temporary = try TemporaryFile(bytes)
      do {
        let file = try SafetensorsFile(path: temporary.path)
        for tensor in file.tensors {
          #expect(tensor.byteRange.upperBound <= bytes.count, "seed \(seed), round \(round)")
          _ = try? file.matrix(named: tensor.name)
        }
      } catch {
        refused += 1
        #expect(!error.description.contains("\n"), "seed \(seed), round \(round)")
      }
    }
    #expect(refused > 250 && refused < 500, "seed \(seed): \(refused) refused")
  }
}
