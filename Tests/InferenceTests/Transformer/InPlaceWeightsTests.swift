import Foundation
import KernelZoo
import ModelFiles
import Ternary
import Testing

@testable import Inference

/// Matrices that are multiplied where they lie in a mapped file.
@Suite struct InPlaceWeightsTests {
  private static let packings: [TensorElementType: String] = [.i2_s: "i2s", .tq1_0: "tq1", .tq2_0: "tq2"]
  static let types: [TensorElementType] = [.i2_s, .tq1_0, .tq2_0]
  /// Every row is whole blocks of any type.
  static let wholeBlocks = ModelArchitecture.tiny {
    ($0.hiddenSize, $0.intermediateSize, $0.layers) = (256, 512, 1)
    ($0.heads, $0.keyValueHeads, $0.headDimension) = (4, 2, 64)
  }
  private static let pieces = [tokens(3), [9]]

  /// Those that run here and read a type's bytes as they lie.
  private static func kernels(_ type: TensorElementType) -> [Kernel] {
    Kernel.exactTernary.filter { $0.packing.name == packings[type] }
  }

  /// Loads the file in place and packed, and expects the same scores of all kernels of its packing.
  private static func expectSameScores(
    _ file: TernaryFile, _ type: TensorElementType, inPlace: (Int) -> Bool, seed: UInt64,
    _ location: SourceLocation = #_sourceLocation
  ) throws {
    let model = try GGUFModel(path: file.path)
    let kernels = kernels(type)
    try #require(!kernels.isEmpty)
    // By a kernel of another packing.
    let other = try #require(Kernel.exactTernary.first)
    let expected = try FastPath(model, kernel: other, pieces: pieces, workers: 2)
    try #require(other.packing.name != packings[type] && expected.isFinite)
    for kernel in kernels {
      let found = try FastPath(model, kernel: kernel, pieces: pieces, workers: 2)
      #expect(
        inPlace(found.matricesInPlace), "\(found.matricesInPlace) by \(kernel), seed \(seed)",
        sourceLocation: location)
      let copied = try FastPath(model, kernel: kernel, placement: .copied, pieces: pieces, workers: 2)
      #expect(copied.matricesInPlace == 0 && copied.matricesAsInFile == found.matricesAsInFile)
      #expect(copied.logits == found.logits, "\(kernel), seed \(seed)", sourceLocation: location)
      let packed = try FastPath(HiddenStorage(model), kernel: kernel, pieces: pieces, workers: 2)
      #expect(packed.matricesAsInFile == 0, sourceLocation: location)
      #expect(found.logits == packed.logits, "\(kernel), seed \(seed)", sourceLocation: location)
      #expect(found.logits == expected.logits, "\(kernel), seed \(seed)", sourceLocation: location)
    }
  }

  @Test(arguments: types) func alignedTensorsStay(_ type: TensorElementType) throws {
    let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 70), type)
    try Self.expectSameScores(file, type, inPlace: { $0 == 7 }, seed: 70)
    let standard = try #require(
      KernelChoice.standard(for: try GGUFModel(path: file.path), on: .ofThisCPU))
    #expect(standard.packing.name == Self.packings[type] && standard.familyName == "mad")
  }

  /// A tail of 32 bytes puts every other tensor at an odd multiple of 32.
  @Test func otherTensorsAreCopied() throws {
    let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 71), .i2_s, alignment: 32)
    try Self.expectSameScores(file, .i2_s, inPlace: { (3...4).contains($0) }, seed: 71)
    let kernel = try #require(Self.kernels(.i2_s).last)
    let weights = try ModelWeights(GGUFModel(path: file.path), kernel: kernel, team: SingleWorker())
    #expect(weights.matricesAsInFile == 7)
  }

  /// The blocks of i2_s reach over the ends of rows: only the matrices whose rows are whole blocks stay.
  @Test func rowsOfPartialBlocksArePacked() throws {
    var architecture = Self.wholeBlocks
    architecture.hiddenSize = 192
    let file = try TernaryFile(InMemoryModel(architecture, seed: 72), .i2_s)
    try Self.expectSameScores(file, .i2_s, inPlace: { $0 == 2 }, seed: 72)
  }

  /// Any byte of TQ1_0 means some trits, whoever wrote it.
  @Test(arguments: UInt64(73)..<76) func bytesThatNoWriterWritesMeanTheSameTrits(seed: UInt64) throws {
    var random = SeededGenerator(seed: seed)
    let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: seed), .tq1_0) { _, bytes in
      for index in bytes.indices where index % 54 < 52 {
        bytes[index] = UInt8.random(in: 0...255, using: &random)
      }
    }
    try Self.expectSameScores(file, .tq1_0, inPlace: { $0 == 7 }, seed: seed)
  }

  /// A block of zeros may have any scale; then the bytes are not those of the packing.
  @Test(arguments: [(TensorElementType.tq1_0, 54), (.tq2_0, 66)])
  func aBlockOfZerosWithAScaleOfItsOwnIsPacked(_ type: TensorElementType, bytesOfBlock: Int) throws {
    let source = try InMemoryModel(Self.wholeBlocks, seed: 76)
    let zeros = try #require(
      TernaryMatrix(rows: 1, columns: 256, values: Array(repeating: 0, count: 256), scale: 0).encoded(
        as: type))
    let file = try TernaryFile(source, type) { role, bytes in
      if role == .up { bytes.replaceSubrange(3 * bytesOfBlock..<4 * bytesOfBlock, with: zeros) }
    }
    try Self.expectSameScores(file, type, inPlace: { $0 == 6 }, seed: 76)
  }

  /// Codes of ARM builds lie in another order, which in-place kernels do not read.
  @Test func anotherLayoutIsPacked() throws {
    let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 77), .i2_s)
    let model = try GGUFModel(path: file.path, i2sLayout: .arm)
    let kernel = try #require(Self.kernels(.i2_s).last)
    #expect(try ModelWeights(model, kernel: kernel, team: SingleWorker()).matricesAsInFile == 0)
  }

  /// Wherever the code is: in the first word, in the last byte, in any worker's rows.
  @Test(arguments: [TensorElementType.i2_s, .tq2_0], [0, 7, 8191, 16_000])
  func codeThreeIsFound(_ type: TensorElementType, byte: Int) throws {
    let source = try InMemoryModel(Self.wholeBlocks, seed: 78)
    for (role, name) in [(LinearRole.query, "blk.0.attn_q.weight"), (.down, "blk.0.ffn_down.weight")] {
      for bits in [0, 3] {
        let file = try TernaryFile(source, type) { changed, bytes in
          // Of the last two bytes of a block, which are no codes in TQ2_0, the byte before.
          let place = type == .tq2_0 && byte % 66 >= 64 ? byte - 2 : byte
          if changed == role { bytes[place] |= 3 << (2 * UInt8(bits)) }
        }
        let kernel = try #require(Self.kernels(type).last)
        let error = #expect(throws: ModelFileError.self) {
          try ModelWeights(GGUFModel(path: file.path), kernel: kernel, team: ThreadTeam(2))
        }
        #expect(error?.tensor == name && error?.file == file.path)
        #expect(error?.message.contains("code 3") == true)
      }
    }
  }

  @Test(arguments: [(TensorElementType.tq1_0, 54), (.tq2_0, 66)])
  func blocksWithDifferentScalesAreRefused(_ type: TensorElementType, bytesOfBlock: Int) throws {
    for block in [1, 255] {
      let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 79), type) { role, bytes in
        if role == .output { bytes[(block + 1) * bytesOfBlock - 2] ^= 1 }
      }
      let error = #expect(throws: ModelFileError.self) {
        try ModelWeights(
          GGUFModel(path: file.path), kernel: try #require(Self.kernels(type).last), team: ThreadTeam(2))
      }
      #expect(error?.tensor == "blk.0.attn_output.weight")
      #expect(error?.message.contains("scale") == true)
    }
  }

  @Test(arguments: types, [Float.nan, .infinity, -1]) func aScaleMustBeANumberFromZero(
    _ type: TensorElementType, scale: Float
  ) throws {
    let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 80), type) { role, bytes in
      guard role == .gate else { return }
      if type == .i2_s {
        withUnsafeBytes(of: scale.bitPattern.littleEndian) {
          bytes.replaceSubrange(bytes.count - 32..<bytes.count - 28, with: $0)
        }
      } else {
        let block = type == .tq1_0 ? 54 : 66
        for end in stride(from: block, through: bytes.count, by: block) {
          let half = scale.isNaN ? UInt16(0x7E00) : scale == .infinity ? 0x7C00 : 0xBC00
          bytes[end - 2] = UInt8(half & 255)
          bytes[end - 1] = UInt8(half >> 8)
        }
      }
    }
    let error = #expect(throws: ModelFileError.self) {
      try ModelWeights(
        GGUFModel(path: file.path), kernel: try #require(Self.kernels(type).last), team: ThreadTeam(2))
    }
    #expect(error?.tensor == "blk.0.ffn_gate.weight")
  }

  /// Weights keep what they are made of.
  @Test func weightsOutliveModelAndFile() throws {
    let kernel = try #require(Self.kernels(.i2_s).last)
    func load() throws -> (weights: ModelWeights, expected: [Float]) {
      let file = try TernaryFile(InMemoryModel(Self.wholeBlocks, seed: 81), .i2_s)
      let model = try GGUFModel(path: file.path)
      let expected = try FastPath(HiddenStorage(model), kernel: kernel, pieces: Self.pieces).logits
      return (try ModelWeights(model, kernel: kernel, team: SingleWorker()), expected)
    }
    let (weights, expected) = try load()
    #expect(weights.matricesInPlace == 7)
    let transformer = try Transformer(weights, capacity: 8, team: SingleWorker())
    try transformer.see(Self.pieces[0])
    #expect(try transformer.scores(after: Self.pieces[1]) == expected)
  }
}
