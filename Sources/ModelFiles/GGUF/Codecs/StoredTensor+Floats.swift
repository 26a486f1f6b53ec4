extension StoredTensor {
  /// Some rows as floats, `rows.count * columns` of them, widened exactly or multiplied by their scale.
  ///
  /// - Parameters:
  ///   - wanted: Which rows; all must exist.
  ///   - layout: How i2_s data lie; other types ignore it.
  /// - Throws: ``ModelFileError`` if there are no such rows, or values are not finite or no trits.
  public func floats(
    rows wanted: Range<Int>, layout: I2SLayout = .x86
  ) throws(ModelFileError) -> [Float] {
    guard wanted.lowerBound >= 0, wanted.upperBound <= rows else {
      throw failure("has \(rows) rows, but rows \(wanted.lowerBound)..<\(wanted.upperBound) are asked for")
    }
    let elements = wanted.lowerBound * columns..<wanted.upperBound * columns
    let values =
      elementType.isTernary
      ? try ternaryFloats(elements, layout: layout)
      : denseFloats(UnsafeRawBufferPointer(rebasing: bytes[byteRange(ofRows: wanted)]))
    guard FloatDecoding.areFinite(values) else {
      let index = values.firstIndex { !$0.isFinite } ?? 0
      throw failure(
        "has the value \(values[index]), which is not finite, at row \(wanted.lowerBound + index / columns), "
          + "column \(index % columns)")
    }
    return values
  }

  private func byteRange(ofRows wanted: Range<Int>) -> Range<Int> {
    wanted.lowerBound * rowBytes..<wanted.upperBound * rowBytes
  }

  /// Whole rows of a type that is not ternary.
  private func denseFloats(_ bytes: UnsafeRawBufferPointer) -> [Float] {
    switch elementType {
    case .float16: FloatDecoding.decode(bytes, as: .float16)
    case .bfloat16: FloatDecoding.decode(bytes, as: .bfloat16)
    case .q4_0: FloatBlocks.decode(bytes, as: Q4Block.self)
    case .q8_0: FloatBlocks.decode(bytes, as: Q8Block.self)
    case .q6_K: FloatBlocks.decode(bytes, as: Q6Block.self)
    case .float32, .tq1_0, .tq2_0, .i2_s: FloatDecoding.decode(bytes, as: .float32)
    }
  }

  private func ternaryFloats(_ elements: Range<Int>, layout: I2SLayout) throws(ModelFileError) -> [Float] {
    let (trits, first) = try trits(blocksCovering: elements, layout: layout)
    let wanted = elements.lowerBound - first..<elements.upperBound - first
    switch elementType {
    case .tq1_0: return scaled(trits, wanted, first: first, as: TQ1Block.self)
    case .tq2_0: return scaled(trits, wanted, first: first, as: TQ2Block.self)
    default:
      let scale = i2sScale
      return scaled(trits, wanted, blockElements: wanted.count) { _ in scale }
    }
  }

  private func scaled<Block: ScaledTernaryBlock>(
    _ trits: [Int8], _ wanted: Range<Int>, first: Int, as type: Block.Type
  ) -> [Float] {
    // Rows are whole blocks, so wanted elements are too.
    let firstBlock = (first + wanted.lowerBound) / Block.elements
    return scaled(trits, wanted, blockElements: Block.elements) { block in
      FloatDecoding.float16(Block.scaleBits(ofBlock: firstBlock + block, in: bytes))
    }
  }

  /// `wanted` is whole blocks, counted from its beginning.
  @inline(__always)
  private func scaled(
    _ trits: [Int8], _ wanted: Range<Int>, blockElements: Int, scale: (Int) -> Float
  ) -> [Float] {
    guard !wanted.isEmpty else { return [] }
    return [Float](unsafeUninitializedCapacity: wanted.count) { values, initialized in
      trits.withUnsafeBufferPointer { trits in
        for block in 0..<wanted.count / blockElements {
          let (start, scale) = (block * blockElements, scale(block))
          for index in start..<start + blockElements {
            values[index] = Float(trits[wanted.lowerBound + index]) * scale
          }
        }
      }
      initialized = wanted.count
    }
  }
}
