/// A block of quantised floats (ggml-org/llama.cpp, ggml/src/ggml-quants.c).
protocol FloatBlock {
  /// Floats of a block.
  static var elements: Int { get }
  /// Bytes of a block.
  static var bytes: Int { get }
  /// Writes `elements` floats.
  static func decode(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>)
}

/// Blocks one after another.
enum FloatBlocks {
  /// `bytes` are whole blocks.
  static func decode<Block: FloatBlock>(_ bytes: UnsafeRawBufferPointer, as type: Block.Type) -> [Float] {
    let blocks = bytes.count / Block.bytes
    let count = blocks * Block.elements
    return [Float](unsafeUninitializedCapacity: count) { values, initialized in
      if let source = bytes.baseAddress, let target = values.baseAddress {
        for block in 0..<blocks {
          Block.decode(source + block * Block.bytes, into: target + block * Block.elements)
        }
      }
      initialized = count
    }
  }

  /// The binary16 number at an offset.
  @inline(__always)
  static func half(_ block: UnsafeRawPointer, at offset: Int) -> Float {
    FloatDecoding.float16(UInt16(littleEndian: block.loadUnaligned(fromByteOffset: offset, as: UInt16.self)))
  }
}

/// Q8_0: a scale, then 32 signed bytes.
enum Q8Block: FloatBlock {
  static let elements = 32
  static let bytes = 34

  @inline(__always)
  static func decode(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = FloatBlocks.half(block, at: 0)
    let codes = (block + 2).assumingMemoryBound(to: Int8.self)
    for index in 0..<32 { values[index] = Float(codes[index]) * scale }
  }
}

/// Q4_0: a scale, then 16 bytes, the first 16 floats in the low halves; 8 means 0.
enum Q4Block: FloatBlock {
  static let elements = 32
  static let bytes = 18

  @inline(__always)
  static func decode(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = FloatBlocks.half(block, at: 0)
    let codes = (block + 2).assumingMemoryBound(to: UInt8.self)
    for index in 0..<16 {
      values[index] = Float(Int32(codes[index] & 15) - 8) * scale
      values[16 + index] = Float(Int32(codes[index] &>> 4) - 8) * scale
    }
  }
}

/// Q6_K: 128 bytes of low halves, 64 bytes of two high bits, 16 signed scales of 16 floats each, the block's scale;
/// 32 means 0.
enum Q6Block: FloatBlock {
  static let elements = 256
  static let bytes = 210

  @inline(__always)
  static func decode(_ block: UnsafeRawPointer, into values: UnsafeMutablePointer<Float>) {
    let scale = FloatBlocks.half(block, at: 208)
    let groupScales = (block + 192).assumingMemoryBound(to: Int8.self)
    for half in 0..<2 {
      let low = (block + half * 64).assumingMemoryBound(to: UInt8.self)
      let high = (block + 128 + half * 32).assumingMemoryBound(to: UInt8.self)
      for quarter in 0..<4 {
        // Quarters 0 and 2 share low bytes 0 to 31, 1 and 3 the next 32.
        let lowStart = quarter % 2 * 32
        let lowShift = UInt8(quarter / 2 * 4)
        let highShift = UInt8(quarter * 2)
        for group in 0..<2 {
          let groupScale = scale * Float(groupScales[half * 8 + quarter * 2 + group])
          let target = values + half * 128 + quarter * 32 + group * 16
          for index in 0..<16 {
            let lowBits = (low[lowStart + group * 16 + index] &>> lowShift) & 15
            let highBits = (high[group * 16 + index] &>> highShift) & 3
            target[index] = Float(Int32(lowBits | highBits &<< 4) - 32) * groupScale
          }
        }
      }
    }
  }
}
