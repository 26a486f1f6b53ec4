import Ternary
import Testing

@testable import KernelZoo

@Suite struct RegistryTests {
  @Test func namesAreUnique() {
    let names = KernelRegistry.all.map(\.name)
    #expect(Set(names).count == names.count)
  }

  @Test(arguments: KernelRegistry.all)
  func descriptorsAreWellFormed(_ kernel: Kernel) {
    #expect(ComputeFamily(rawValue: kernel.familyName) != nil, "unknown family '\(kernel.familyName)'")
    var parts = kernel.name.split(separator: "-").map(String.init)
    #expect(parts.count == 3 || parts.count == 4, "not family-packing[-activations]-isa")
    #expect(parts.removeFirst() == kernel.familyName)
    #expect(parts.removeFirst() == kernel.packing.name)
    if parts.count == 2 {
      let labels: [ActivationQuantization: String] = [
        .int4: "a4", .int2: "a2", .ternary: "ternary", .sign: "sign",
      ]
      #expect(parts.removeFirst() == kernel.activations.flatMap { labels[$0] })
    }
    let extensions: [(String, InstructionSet)] = [
      ("vnni", .avx512VNNI), ("vbmi", .avx512VBMI), ("vpopcntdq", .avx512VPOPCNTDQ), ("bf16", .avx512BF16),
    ]
    let isa = parts.first ?? ""
    switch isa {
    case "scalar": #expect(kernel.instructionSet == .scalar)
    case "avx2": #expect(kernel.instructionSet == .avx2)
    case "neon": #expect(kernel.instructionSet == .neon)
    case "neondotprod": #expect(kernel.instructionSet == [.neon, .neonDotProduct])
    case "neoni8mm": #expect(kernel.instructionSet == [.neon, .neonDotProduct, .neonI8MM])
    case "amxint8": #expect(kernel.instructionSet.isSuperset(of: [.avx512, .amxInt8]))
    case "amxbf16": #expect(kernel.instructionSet.isSuperset(of: [.avx512, .amxBF16]))
    default:
      #expect(isa.hasPrefix("avx512"), "unknown instruction set '\(isa)'")
      #expect(kernel.instructionSet.isSuperset(of: [.avx2, .avx512]))
      for (suffix, needed) in extensions where isa.hasSuffix(suffix) {
        #expect(kernel.instructionSet.contains(needed))
      }
    }
    #expect(kernel.tokenTile > 0)
    #expect(kernel.rowTile > 0 && kernel.rowTile % kernel.packing.rowMultiple == 0)
    #expect(kernel.isExact == (kernel.packing.weightKind != .float))
    #expect(kernel.isExact ? kernel.roundingError == 0 : kernel.roundingError > 0)
    for text in [kernel.summary, kernel.source, kernel.explanation] { #expect(!text.isEmpty) }
  }

  @Test(arguments: KernelRegistry.packings)
  func bitsPerWeightAreWhatPackingTakes(_ packing: Packing) throws {
    let side = 3840  // a multiple of every block: 2, 3, 5, 64, 128 and 256
    let matrix: WeightMatrix
    switch packing.weightKind {
    case .float:
      matrix = .float(
        values: [Float](repeating: 0.5, count: side * side), outFeatures: side, inFeatures: side)
    case .binary:
      matrix = .binary(
        try TernaryMatrix(
          rows: side, columns: side, values: Array(repeating: 1, count: side * side), scale: 1))
    case .ternary, .int8:
      var state: UInt32 = 1  // random: the size of data-dependent packings is declared for that
      let values = [Int8](unsafeUninitializedCapacity: side * side) { buffer, count in
        for i in 0..<side * side {
          state = state &* 1_664_525 &+ 1_013_904_223
          buffer[i] = Int8(truncatingIfNeeded: Int(state >> 16) % 3 - 1)
        }
        count = side * side
      }
      matrix = .ternary(try TernaryMatrix(rows: side, columns: side, values: values, scale: 1))
    }
    let packed = try PackedWeights(matrix, packing: packing)
    #expect(
      abs(packed.bitsPerWeight / packing.bitsPerWeight - 1) < 0.02,
      "\(packing.name): \(packed.bitsPerWeight) instead of \(packing.bitsPerWeight)")
  }

  /// The zoo is whole: each family has a portable kernel and a vector one.
  @Test(arguments: ComputeFamily.allCases.filter { $0 != .reference })
  func everyFamilyHasAPortableAndAVectorKernel(_ family: ComputeFamily) {
    let kernels = KernelRegistry.all.filter { $0.family == family }
    #expect(kernels.contains { $0.instructionSet == .scalar })
    #expect(kernels.contains { !$0.instructionSet.isEmpty })
  }

  @Test(arguments: InstructionSetLevel.available)
  func bestHasEveryMethodAtItsHighestLevel(_ level: InstructionSetLevel) {
    let instructionSet = level.allowed.intersection(.ofThisCPU)
    let best = KernelRegistry.best(on: instructionSet)
    for kernel in KernelRegistry.available(on: instructionSet) {
      let chosen = best.filter { $0.isVariant(of: kernel) }
      #expect(!chosen.isEmpty, "\(kernel.name) has no successor")
      #expect(chosen.allSatisfy { $0.level >= kernel.level && $0.runs(on: instructionSet) })
      #expect(Set(chosen.map(\.level)).count <= 1)
    }
  }

  @Test func levelsOrder() {
    #expect(InstructionSetLevel.scalar < .avx2)
    #expect(InstructionSetLevel(needing: [.avx2, .avx512, .avx512VNNI]) == .avx512)
    #expect(InstructionSetLevel(needing: .scalar) == .scalar)
  }
}
