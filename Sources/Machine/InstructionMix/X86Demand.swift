/// Which units an x86-64 instruction needs. Classes follow the port assignments of uops.info that server and
/// client cores of the last years have in common; where cores differ, the class is the cheaper one, so that a bound
/// made of these counts stays a bound.
extension InstructionDemand {
  init(_ encoding: X86Encoding) {
    if encoding.form == .legacy, encoding.map == 0 {
      self.init(oneByteOpcode: encoding)
    } else if encoding.form == .legacy, encoding.map == 1, Self.isScalar(encoding) {
      self.init(scalarTwoByteOpcode: encoding)
    } else {
      self.init(vectorOpcode: encoding)
    }
  }

  // MARK: - Scalar

  /// Opcodes without 0F.
  private init(oneByteOpcode encoding: X86Encoding) {
    let opcode = encoding.opcode
    let inMemory = encoding.hasMemoryOperand
    switch opcode {
    case 0x38, 0x39, 0x84, 0x85: if inMemory { loads = 1 }  // compare, test
    case 0x00...0x3F where opcode & 7 < 2, 0x86, 0x87, 0xC0, 0xC1, 0xD0...0xD3, 0xFE:
      if inMemory { (loads, stores) = (1, 1) }
    case 0x00...0x3F where opcode & 7 < 4, 0x63, 0x69, 0x6B, 0x8A, 0x8B: if inMemory { loads = 1 }
    case 0x80, 0x81, 0x83:
      if inMemory { (loads, stores) = (1, encoding.reg == 7 ? 0 : 1) }
    case 0xF6, 0xF7:
      if inMemory { (loads, stores) = (1, encoding.reg == 2 || encoding.reg == 3 ? 1 : 0) }
    case 0xFF:
      if inMemory { loads = 1 }
      if encoding.reg < 2 ? inMemory : encoding.reg == 2 || encoding.reg == 6 { stores = 1 }
    case 0x88, 0x89, 0xC6, 0xC7: if inMemory { stores = 1 }
    case 0x50...0x57, 0x68, 0x6A, 0xE8, 0xAA, 0xAB, 0x9C: stores = 1  // push, call, store string
    case 0x58...0x5F, 0xC2, 0xC3, 0xC9, 0xAC, 0xAD, 0x9D: loads = 1  // pop, return, leave, load string
    case 0xA4, 0xA5: (loads, stores) = (1, 1)
    default: break
    }
  }

  /// Opcodes after 0F that have nothing to do with vectors.
  private static func isScalar(_ encoding: X86Encoding) -> Bool {
    switch encoding.opcode {
    case 0x00...0x0F, 0x18...0x1F, 0x30...0x3F, 0x40...0x4F, 0x77, 0x80...0xC1, 0xC3, 0xC7...0xCF: true
    default: false
    }
  }

  private init(scalarTwoByteOpcode encoding: X86Encoding) {
    guard encoding.hasMemoryOperand else { return }
    switch encoding.opcode {
    case 0x0D, 0x18: loads = 1  // prefetch
    case 0x40...0x4F, 0xA3, 0xAF, 0xB6...0xB8, 0xBC...0xBF: loads = 1
    case 0x90...0x9F, 0xC3: stores = 1
    case 0xAB, 0xB0...0xB3, 0xBB, 0xC0, 0xC1, 0xC7: (loads, stores) = (1, 1)
    default: break
    }
  }

  // MARK: - Vectors

  private init(vectorOpcode encoding: X86Encoding) {
    vectorBits = encoding.vectorBits
    let inMemory = encoding.hasMemoryOperand
    switch VectorOperation(encoding) {
    case .scalar:
      vectorBits = 0
      if inMemory { loads = 1 }
    case .nothing: vectorBits = 0
    case .load:
      if inMemory { loads = 1 }
    case .store:
      if inMemory { stores = 1 }
    case .maskMove:
      vectorBits = 0
      if encoding.opcode == 0x91 {
        stores = 1
      } else if inMemory {
        loads = 1
      } else {
        computes = .mask
      }
    case .mask:
      vectorBits = 0
      computes = .mask
    case .broadcast:
      if inMemory { loads = 1 } else { computes = .shuffle }
    case .insertion:
      computes = inMemory ? .vector : .shuffle
      if inMemory { loads = 1 }
    case .extraction:
      if inMemory { stores = 1 } else { computes = .shuffle }
    case .conversion:
      computes = .multiply
      alsoShuffles = !inMemory
      if inMemory { loads = 1 }
    case .narrowing(let computes):
      self.computes = computes
      if inMemory { stores = 1 }
    case .gather: loads = encoding.vectorBits / (encoding.isWide ? 64 : 32)
    case .scatter: stores = encoding.vectorBits / (encoding.isWide ? 64 : 32)
    case .computation(let computes):
      self.computes = computes
      if inMemory { loads = 1 }
    }
  }
}

/// What a vector or mask opcode does with its memory operand, and what it computes.
private enum VectorOperation {
  case nothing, scalar, load, store, maskMove, mask, broadcast, insertion, extraction, conversion, gather,
    scatter
  /// Writes the ModRM operand.
  case narrowing(InstructionClass)
  /// Reads the ModRM operand.
  case computation(InstructionClass)

  init(_ encoding: X86Encoding) {
    switch encoding.map {
    case 1: self = Self.after0F(encoding)
    case 2: self = Self.after0F38(encoding)
    case 3: self = Self.after0F3A(encoding)
    default: self = .computation(.multiply)  // FP16 arithmetic
    }
  }

  private static func after0F(_ encoding: X86Encoding) -> VectorOperation {
    let isVEX = encoding.form == .vex
    let isEVEX = encoding.form == .evex
    switch encoding.opcode {
    case 0x77, 0xAE: return .nothing  // vzeroupper, control register
    case 0x41, 0x42, 0x44...0x47, 0x4A, 0x4B, 0x98, 0x99: return isVEX ? .mask : .scalar
    case 0x90...0x93: return isVEX ? .maskMove : .scalar
    case 0x11, 0x29, 0x2B, 0x7F, 0xE7, 0x13, 0x17, 0xD6: return .store
    case 0x10, 0x28, 0x6F, 0xF0: return .load
    case 0x7E: return encoding.prefix == 2 ? .load : .store
    case 0x6E: return .broadcast  // from a general register
    case 0x12, 0x16: return encoding.prefix >= 2 ? .broadcast : .insertion
    case 0x14, 0x15, 0xC6, 0x70, 0x60...0x63, 0x67...0x6D, 0xC4, 0xC5, 0xF6: return .computation(.shuffle)
    case 0x64...0x66, 0x74...0x76, 0xC2: return .computation(isEVEX ? .compare : .vector)
    case 0x73 where encoding.reg == 3 || encoding.reg == 7: return .computation(.shuffle)  // whole bytes
    case 0x71...0x73, 0xD1...0xD3, 0xE1, 0xE2, 0xF1...0xF3: return .computation(.shift)
    case 0xD5, 0xE4, 0xE5, 0xF4, 0xF5, 0x58, 0x59, 0x5C...0x5F, 0x51, 0x5B, 0x7C, 0x7D, 0xD0:
      return .computation(.multiply)
    case 0x5A, 0xE6, 0x2A, 0x2C, 0x2D, 0x78...0x7B: return .conversion
    default: return .computation(.vector)
    }
  }

  private static func after0F38(_ encoding: X86Encoding) -> VectorOperation {
    let isEVEX = encoding.form == .evex
    let isVector = encoding.prefix == 1
    if isEVEX, encoding.prefix == 2 {
      switch encoding.opcode {
      case 0x28, 0x29, 0x2A, 0x38, 0x39, 0x3A: return .computation(.compare)  // between masks and vectors
      case 0x10...0x15, 0x20...0x25, 0x30...0x35: return .narrowing(.shuffle)
      case 0x26, 0x27: return .computation(.compare)
      default: break
      }
    }
    switch encoding.opcode {
    case 0xF0...0xF7: return .scalar  // bit manipulation, CRC
    case 0x49, 0x4B, 0x5C, 0x5E: return encoding.form == .vex ? .nothing : .computation(.vector)  // tiles
    case 0x2C, 0x2D: return isEVEX ? .computation(.multiply) : .load  // scale by powers of two; masked load
    case 0x2E, 0x2F, 0x8E: return .store
    case 0x8C: return .load
    case 0x10...0x12, 0x14, 0x15, 0x45...0x47, 0x70...0x73: return .computation(isVector ? .shift : .multiply)
    case 0x13: return .conversion
    case 0x04, 0x0B, 0x28, 0x40, 0x50...0x53, 0x96...0x9F, 0xA6...0xAF, 0xB4...0xBF, 0x4C...0x4F:
      return .computation(.multiply)
    case 0x00...0x03, 0x05...0x07, 0x16, 0x20...0x25, 0x2B, 0x30...0x36, 0x62, 0x63, 0x76, 0x77, 0x7E, 0x7F,
      0x83,
      0x88...0x8B, 0x8D:
      return .computation(.shuffle)
    case 0x18...0x1B, 0x58...0x5B: return .broadcast
    case 0x78, 0x79, 0x7A...0x7C: return .computation(.shuffle)
    case 0x75, 0x7D: return .computation(.twoTables)
    case 0x26, 0x27, 0x54, 0x55, 0x8F: return .computation(isEVEX ? .compare : .vector)
    case 0x29, 0x37: return .computation(isEVEX ? .compare : .vector)
    case 0x2A: return .load
    case 0x90...0x93: return .gather
    case 0xA0...0xA3: return .scatter
    default: return .computation(.vector)
    }
  }

  private static func after0F3A(_ encoding: X86Encoding) -> VectorOperation {
    switch encoding.opcode {
    case 0xF0: return .scalar  // rorx
    case 0x30...0x33: return .mask
    case 0x1E, 0x1F, 0x3E, 0x3F, 0x66, 0x67: return .computation(.compare)
    case 0x14...0x17, 0x19, 0x1B, 0x39, 0x3B: return .extraction
    case 0x18, 0x1A, 0x20...0x22, 0x38, 0x3A: return .insertion
    case 0x1D: return .narrowing(.multiply)
    case 0x00, 0x01, 0x03...0x06, 0x0F, 0x23, 0x43, 0x44, 0x46, 0x42: return .computation(.shuffle)
    case 0x70...0x73: return .computation(.shift)
    case 0x08...0x0B, 0x26, 0x27, 0x50, 0x51, 0x56, 0x57: return .computation(.multiply)
    default: return .computation(.vector)
    }
  }
}
