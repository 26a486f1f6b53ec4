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

  /// What the running CPU and its operating system offer.
  public static let ofThisCPU = InstructionSet(rawValue: bl_cpu_isa())

  private static let names: [(InstructionSet, String)] = [
    (.avx2, "avx2"), (.avx512, "avx512"), (.avx512VNNI, "vnni"), (.avx512VBMI, "vbmi"),
    (.avx512VPOPCNTDQ, "vpopcntdq"), (.avx512BF16, "bf16"),
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
  /// Up to AVX2.
  case avx2
  /// AVX-512 with all its extensions.
  case avx512

  /// Every extension that the level allows, present on this CPU or not.
  public var allowed: InstructionSet {
    switch self {
    case .scalar: .scalar
    case .avx2: .avx2
    case .avx512: InstructionSet(rawValue: .max)
    }
  }

  /// The highest level this CPU has.
  public static var ofThisCPU: InstructionSetLevel {
    let present = InstructionSet.ofThisCPU
    if present.contains(.avx512) { return .avx512 }
    return present.contains(.avx2) ? .avx2 : .scalar
  }

  /// The lowest level that runs a kernel which needs `instructionSet`.
  public init(needing instructionSet: InstructionSet) {
    self = Self.allCases.first { instructionSet.isSubset(of: $0.allowed) } ?? .avx512
  }

  private var rank: Int { Self.allCases.firstIndex(of: self) ?? 0 }

  /// Lower levels come first.
  public static func < (left: InstructionSetLevel, right: InstructionSetLevel) -> Bool {
    left.rank < right.rank
  }
}
