import CKernels

/// Instruction set extensions, as the kernels' descriptors name them.
public struct InstructionSet: OptionSet, Sendable, Hashable, CustomStringConvertible {
  /// A `BL_ISA_…` mask.
  public let rawValue: UInt32

  /// Wraps a `BL_ISA_…` mask.
  public init(rawValue: UInt32) { self.rawValue = rawValue }

  /// Portable C only.
  public static let scalar: InstructionSet = []
  /// AVX2 with FMA, F16C, BMI1 and BMI2.
  public static let avx2 = InstructionSet(rawValue: UInt32(BL_ISA_AVX2))
  /// AVX-512 F, BW, DQ, VL and CD.
  public static let avx512 = InstructionSet(rawValue: UInt32(BL_ISA_AVX512))
  /// AVX-512 VNNI: 8-bit dot products.
  public static let avx512VNNI = InstructionSet(rawValue: UInt32(BL_ISA_AVX512_VNNI))
  /// AVX-512 VBMI: byte permutes.
  public static let avx512VBMI = InstructionSet(rawValue: UInt32(BL_ISA_AVX512_VBMI))
  /// AVX-512 VPOPCNTDQ: population counts of lanes.
  public static let avx512VPOPCNTDQ = InstructionSet(rawValue: UInt32(BL_ISA_AVX512_VPOPCNTDQ))
  /// AVX-512 BF16: bfloat16 dot products.
  public static let avx512BF16 = InstructionSet(rawValue: UInt32(BL_ISA_AVX512_BF16))
  /// AMX on int8 tiles.
  public static let amxInt8 = InstructionSet(rawValue: UInt32(BL_ISA_AMX_INT8))
  /// AMX on bfloat16 tiles.
  public static let amxBF16 = InstructionSet(rawValue: UInt32(BL_ISA_AMX_BF16))
  /// Advanced SIMD of AArch64.
  public static let neon = InstructionSet(rawValue: UInt32(BL_ISA_NEON))
  /// NEON dot products of bytes.
  public static let neonDotProduct = InstructionSet(rawValue: UInt32(BL_ISA_NEON_DOTPROD))
  /// NEON matrix products of bytes.
  public static let neonI8MM = InstructionSet(rawValue: UInt32(BL_ISA_NEON_I8MM))

  /// What the running CPU and its operating system offer.
  public static let ofThisCPU = InstructionSet(rawValue: bl_cpu_isa())

  private static let names: [(InstructionSet, String)] = [
    (.avx2, "avx2"), (.avx512, "avx512"), (.avx512VNNI, "vnni"), (.avx512VBMI, "vbmi"),
    (.avx512VPOPCNTDQ, "vpopcntdq"), (.avx512BF16, "bf16"),
    (.amxInt8, "amx-int8"), (.amxBF16, "amx-bf16"),
    (.neon, "neon"), (.neonDotProduct, "dotprod"), (.neonI8MM, "i8mm"),
  ]

  /// The extensions by name, `scalar` when there are none.
  public var description: String {
    let present = Self.names.filter { contains($0.0) }.map(\.1)
    return present.isEmpty ? "scalar" : present.joined(separator: "+")
  }
}

/// A ceiling on the instruction sets in use, for `--isa` and `BITLAB_MAX_ISA`.
public enum InstructionSetLevel: String, CaseIterable, Sendable, Comparable {
  /// Portable C only.
  case scalar
  /// NEON with its extensions.
  case neon
  /// Up to AVX2.
  case avx2
  /// AVX-512 with all its extensions.
  case avx512
  /// AVX-512 and AMX.
  case amx

  /// Every extension that the level allows, present on this CPU or not.
  public var allowed: InstructionSet {
    switch self {
    case .scalar: .scalar
    case .neon: [.neon, .neonDotProduct, .neonI8MM]
    case .avx2: .avx2
    case .avx512: [.avx2, .avx512, .avx512VNNI, .avx512VBMI, .avx512VPOPCNTDQ, .avx512BF16]
    case .amx: Self.avx512.allowed.union([.amxInt8, .amxBF16])
    }
  }

  /// As its makers write it.
  public var title: String {
    switch self {
    case .scalar: "scalar"
    case .neon: "NEON"
    case .avx2: "AVX2"
    case .avx512: "AVX-512"
    case .amx: "AMX"
    }
  }

  /// The extension without which the level is no more than the one below.
  private var mark: InstructionSet {
    switch self {
    case .scalar: .scalar
    case .neon: .neon
    case .avx2: .avx2
    case .avx512: .avx512
    case .amx: .amxInt8
    }
  }

  /// The levels this CPU has, ascending.
  public static var available: [InstructionSetLevel] {
    allCases.filter { $0.mark.isSubset(of: .ofThisCPU) }
  }

  /// The highest level this CPU has.
  public static var ofThisCPU: InstructionSetLevel { available.last ?? .scalar }

  /// The lowest level that runs a kernel which needs `instructionSet`.
  public init(needing instructionSet: InstructionSet) {
    self = Self.allCases.first { instructionSet.isSubset(of: $0.allowed) } ?? .amx
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Lower levels come first.
  public static func < (left: InstructionSetLevel, right: InstructionSetLevel) -> Bool {
    left.rank < right.rank
  }
}
