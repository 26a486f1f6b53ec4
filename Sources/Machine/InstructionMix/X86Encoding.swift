/// The parts of an x86-64 instruction that say what it does, read from its first bytes (Intel SDM volume 2,
/// chapter 2). Its length is not found out: whoever single-steps knows where the next one is.
struct X86Encoding: Equatable {
  /// How the opcode is introduced.
  enum Form: Equatable {
    case legacy, vex, evex
  }

  var form = Form.legacy
  /// Which opcode table: 0 one byte, 1 after 0F, 2 after 0F 38, 3 after 0F 3A; others for EVEX.
  var map = 0
  /// The prefix that selects among instructions of one opcode: 0 none, 1 66, 2 F3, 3 F2.
  var prefix = 0
  var opcode: UInt8 = 0
  /// VEX.W, EVEX.W or REX.W.
  var isWide = false
  /// 128, 256 or 512 with VEX and EVEX, where the instruction uses vectors.
  var vectorBits = 128
  /// Operands; 0 where the opcode has none.
  var modRM: UInt8 = 0

  /// The extension of the opcode, or a register operand.
  var reg: Int { Int(modRM >> 3 & 7) }
  /// Whether the ModRM operand is in memory. Meaningful only for opcodes that have one.
  var hasMemoryOperand: Bool { modRM >> 6 != 3 }

  /// - Parameter byte: gives the byte at an offset from the first; asked only for bytes of this instruction, or, where
  ///   there are no operands, for one more.
  init(_ byte: (Int) -> UInt8) {
    var at = 0
    func next() -> UInt8 {
      defer { at += 1 }
      return byte(at)
    }
    var first = next()
    prefixes: while true {
      switch first {
      case 0x66: prefix = max(prefix, 1)
      case 0xF3: prefix = 2
      case 0xF2: prefix = 3
      case 0x2E, 0x36, 0x3E, 0x26, 0x64, 0x65, 0x67, 0xF0: break
      default: break prefixes
      }
      first = next()
    }
    switch first {
    case 0x62:
      form = .evex
      map = Int(next() & 7)
      let second = next()
      isWide = second & 0x80 != 0
      prefix = Int(second & 3)
      let third = next()
      let length = third >> 5 & 3
      opcode = next()
      modRM = next()
      // With registers only, the bit means rounding or no exceptions, and vectors are whole.
      let isRounding = third & 0x10 != 0 && modRM >> 6 == 3
      vectorBits = isRounding ? 512 : 128 << Int(min(length, 2))
    case 0xC4:
      form = .vex
      map = Int(next() & 31)
      let second = next()
      isWide = second & 0x80 != 0
      vectorBits = second & 4 != 0 ? 256 : 128
      prefix = Int(second & 3)
      opcode = next()
      modRM = opcode == 0x77 && map == 1 ? 0 : next()
    case 0xC5:
      form = .vex
      map = 1
      let second = next()
      vectorBits = second & 4 != 0 ? 256 : 128
      prefix = Int(second & 3)
      opcode = next()
      modRM = opcode == 0x77 ? 0 : next()
    default: readLegacy(first, next: next)
    }
  }

  private mutating func readLegacy(_ first: UInt8, next: () -> UInt8) {
    var code = first
    if code & 0xF0 == 0x40 {
      isWide = code & 8 != 0
      code = next()
    }
    if code == 0x0F {
      map = 1
      code = next()
      if code == 0x38 {
        map = 2
        code = next()
      } else if code == 0x3A {
        map = 3
        code = next()
      }
    }
    opcode = code
    modRM = Self.hasOperands(map: map, opcode: code) ? next() : 0xC0
  }

  /// Whether a ModRM byte follows a legacy opcode.
  private static func hasOperands(map: Int, opcode: UInt8) -> Bool {
    switch map {
    case 0:
      switch opcode {
      case 0x00...0x3F: opcode & 7 < 4
      case 0x63, 0x69, 0x6B, 0x80...0x8F, 0xC0, 0xC1, 0xC6, 0xC7, 0xD0...0xD3, 0xD8...0xDF, 0xF6, 0xF7, 0xFE,
        0xFF:
        true
      default: false
      }
    case 1:
      switch opcode {
      case 0x05...0x09, 0x0B, 0x30...0x37, 0x77, 0x80...0x8F, 0xA0...0xA2, 0xA8...0xAA, 0xC8...0xCF: false
      default: true
      }
    default: true
    }
  }
}
