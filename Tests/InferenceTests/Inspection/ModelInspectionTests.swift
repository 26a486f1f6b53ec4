import Foundation
import Inference
import KernelZoo
import ModelFiles
import Ternary
import Testing

@Suite struct ModelInspectionTests {
  private static let architecture = ModelArchitecture.tiny { architecture in
    (architecture.vocabulary, architecture.hiddenSize, architecture.intermediateSize) = (10, 128, 256)
    (architecture.layers, architecture.heads, architecture.keyValueHeads) = (1, 4, 2)
    architecture.headDimension = 32
  }

  /// A matrix whose first weights are 0, the next +1, the others -1.
  private static func matrix(_ role: LinearRole, zeros: Int, positives: Int, scale: Float) throws
    -> LinearWeights
  {
    let (rows, columns) = architecture.shape(of: role)
    let values = (0..<rows * columns).map { index -> Int8 in
      index < zeros ? 0 : index < zeros + positives ? 1 : -1
    }
    return .ternary(try TernaryMatrix(rows: rows, columns: columns, values: values, scale: scale))
  }

  /// Of each matrix a known part is 0: an eighth for each place of its role, half of the rest +1 or, of the values,
  /// all.
  private static func write(to path: String, _ type: TensorElementType) throws {
    var replaced: [TensorRole: LinearWeights] = [:]
    for (place, role) in LinearRole.allCases.enumerated() {
      let (rows, columns) = architecture.shape(of: role)
      let zeros = rows * columns / 8 * place
      let rest = rows * columns - zeros
      replaced[.linear(role, layer: 0)] = try matrix(
        role, zeros: zeros, positives: role == .value ? rest : rest / 2, scale: Float(place + 1))
    }
    let model = try InMemoryModel(architecture, seed: 1, replacing: replaced)
    guard try ModelConversion(model, linearType: type).write(to: path) else { throw CancellationError() }
  }

  @Test(arguments: [TensorElementType.i2_s, .float32], [1, 3])
  func theWeightsAreCounted(type: TensorElementType, workers: Int) throws {
    let folder = try InspectedFolder()
    try Self.write(to: folder("model.gguf"), type)
    let inspection = try ModelInspection(
      path: folder("model.gguf"), team: SystemThreads(workerCount: workers))
    #expect(inspection.architecture == Self.architecture)
    #expect(inspection.problems.count == 1)  // it has no tokenizer
    let summary = try #require(inspection.ternary)
    #expect(summary.matrices == 7)
    #expect(
      [summary.zeroShare.minimum, summary.zeroShare.median, summary.zeroShare.maximum] == [0, 3 / 8, 6 / 8])
    #expect([summary.scale.minimum, summary.scale.median, summary.scale.maximum] == [1, 4, 7])
    #expect(summary.scale.mean == 4)
    #expect(summary.positiveShare?.median == 0.5)
    #expect(summary.positiveShare?.maximum == 1)
    // q, o: 16384 weights; k, v: 8192; gate, up, down: 32768, with 0, 3, 1, 2, 4, 5 and 6 eighths of zeros.
    let weights = 2 * 16384 + 2 * 8192 + 3 * 32768
    #expect(summary.weights == weights)
    #expect(
      summary.totalZeroShare == Double(3 * 2048 + 1 * 1024 + 2 * 1024 + 15 * 4096) / Double(weights))
    let query = try #require(inspection.tensors.first { $0.listed.name == "blk.0.attn_q.weight" })
    #expect(query.ternary?.entropyBitsPerWeight == 1)
    let gate = try #require(inspection.tensors.first { $0.listed.name == "blk.0.ffn_gate.weight" })
    #expect(gate.ternary?.zeroShare == 0.5)
    #expect(gate.ternary?.entropyBitsPerWeight == 1.5)
  }

  @Test func bytesAddUp() throws {
    let folder = try InspectedFolder()
    try Self.write(to: folder("model.gguf"), .i2_s)
    let inspection = try ModelInspection(path: folder("model.gguf"))
    let attributes = try FileManager.default.attributesOfItem(atPath: folder("model.gguf"))
    let size = try #require(attributes[.size] as? Int)
    #expect(inspection.listing.byteCount == size)
    #expect(inspection.listing.format == .gguf(version: 3))
    #expect(inspection.listing.alignment == 64)
    let kinds = Dictionary(uniqueKeysWithValues: inspection.sharesByKind.map { ($0.name, $0) })
    let linearBytes = 147_456 / 4 + 7 * 32
    #expect(kinds["linear layers"] == TensorShare(name: "linear layers", count: 7, byteCount: linearBytes))
    #expect(kinds["embedding"]?.byteCount == 10 * 128 * 4)
    #expect(kinds["norms"] == TensorShare(name: "norms", count: 5, byteCount: (4 * 128 + 256) * 4))
    #expect(kinds["LM head"] == nil)
    let total = inspection.sharesByKind.reduce(0) { $0 + $1.byteCount }
    #expect(total + inspection.headerAndPaddingBytes == size)
    #expect(inspection.sharesByType.map(\.name) == ["I2_S", "F32"])
    #expect(inspection.sharesByType.map(\.count) == [7, 6])
    // Keys and values of 2 heads of 32 elements in 2 bytes.
    #expect(inspection.keyValueBytesPerToken == 2 * 2 * 32 * 2)
  }

  @Test func sizesOnEveryPacking() throws {
    let folder = try InspectedFolder()
    try Self.write(to: folder("model.gguf"), .i2_s)
    let inspection = try ModelInspection(path: folder("model.gguf"))
    let sizes = Dictionary(uniqueKeysWithValues: inspection.packings.map { ($0.packing.name, $0) })
    let rest = 10 * 128 * 4 + (4 * 128 + 256) * 4
    #expect(sizes["fp32"]?.linearBytes == 147_456 * 4)
    #expect(sizes["fp16"]?.totalBytes == 147_456 * 2 + rest)
    #expect(sizes["i8"]?.bitsPerWeight == 8)
    #expect(sizes["i2s"]?.bitsPerWeight == 2)
    #expect(sizes["b1"] == nil)
    #expect(inspection.packings.filter(\.isBound).map(\.packing.name).sorted() == ["rsr", "tcsc"])
    let packed = try PackedWeights(
      Self.matrix(.down, zeros: 100, positives: 9, scale: 1).matrix, packing: #require(sizes["t5"]).packing)
    #expect(packed.packing.packedBytes(outFeatures: 128, inFeatures: 256) == packed.byteCount)
    #expect(packed.packing.packedBytes(outFeatures: 0, inFeatures: 256) == nil)
    #expect(packed.packing.packedBytes(outFeatures: 1, inFeatures: PackedWeights.largestSide + 1) == nil)
  }

  @Test func aModelOfFloatsHasNoTernaryPart() throws {
    let folder = try InspectedFolder()
    let model = try InMemoryModel(.tinyLLaMA(), seed: 3)
    #expect(try ModelConversion(model).write(to: folder("model.gguf")))
    let inspection = try ModelInspection(path: folder("model.gguf"))
    #expect(inspection.ternary == nil)
    #expect(Set(inspection.packings.map(\.packing.weightKind)) == [.float])
  }

  @Test func aFileOfAnUnknownArchitectureIsListed() throws {
    let folder = try InspectedFolder()
    let plans = [
      GGUFTensorPlan(name: "blk.0.attn_q.weight", dimensions: [128, 2], elementType: .i2_s),
      GGUFTensorPlan(name: "other", dimensions: [3], elementType: .float32),
    ]
    let writer = try GGUFWriter(
      path: folder("model.gguf"), metadata: [("general.architecture", .string("mamba"))], tensors: plans)
    let values = (0..<256).map { Int8($0 < 64 ? 0 : 1) }
    try writer.append(
      TernaryMatrix(rows: 2, columns: 128, values: values, scale: 0.5), to: "blk.0.attn_q.weight")
    try writer.append([1, 2, 3] as [Float], to: "other")
    try writer.finish()
    let inspection = try ModelInspection(path: folder("model.gguf"))
    #expect(inspection.architecture == nil)
    #expect(inspection.packings.isEmpty)
    #expect(inspection.problems.contains { $0.contains("mamba") })
    #expect(inspection.tensors.map(\.listed.shape) == [[2, 128], [3]])
    #expect(inspection.ternary?.totalZeroShare == 0.25)
    #expect(inspection.sharesByKind.map(\.name) == ["linear layers", "other tensors"])
  }

  @Test func weightsThatAreNoTritsAreNamed() throws {
    let folder = try InspectedFolder()
    try Self.write(to: folder("model.gguf"), .i2_s)
    let tensor = try #require(
      ModelInspection(path: folder("model.gguf")).listing.tensors.first {
        $0.name == "blk.0.ffn_up.weight"
      })
    let handle = try FileHandle(forUpdating: URL(fileURLWithPath: folder("model.gguf")))
    try handle.seek(toOffset: UInt64(tensor.byteRange.lowerBound))
    try handle.write(contentsOf: Data([0xFF]))
    try handle.close()
    let inspection = try ModelInspection(path: folder("model.gguf"))
    #expect(inspection.problems.contains { $0.contains("blk.0.ffn_up.weight") })
    #expect(inspection.ternary?.matrices == 6)
  }

  @Test func safetensorsWithoutConfigurationAreListed() throws {
    let folder = try InspectedFolder()
    let header = #"{"model.embed_tokens.weight":{"dtype":"F32","shape":[2,1],"data_offsets":[0,8]}}"#
    var bytes = Data((0..<8).map { UInt8(truncatingIfNeeded: header.utf8.count >> (8 * $0)) })
    bytes += Data(header.utf8) + Data(count: 8)
    try bytes.write(to: URL(fileURLWithPath: folder("model.safetensors")))
    for path in [folder.path, folder("model.safetensors")] {
      let inspection = try ModelInspection(path: path)
      #expect(inspection.listing.format == .safetensors(files: 1))
      #expect(inspection.problems.contains { $0.contains("config.json") })
      #expect(inspection.sharesByKind == [TensorShare(name: "embedding", count: 1, byteCount: 8)])
      #expect(inspection.headerAndPaddingBytes == 8 + header.utf8.count)
    }
  }

  @Test func whatIsNoModelIsRefused() throws {
    let folder = try InspectedFolder()
    try Data("text".utf8).write(to: URL(fileURLWithPath: folder("model.gguf")))
    #expect(throws: ModelFileError.self) { try ModelInspection(path: folder("model.gguf")) }
    #expect(throws: ModelFileError.self) { try ModelInspection(path: folder("missing.gguf")) }
    #expect(throws: ModelFileError.self) { try ModelInspection(path: folder.path) }
  }
}

extension LinearWeights {
  fileprivate var matrix: WeightMatrix {
    switch self {
    case .ternary(let matrix): .ternary(matrix)
    case .float(let matrix):
      .float(values: matrix.values, outFeatures: matrix.rows, inFeatures: matrix.columns)
    }
  }
}
