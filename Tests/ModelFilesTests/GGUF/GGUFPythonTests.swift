import Foundation
import Ternary
import Testing

@testable import ModelFiles

/// Files of the reference implementation in Python, and ours read by it.
@Suite(.enabled(if: Python.imports("gguf, numpy"), "needs Python packages: pip install gguf numpy"))
struct GGUFPythonTests {
  /// Every type that it can quantise to, blocks of random bytes for Q6_K, and all kinds of values.
  @Test func aFileOfTheReferenceImplementationIsReadAlike() throws {
    let temporary = TemporaryPath()
    let printed = try #require(
      Python.run(
        """
        import gguf, numpy, sys, zlib
        generator = numpy.random.default_rng(7)
        writer = gguf.GGUFWriter(sys.argv[1], "bitnet-b1.58")
        writer.add_custom_alignment(64)
        writer.add_uint8("u8", 200); writer.add_int8("i8", -100); writer.add_uint16("u16", 60000)
        writer.add_int16("i16", -30000); writer.add_uint32("u32", 4000000000); writer.add_int32("i32", -2000000000)
        writer.add_float32("f32", -0.1); writer.add_bool("bool", True); writer.add_string("string", "žluť\\n")
        writer.add_uint64("u64", 2**64 - 1); writer.add_int64("i64", -2**63); writer.add_float64("f64", 1e300)
        writer.add_array("strings", ["a", "", "longer than what fits in place"])
        writer.add_array("i32s", [-1, 2147483647]); writer.add_array("f32s", [1.5, -2.0])
        writer.add_array("bools", [True, False, True])
        weights = generator.standard_normal((6, 512)).astype(numpy.float32)
        weights[2, :256] = 0
        trits = generator.integers(-1, 2, (6, 512)).astype(numpy.float32) * 0.375
        expected = {}
        for name in ["F32", "F16", "BF16", "Q8_0", "Q4_0", "TQ1_0", "TQ2_0", "Q6_K"]:
          kind = gguf.GGMLQuantizationType[name]
          if name == "Q6_K":
            data = generator.integers(0, 256, (6, 2 * 210), dtype=numpy.uint8)
            data.reshape(-1, 210)[:, 209] &= 0xBB  # finite scales
          else:
            data = gguf.quants.quantize(trits if name[0] == "T" else weights, kind)
          raw = None if name in ("F32", "F16") else kind
          writer.add_tensor(name, data, raw_dtype=raw)
          expected[name] = gguf.quants.dequantize(data, kind)
        writer.add_tensor("blocks", gguf.quants.quantize(weights, gguf.GGMLQuantizationType.TQ1_0),
                          raw_dtype=gguf.GGMLQuantizationType.TQ1_0)
        expected["blocks"] = gguf.quants.dequantize(
          gguf.quants.quantize(weights, gguf.GGMLQuantizationType.TQ1_0), gguf.GGMLQuantizationType.TQ1_0)
        writer.write_header_to_file(); writer.write_kv_data_to_file(); writer.write_tensors_to_file(); writer.close()
        for name, values in expected.items():
          print(name, *values.astype(numpy.float32).view(numpy.uint32).flatten())
        """, arguments: [temporary.path]))
    let file = try GGUFFile(path: temporary.path)
    #expect(file.alignment == 64)
    #expect(try file.requiredValue(of: "general.architecture", as: String.self) == "bitnet-b1.58")
    let ours = Dictionary(uniqueKeysWithValues: GGUFWriterTests.metadata.map { ($0.key, $0.value) })
    for key in ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "bool", "string", "u64", "i64", "f64"] {
      #expect(file[key] == ours[key], "\(key)")
    }
    for key in ["strings", "i32s", "f32s", "bools"] { #expect(file[key] == ours[key], "\(key)") }
    let lines = printed.split(separator: "\n")
    #expect(lines.count == 9)
    for line in lines {
      let words = line.split(separator: " ")
      let name = String(words[0])
      let tensor = try file.storedTensor(named: name)
      #expect((tensor.rows, tensor.columns) == (6, 512))
      let expected = words.dropFirst().compactMap { UInt32($0).map(Float.init(bitPattern:)) }
      #expect(try tensor.floats(rows: 0..<6) == expected, "\(name)")
      #expect(try tensor.floats(rows: 3..<5) == Array(expected[1536..<2560]), "\(name)")
      if name.hasPrefix("TQ") {
        let matrix = try tensor.ternary()
        #expect(matrix.scale == 0.375)
        #expect(matrix.values.map { Float($0) * 0.375 } == expected, "\(name)")
      }
    }
    #expect(throws: ModelFileError.self) { try file.storedTensor(named: "blocks").ternary() }
  }

  /// The reference's own writer searches for better scales, so bytes differ; what they mean must not.
  @Test(arguments: [1, 1e-3, 0] as [Float], UInt64(1)...3)
  func ourBlocksOfSixBitsMeanTheSameThere(size: Float, seed: UInt64) throws {
    let temporary = TemporaryPath()
    var generator = SeededGenerator(seed: seed)
    let floats = (0..<4 * 512).map { index in
      // Groups of very different sizes share a block.
      Float.random(in: -3...3, using: &generator) * size * (index / 16 % 3 == 0 ? 0.05 : 1)
    }
    let plan = GGUFTensorPlan(name: "six", dimensions: [512, 4], elementType: .q6_K)
    let writer = try GGUFWriter(path: temporary.path, metadata: GGUFWriterTests.metadata, tensors: [plan])
    try writer.append(floats, to: "six")
    try writer.finish()
    let printed = try #require(
      Python.run(
        """
        import gguf, numpy, sys
        tensor = gguf.GGUFReader(sys.argv[1]).tensors[0]
        print(*gguf.quants.dequantize(tensor.data, tensor.tensor_type).astype(numpy.float32).view(numpy.uint32).flatten())
        """, arguments: [temporary.path]))
    let theirs = printed.split { $0 == " " || $0 == "\n" }.compactMap {
      UInt32($0).map(Float.init(bitPattern:))
    }
    let ours = try GGUFFile(path: temporary.path).storedTensor(named: "six").floats(rows: 0..<4)
    #expect(ours == theirs, "seed \(seed)")
    for block in stride(from: 0, to: floats.count, by: 256) {
      let largest = floats[block..<block + 256].reduce(0) { max($0, $1.magnitude) }
      for group in stride(from: block, to: block + 256, by: 16) {
        // Half a step of the group's codes and half a step of the scales times the largest code; and the block's scale,
        // which may be among the smallest halves.
        let own = floats[group..<group + 16].reduce(0) { max($0, $1.magnitude) }
        let ofHalf = largest == 0 ? 0 : own * 0x1p-25 * 4096 / largest
        let bound = own / 31 * 0.75 + largest / 128 + ofHalf
        for index in group..<group + 16 {
          #expect(abs(ours[index] - floats[index]) <= bound, "element \(index), seed \(seed)")
        }
      }
    }
  }

  @Test func ourFilesAreReadAlikeByTheReferenceImplementation() throws {
    let temporary = TemporaryPath()
    var generator = SeededGenerator(seed: 9)
    let floats = (0..<6 * 512).map { _ in Float.random(in: -3...3, using: &generator) }
    let halves: [Float] = [
      0, -0.0, 1, 65_504, 0x1p-24, 0x1p-25, 0x1.8p-25, 0x1.ffcp-15, 0x1.fffp-15, 1 + 0x1p-11, 1 + 0x1.8p-10,
      -0x1p-14,
      0x1p-126, 0x1p-148, 65_503, 2048.5,
    ]
    let matrix = try randomTernary(rows: 6, columns: 512, scale: 0.375, seed: 10)
    let types: [TensorElementType] = [.float32, .float16, .bfloat16, .q8_0, .q4_0, .tq1_0, .tq2_0]
    var plans = types.map { GGUFTensorPlan(name: $0.name, dimensions: [512, 6], elementType: $0) }
    plans += [.float16, .bfloat16].map {
      GGUFTensorPlan(name: "edges " + $0.name, dimensions: [halves.count], elementType: $0)
    }
    let writer = try GGUFWriter(
      path: temporary.path, metadata: GGUFWriterTests.metadata, tensors: plans, alignment: 64)
    for type in types {
      if type.isTernary {
        try writer.append(matrix, to: type.name)
      } else {
        try writer.append(floats, to: type.name)
      }
    }
    for type in [TensorElementType.float16, .bfloat16] { try writer.append(halves, to: "edges " + type.name) }
    try writer.finish()
    let bits = TemporaryPath()
    let all = floats + matrix.values.map { Float($0) * 0.375 } + halves
    try Data(littleEndian(all)).write(to: URL(fileURLWithPath: bits.path))
    // Their quantisers must make the same bytes of the same floats.
    let printed = try #require(
      Python.run(
        """
        import gguf, numpy, sys
        reader = gguf.GGUFReader(sys.argv[1])
        values = numpy.fromfile(sys.argv[2], dtype=numpy.float32)
        floats, trits, edges = values[:3072].reshape(6, 512), values[3072:6144].reshape(6, 512), values[6144:]
        for tensor in reader.tensors:
          source = edges if tensor.name[0] == "e" else trits if tensor.name[0] == "T" else floats
          data = gguf.quants.quantize(source, tensor.tensor_type)
          alike = numpy.array_equal(numpy.ascontiguousarray(data).view(numpy.uint8).flatten(),
                                    numpy.ascontiguousarray(tensor.data).view(numpy.uint8).flatten())
          print(tensor.name, tensor.tensor_type.name, list(map(int, tensor.shape)), alike, tensor.data_offset % 64)
        for field in reader.fields.values():
          if not field.name.startswith("GGUF."):
            print(field.name, "/".join(t.name for t in field.types), repr(field.contents()))
        """, arguments: [temporary.path, bits.path]))
    let expected = """
      F32 F32 [512, 6] True 0
      F16 F16 [512, 6] True 0
      BF16 BF16 [512, 6] True 0
      Q8_0 Q8_0 [512, 6] True 0
      Q4_0 Q4_0 [512, 6] True 0
      TQ1_0 TQ1_0 [512, 6] True 0
      TQ2_0 TQ2_0 [512, 6] True 0
      edges F16 F16 [16] True 0
      edges BF16 BF16 [16] True 0
      u8 UINT8 200
      i8 INT8 -100
      u16 UINT16 60000
      i16 INT16 -30000
      u32 UINT32 4000000000
      i32 INT32 -2000000000
      f32 FLOAT32 -0.10000000149011612
      bool BOOL True
      string STRING 'žluť\\n'
      u64 UINT64 18446744073709551615
      i64 INT64 -9223372036854775808
      f64 FLOAT64 1e+300
      empty STRING ''
      u8s ARRAY/UINT8 [1, 255]
      i8s ARRAY/INT8 [-1, 127]
      u16s ARRAY/UINT16 [1, 65535]
      i16s ARRAY/INT16 [-1, 32767]
      u32s ARRAY/UINT32 [1, 4294967295]
      i32s ARRAY/INT32 [-1, 2147483647]
      f32s ARRAY/FLOAT32 [1.5, -2.0]
      bools ARRAY/BOOL [True, False, True]
      strings ARRAY/STRING ['a', '', 'longer than what fits in place']
      u64s ARRAY/UINT64 [18446744073709551615]
      i64s ARRAY/INT64 [-9223372036854775808]
      f64s ARRAY/FLOAT64 [0.1]
      none ARRAY []
      general.alignment UINT32 64

      """
    #expect(printed == expected)
  }
}
