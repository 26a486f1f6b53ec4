import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// A path in the temporary directory at which nothing is yet; what is written there goes away with this object.
final class TemporaryPath {
  let path: String

  init() {
    path = FileManager.default.temporaryDirectory.appendingPathComponent("bitlab-\(UUID()).gguf").path
  }

  deinit { try? FileManager.default.removeItem(atPath: path) }
}

/// A GGUF file put together piece by piece, right or wrong.
struct GGUFBytes {
  var magic: [UInt8] = Array("GGUF".utf8)
  var version: UInt32 = 3
  var keys: [[UInt8]] = []
  var tensors: [[UInt8]] = []
  var keyCount: UInt64?
  var tensorCount: UInt64?
  var alignment = 32
  var data: [UInt8] = []

  var bytes: [UInt8] {
    let counts =
      littleEndian(tensorCount ?? UInt64(tensors.count)) + littleEndian(keyCount ?? UInt64(keys.count))
    var bytes = magic + littleEndian(version) + counts + keys.joined() + tensors.joined()
    bytes += [UInt8](repeating: 0, count: (alignment - bytes.count % alignment) % alignment)
    return bytes + data
  }

  static func text(_ text: String) -> [UInt8] { littleEndian(UInt64(text.utf8.count)) + Array(text.utf8) }

  static func key(_ name: String, type: UInt32, _ value: [UInt8]) -> [UInt8] {
    text(name) + littleEndian(type) + value
  }

  static func tensor(
    _ name: String, _ dimensions: [UInt64], type: UInt32 = 0, offset: UInt64 = 0, rank: UInt32? = nil
  ) -> [UInt8] {
    text(name) + littleEndian(rank ?? UInt32(dimensions.count)) + dimensions.flatMap { littleEndian($0) }
      + littleEndian(type) + littleEndian(offset)
  }
}

/// Random trits with one scale.
func randomTernary(rows: Int, columns: Int, scale: Float = 0.75, seed: UInt64) throws -> TernaryMatrix {
  var generator = SeededGenerator(seed: seed)
  let values = (0..<rows * columns).map { _ in Int8.random(in: -1...1, using: &generator) }
  return try TernaryMatrix(rows: rows, columns: columns, values: values, scale: scale)
}
