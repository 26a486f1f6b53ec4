import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// From the packed bytes of Hugging Face to GGUF.
@Suite struct HuggingFaceConversionTests {
  /// Four out-features, a quarter of the matrix apart, to a byte: an encoder of its own.
  private func packed(_ matrix: TernaryMatrix) -> [UInt8] {
    let quarter = matrix.rows / 4
    return (0..<quarter * matrix.columns).map { index in
      (0..<4).reduce(0) { byte, part in
        let trit = matrix.values[(part * quarter) * matrix.columns + index]
        return byte | UInt8(trit + 1) << UInt8(2 * part)
      }
    }
  }

  private func write(_ model: InMemoryModel, to folder: ConversionFolder) throws {
    let architecture = model.architecture
    var (entries, data): ([String], [UInt8]) = ([], [])
    func add(_ name: String, _ type: String, _ shape: [Int], _ bytes: [UInt8]) {
      entries.append(
        #""\#(name)":{"dtype":"\#(type)","shape":\#(shape),"data_offsets":[\#(data.count),\#(data.count + bytes.count)]}"#
      )
      data += bytes
    }
    for role in architecture.tensorRoles {
      let name = HuggingFaceTensorNames.name(of: role, subNorms: .transformers)
      #expect(TensorRole(huggingFaceName: name) == role)
      switch role {
      case .linear(let linear, let layer):
        let matrix = try model.trits(linear, layer)
        add(name, "U8", [matrix.rows / 4, matrix.columns], packed(matrix))
        add(name + "_scale", "F32", [1], littleEndian([matrix.scale]))
      case .embedding, .head:
        let values = try model.rows(0..<architecture.vocabulary, of: role)
        add(name, "F32", [architecture.vocabulary, architecture.hiddenSize], littleEndian(values))
      case .norm, .outputNorm:
        let values = try model.vector(role)
        add(name, "F32", [values.count], littleEndian(values))
      }
    }
    let configuration = """
      {"architectures": ["\(architecture.name == "llama" ? "LlamaForCausalLM" : "BitNetForCausalLM")"],
       "hidden_size": 256, "intermediate_size": 512, "num_hidden_layers": 2, "num_attention_heads": 8,
       "num_key_value_heads": 2, "vocab_size": 37, "max_position_embeddings": 64, "rms_norm_eps": 1e-5,
       "rope_theta": 10000, "hidden_act": "\(architecture.activation.rawValue)", "_name_or_path": "small",
       "tie_word_embeddings": \(architecture.tiedEmbeddings),
       "quantization_config": {"quant_method": "bitnet", "linear_class": "autobitlinear"}}
      """
    try Data(configuration.utf8).write(to: URL(fileURLWithPath: folder("config.json")))
    // As usual, the data begin at a multiple of 8.
    var header = "{" + entries.joined(separator: ",") + "}"
    header += String(repeating: " ", count: (8 - header.utf8.count % 8) % 8)
    try Data(safetensors(header, data: data)).write(to: URL(fileURLWithPath: folder("model.safetensors")))
  }

  @Test(arguments: [false, true], [TensorElementType.i2_s, .tq2_0])
  func packedBytesBecomeGGUF(isLLaMA: Bool, type: TensorElementType) throws {
    let folder = try ConversionFolder()
    let original = try InMemoryModel(isLLaMA ? .convertibleLLaMA(isTernary: true) : .convertible(), seed: 11)
    try write(original, to: folder)
    let source = try HuggingFaceModel(path: folder.path)
    #expect(source.architecture == original.architecture)
    let result = try folder.converted(source, to: "out.gguf", linears: type)
    for (role, layer) in original.architecture.linears {
      let (before, after) = (try original.trits(role, layer), try result.trits(role, layer))
      #expect(after.scale == before.scale.rounded(to: type))
      let order = (0..<before.rows).map { row in
        isLLaMA && (role == .query || role == .key) ? original.architecture.sourceRow(ofNeighbour: row) : row
      }
      let expected = order.flatMap { before.values[$0 * before.columns..<($0 + 1) * before.columns] }
      #expect(after.values == expected, "\(role) of layer \(layer)")
    }
    #expect(try result.rows(3..<9, of: .embedding) == original.rows(3..<9, of: .embedding))
  }
}
