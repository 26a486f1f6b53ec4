import Ternary

extension StoredTensor {
  /// The trits of a ternary tensor and their one scale.
  ///
  /// - Parameter layout: How i2_s data lie; other types ignore it.
  /// - Throws: ``ModelFileError`` if the type is not ternary, a code is no trit, the scale is not a finite number
  ///   from 0, or TQ blocks have different scales. The scale of a block of zeros does not matter.
  public func ternary(layout: I2SLayout = .x86) throws(ModelFileError) -> TernaryMatrix {
    let values = try trits(blocksCovering: 0..<rows * columns, layout: layout).values
    let scale = try tensorScale(of: values)
    do {
      return try TernaryMatrix(rows: rows, columns: columns, values: values, scale: scale)
    } catch {
      throw failure("is no ternary matrix: \(error)")
    }
  }

  /// The trits of whole blocks around a range of elements, and the element they begin with.
  func trits(
    blocksCovering elements: Range<Int>, layout: I2SLayout
  ) throws(ModelFileError) -> (values: [Int8], first: Int) {
    switch elementType {
    case .tq1_0: return try trits(elements, as: TQ1Block.self)
    case .tq2_0: return try trits(elements, as: TQ2Block.self)
    case .i2_s:
      guard rows * columns % layout.blockElements == 0 else {
        throw failure(
          "has \(rows)x\(columns) elements, no whole blocks of \(layout.blockElements) as the layout "
            + "\(layout.rawValue) demands")
      }
      return switch layout {
      case .x86: try trits(elements, as: I2SBlockX86.self)
      case .arm: try trits(elements, as: I2SBlockARM.self)
      }
    default: throw failure("has elements of \(elementType.name), expected TQ1_0, TQ2_0 or I2_S")
    }
  }

  @inline(__always)
  private func trits<Block: TernaryBlock>(
    _ elements: Range<Int>, as type: Block.Type
  ) throws(ModelFileError) -> (values: [Int8], first: Int) {
    let blocks =
      elements.lowerBound / Block.elements..<(elements.upperBound + Block.elements - 1) / Block.elements
    let count = blocks.count * Block.elements
    var areTrits = true
    let values = [Int8](unsafeUninitializedCapacity: count) { values, initialized in
      if let base = values.baseAddress { areTrits = Block.decode(blocks: blocks, of: bytes, into: base) }
      initialized = count
    }
    let first = blocks.lowerBound * Block.elements
    guard areTrits else {
      let index = first + (values.firstIndex(of: 2) ?? 0)
      throw failure("has code 3, which is no trit, at row \(index / columns), column \(index % columns)")
    }
    return (values, first)
  }

  /// The scale that all blocks share.
  private func tensorScale(of values: [Int8]) throws(ModelFileError) -> Float {
    switch elementType {
    case .tq1_0: try blockScale(of: values, as: TQ1Block.self)
    case .tq2_0: try blockScale(of: values, as: TQ2Block.self)
    default: i2sScale
    }
  }

  /// Of an i2_s tensor: right behind the codes. The rest of the tail is of no meaning.
  var i2sScale: Float {
    Float(
      bitPattern: UInt32(
        littleEndian: bytes.loadUnaligned(fromByteOffset: rows * columns / 4, as: UInt32.self)))
  }

  private func blockScale<Block: ScaledTernaryBlock>(
    of values: [Int8], as type: Block.Type
  ) throws(ModelFileError) -> Float {
    var shared: UInt16?
    for block in 0..<values.count / Block.elements {
      let bits = Block.scaleBits(ofBlock: block, in: bytes)
      if bits == shared { continue }
      let isZero = values[block * Block.elements..<(block + 1) * Block.elements].allSatisfy { $0 == 0 }
      if isZero { continue }
      guard let expected = shared else {
        shared = bits
        continue
      }
      throw failure(
        "has the scale \(FloatDecoding.float16(bits)) in block \(block) (row \(block * Block.elements / columns)), "
          + "but \(FloatDecoding.float16(expected)) before; a ternary matrix has one scale")
    }
    return FloatDecoding.float16(shared ?? 0)
  }

  /// An error of this tensor.
  func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: file, tensor: name, message: message)
  }
}
