import CKernels

/// Names of the extensions in a `BL_ISA_…` mask.
enum InstructionSetNames {
  private static let all: [(mask: Int, name: String)] = [
    (BL_ISA_AVX2, "AVX2"), (BL_ISA_AVX512, "AVX-512"), (BL_ISA_AVX512_VNNI, "AVX-512 VNNI"),
    (BL_ISA_AVX512_VBMI, "AVX-512 VBMI"), (BL_ISA_AVX512_VPOPCNTDQ, "AVX-512 VPOPCNTDQ"),
    (BL_ISA_AVX512_BF16, "AVX-512 BF16"), (BL_ISA_AMX_INT8, "AMX INT8"), (BL_ISA_AMX_BF16, "AMX BF16"),
    (BL_ISA_NEON, "NEON"), (BL_ISA_NEON_DOTPROD, "NEON dot product"), (BL_ISA_NEON_I8MM, "NEON I8MM"),
  ]

  /// Those in the mask.
  static func names(_ isa: UInt32) -> [String] { all.filter { isa & UInt32($0.mask) != 0 }.map(\.name) }

  /// Those of this architecture that are not in the mask.
  static func missing(_ isa: UInt32) -> [String] {
    #if arch(x86_64)
      let here = BL_ISA_AVX2..<BL_ISA_NEON
    #elseif arch(arm64)
      let here = BL_ISA_NEON..<(BL_ISA_NEON_I8MM + 1)
    #else
      let here = 0..<0
    #endif
    return all.filter { here.contains($0.mask) && isa & UInt32($0.mask) == 0 }.map(\.name)
  }
}
