import Foundation
import Ternary
import Testing

@testable import ModelFiles

@Suite struct MalformedHuggingFaceTests {
  /// The error of opening a folder; `change` is applied to a valid one of two shards.
  func error(
    _ synthetic: SyntheticModel = SyntheticModel(storage: .packedAsFactor), shards: Int = 2,
    change: (TemporaryFolder) throws -> Void
  ) throws -> String {
    let folder = try TemporaryFolder()
    try synthetic.write(to: folder, shards: shards)
    try change(folder)
    do {
      _ = try HuggingFaceModel(path: folder.path)
      return "no error"
    } catch {
      #expect(!error.description.contains("\n") && error.description.count < 800)
      return error.description.replacingOccurrences(of: folder.path, with: "FOLDER")
    }
  }

  static let index = "model.safetensors.index.json"
  static let first = "model-00001-of-00002.safetensors"
  static let second = "model-00002-of-00002.safetensors"
  static let norm = "model.norm.weight"

  @Test(arguments: [
    ("[]", "index.json: holds a list, expected an object"),
    ("", "index.json: is broken JSON: expected a number at byte 0, found its end"),
    ("{}", "index.json: has no 'weight_map'"),
    (#"{"weight_map": []}"#, "index.json: has 'weight_map' a list, expected an object"),
    (#"{"weight_map": {"a": 7}}"#, "index.json: has 'weight_map.a' 7, expected a string"),
    (#"{"weight_map": {"a": null}}"#, "index.json: has no 'weight_map.a'"),
    (#"{"weight_map": {"a": "x"}, "weight_map": {}}"#, "expected the key 'weight_map' once in an object"),
    (
      #"{"weight_map": {"a": "gone.safetensors"}}"#,
      "says that 1 tensors are in 'gone.safetensors', which is not in"
    ),
    (
      #"{"weight_map": {"a": "../x.safetensors"}}"#,
      "tensor 'a' would be in '../x.safetensors', expected the name"
    ),
    (#"{"weight_map": {"a": "/etc/passwd"}}"#, "tensor 'a' would be in '/etc/passwd', expected the name"),
    (#"{"weight_map": {"a": ".."}}"#, "tensor 'a' would be in '..', expected the name"),
    (#"{"weight_map": {"a": "b\\c"}}"#, "tensor 'a' would be in 'b\\c', expected the name"),
    (#"{"weight_map": {"a": "x\u0000"}}"#, "tensor 'a' would be in 'x?', expected the name"),
    (#"{"weight_map": {"a": ""}}"#, "tensor 'a' would be in '', expected the name"),
    (
      #"{"weight_map": {"a": "model-00001-of-00002.safetensors"}}"#,
      "is in this file, but according to the index it is nowhere"
    ),
    ("{\"weight_map\": " + String(repeating: "[", count: 100_000), "expected at most 64 levels"),
    ("{\"weight_map\": " + String(repeating: "{\"a\":", count: 100_000), "expected at most 64 levels"),
  ])
  func aBrokenIndexIsRefused(index: String, expected: String) throws {
    let error = try error { try $0.write(Self.index, index) }
    #expect(error.contains(expected), "\(error)")
  }

  @Test func anIndexThatIsTooLargeIsNotRead() throws {
    let error = try error { folder in
      // Sparse: takes no space.
      truncate(folder.path(of: Self.index), 100_000_001)
    }
    #expect(error.contains("has 100000001 bytes, at most 100000000 are read of such a file"), "\(error)")
  }

  @Test func namesOfAMegabyteAreCutInErrors() throws {
    let name = String(repeating: "n", count: 1_000_000)
    let error = try error { try $0.write(Self.index, "{\"weight_map\": {\"\(name)\": \"\(name)\"}}") }
    #expect(error.contains("tensor 'nnn") && error.contains("expected the name of a file"), "\(error)")
  }

  @Test func aTensorInTheOtherShardIsRefused() throws {
    let error = try error { folder in
      let url = URL(fileURLWithPath: folder.path(of: Self.index))
      let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
      let files = [Self.first, Self.second]
      for (old, new) in zip(files, files.reversed()) {
        let changed = text.replacingOccurrences(
          of: "\"\(Self.norm)\": \"\(old)\"", with: "\"\(Self.norm)\": \"\(new)\"")
        if changed != text { try folder.write(Self.index, changed) }
      }
    }
    #expect(
      error.contains("tensor 'model.norm.weight' is in this file, but according to the index it is in"),
      "\(error)")
  }

  @Test func aTensorInTwoShardsIsRefused() throws {
    let error = try error { folder in
      try FileManager.default.removeItem(atPath: folder.path(of: Self.second))
      try FileManager.default.copyItem(
        atPath: folder.path(of: Self.first), toPath: folder.path(of: Self.second))
    }
    #expect(error.contains("is in this file, but according to the index it is in"), "\(error)")
  }

  @Test func aTensorInNoShardIsRefused() throws {
    let error = try error { folder in
      let url = URL(fileURLWithPath: folder.path(of: Self.index))
      let text = String(decoding: try Data(contentsOf: url), as: UTF8.self)
      try folder.write(
        Self.index,
        text.replacingOccurrences(
          of: "\"weight_map\": {", with: "\"weight_map\": {\"extra\": \"\(Self.first)\", "))
    }
    #expect(error.contains("tensor 'extra' is not in this file, although the index says so"), "\(error)")
  }

  @Test(arguments: [Self.index, Self.first, Self.second, "config.json"]) func aFileThatIsCutIsRefused(
    name: String
  ) throws {
    for keptBytes in [0, 1, 7, 8, 100] {
      let error = try error { truncate($0.path(of: name), off_t(keptBytes)) }
      #expect(error.contains("FOLDER/\(name): is"), "\(keptBytes): \(error)")
    }
  }

  @Test(arguments: [
    ("config.json", "FOLDER/config.json: does not exist; a Hugging Face model needs it"),
    (Self.index, "FOLDER: is a folder without model.safetensors and model.safetensors.index.json"),
    (Self.second, "tensors are in 'model-00002-of-00002.safetensors', which is not in the folder; download"),
  ])
  func aMissingFileIsNamed(name: String, expected: String) throws {
    let error = try error { try FileManager.default.removeItem(atPath: $0.path(of: name)) }
    #expect(error.contains(expected), "\(error)")
  }

  @Test func nothingThatIsNotThereIsOpened() throws {
    #expect(throws: ModelFileError.self) { try HuggingFaceModel(path: "") }
    #expect(throws: ModelFileError.self) { try HuggingFaceModel(path: "/nonexistent") }
    #expect(throws: ModelFileError.self) { try HuggingFaceModel(path: "/dev/null") }
    #expect(throws: ModelFileError.self) { try HuggingFaceModel(path: "/nonexistent.json") }
  }

  /// Changes of one tensor in a model of one file.
  func error(
    of name: String, _ synthetic: SyntheticModel = SyntheticModel(storage: .packedAsFactor),
    _ change: (SyntheticModel.Tensor) -> SyntheticModel.Tensor?
  ) throws -> String {
    try error(synthetic, shards: 1) { folder in
      let tensors = try synthetic.tensors()
      #expect(tensors.contains { $0.name == name })
      let changed = tensors.compactMap { $0.name == name ? change($0) : $0 }
      try SyntheticModel.write(changed, to: folder.path(of: "model.safetensors"))
    }
  }

  static let up = "model.layers.0.mlp.up_proj.weight"

  @Test(arguments: [
    ("model.embed_tokens.weight", "tensor 'model.embed_tokens.weight' is missing; config.json describes"),
    (Self.norm, "is missing"), (Self.up, "is missing"),
    ("model.layers.1.self_attn.attn_sub_norm.weight", "is missing"),
    (
      "model.layers.0.mlp.up_proj.weight_scale",
      "up_proj.weight' has packed bytes, but there is no weight_scale"
    ),
  ])
  func aMissingTensorIsNamed(name: String, expected: String) throws {
    let error = try error(of: name) { _ in nil }
    #expect(error.contains(expected), "\(error)")
  }

  @Test(arguments: [
    (Self.up, [9, 24], "has shape [9, 24], but [10, 24] follows from config.json"),
    (Self.up, [10, 24, 1], "has shape [10, 24, 1], but [10, 24] follows"),
    (Self.up, [], "has shape [], but [10, 24] follows"),
    ("model.norm.weight", [23], "has shape [23], but [24] follows"),
    ("model.norm.weight", [1, 24], "has shape [1, 24], but [24] follows"),
    ("model.norm.weight", [0], "has shape [0], but [24] follows"),
    ("model.layers.0.mlp.up_proj.weight_scale", [2], "has shape [2] of F32, expected one F32, F16 or BF16"),
  ])
  func aTensorOfAnotherShapeIsRefused(name: String, shape: [Int], expected: String) throws {
    let error = try error(of: name) { tensor in
      let bytes = shape.reduce((tensor.type.bits ?? 0) / 8, *)
      return .init(name: name, type: tensor.type, shape: shape, bytes: [UInt8](repeating: 0, count: bytes))
    }
    #expect(error.contains(expected), "\(error)")
  }

  @Test(arguments: [0, -1, Float.nan, .infinity]) func aScaleThatIsNoneIsRefused(scale: Float) throws {
    for storage in [SyntheticModel.Storage.packedAsFactor, .packedAsDivisor] {
      let name = "model.layers.0.mlp.up_proj.weight_scale"
      let error = try error(of: name, SyntheticModel(storage: storage)) { tensor in
        .init(name: name, type: tensor.type, shape: [1], bytes: littleEndian([scale]))
      }
      #expect(error.contains("expected a positive scale") || error.contains("not finite"), "\(error)")
    }
  }

  @Test func elementsOfAnotherTypeAreRefused() throws {
    let error = try error(of: Self.norm) {
      .init(name: $0.name, type: .init(description: "I32"), shape: $0.shape, bytes: $0.bytes)
    }
    #expect(error.contains("tensor 'model.norm.weight' has elements of I32, expected F32, F16 or BF16"))
  }

  @Test(arguments: [
    "model.layers.0.self_attn.q_proj.bias", "model.layers.0.self_attn.q_norm.weight",
    "model.layers.2.input_layernorm.weight", "lm_head.bias",
  ])
  func aTensorWithoutAPlaceIsRefused(name: String) throws {
    let error = try error(of: Self.norm) { norm in
      .init(name: name, type: norm.type, shape: norm.shape, bytes: norm.bytes)
    }
    #expect(error.contains("tensor 'model.norm.weight' is missing"), "\(error)")
    let synthetic = SyntheticModel()
    let surplus = try self.error(synthetic, shards: 1) { folder in
      let extra = SyntheticModel.Tensor(name: name, type: .float32, shape: [1], bytes: [0, 0, 0, 0])
      try SyntheticModel.write(synthetic.tensors() + [extra], to: folder.path(of: "model.safetensors"))
    }
    #expect(surplus.contains("tensor '\(name)' has no place in the model that config.json describes"))
  }

  @Test func packedBytesWithoutAMeaningAreRefused() throws {
    let synthetic = SyntheticModel(storage: .packedAsFactor, changes: ["quantization_config": nil])
    let error = try error(synthetic) { _ in }
    #expect(error.contains("has packed bytes, but config.json has no quantization_config"), "\(error)")
  }

  /// A scale beside floats would have to be applied: such files are not known, so they are not guessed at.
  @Test func aScaleBesideFloatsIsRefused() throws {
    let synthetic = SyntheticModel()
    let error = try error(synthetic, shards: 1) { folder in
      let scale = SyntheticModel.Tensor(
        name: "model.layers.0.mlp.up_proj.weight_scale", type: .float32, shape: [1], bytes: [0, 0, 0, 0])
      try SyntheticModel.write(synthetic.tensors() + [scale], to: folder.path(of: "model.safetensors"))
    }
    #expect(error.contains("weight_scale' has no place in the model"), "\(error)")
  }

  @Test func valuesThatAreNotFiniteAreRefusedWhenRead() throws {
    let synthetic = SyntheticModel()
    let folder = try TemporaryFolder()
    try synthetic.write(to: folder)
    let tensors = try synthetic.tensors().map { tensor in
      SyntheticModel.Tensor(
        name: tensor.name, type: tensor.type, shape: tensor.shape,
        bytes: tensor.bytes.dropLast(4) + littleEndian([Float.nan]))
    }
    try SyntheticModel.write(tensors, to: folder.path(of: "model.safetensors"))
    let model = try HuggingFaceModel(path: folder.path)
    #expect(throws: ModelFileError.self) { try model.vector(.outputNorm) }
    #expect(throws: ModelFileError.self) { try model.linear(.gate, layer: 0) }
    do {
      _ = try model.rows(17..<19, of: .embedding)
      Issue.record("NaN was read")
    } catch {
      #expect(error.message == "has 1 values that are not finite, the first is nan at row 18, column 23")
    }
    #expect(try model.rows(0..<18, of: .embedding).count == 18 * 24)
  }
}
