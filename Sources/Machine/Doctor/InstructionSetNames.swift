import CKernels

/// Names of the extensions in a `BL_ISA_…` mask.
enum InstructionSetNames {
  private static let all: [(mask: Int, name: String)] = [
    (BL_ISA_AVX2, "AVX2"), (BL_ISA_AVX512, "AVX-512"), (BL_ISA_AVX512_VNNI, "AVX-512 VNNI"),
    (BL_ISA_AVX512_VBMI, "AVX-512 VBMI"), (BL_ISA_AVX512_VPOPCNTDQ, "AVX-512 VPOPCNTDQ"),
    (BL_ISA_AVX512_BF16, "AVX-512 BF16"),
  ]

  /// Those in the mask.
  static func names(_ isa: UInt32) -> [String] { all.filter { isa & UInt32($0.mask) != 0 }.map(\.name) }

  /// Those of this architecture that are not in the mask.
  static func missing(_ isa: UInt32) -> [String] {
    #if arch(x86_64)
      all.filter { isa & UInt32($0.mask) == 0 }.map(\.name)
    #else
      []
    #endif
  }
}
