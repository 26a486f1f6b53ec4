import KernelZoo
import Ternary

/// What the kernels of this zoo are to reach, for the instruction sets and team sizes of one machine.
public struct TargetList: Sendable {
  /// The layer shapes of BitNet b1.58 2B4T, 3B, 7B, 13B and 70B that the median is over.
  static let allShapes: [BenchShape] = [
    ("2B4T", 2560, 2560), ("2B4T", 2560, 6912), ("2B4T", 6912, 2560),
    ("3B", 3200, 3200), ("3B", 3200, 8640), ("3B", 8640, 3200),
    ("7B", 4096, 4096), ("7B", 4096, 11008), ("7B", 11008, 4096),
    ("13B", 5120, 13824), ("70B", 8192, 8192), ("70B", 8192, 28672),
  ].map { BenchShape(model: $0, outFeatures: $1, inFeatures: $2) }

  /// Packings that serve decode and prefill from the same bytes.
  public static let packings = ["t5", "i2s", "tq2"]
  /// The M at which prefill is compared with decode.
  public static let prefillTokens = 128

  /// The shapes that the medians are over. Portable code is measured on the smallest model only: on all it would
  /// take an hour.
  public var shapes: [BenchShape] {
    vectorLevel > .scalar ? Self.allShapes : Self.allShapes.filter { $0.model == Self.allShapes.first?.model }
  }
  /// The targets, in the order of the table.
  public let targets: [Target]
  /// The ternary kernels of ``packings``, at every level that has a target.
  let ternary: [Kernel]
  /// The level of the vector units proper; AMX stands beside it.
  let vectorLevel: InstructionSetLevel
  /// The kernels of every family that compute what a ternary layer with int8 activations does, the baselines, and of
  /// popcount, which has none such, those with ternary weights.
  let families: [Kernel]
  /// Extensions in use.
  let instructionSet: InstructionSet

  /// The targets that this CPU can be held to.
  ///
  /// - Parameters:
  ///   - threads: Team sizes.
  ///   - instructionSet: Extensions in use.
  public init(threads: [Int], instructionSet: InstructionSet) {
    let levels = InstructionSetLevel.allCases.filter { level in
      KernelRegistry.available(on: instructionSet).contains { $0.level == level }
    }
    let vectorLevel = levels.last { $0 < .amx } ?? .scalar
    let kernels = KernelRegistry.best(on: instructionSet.intersection(vectorLevel.allowed))
    let tileKernels = KernelRegistry.best(on: instructionSet).filter { $0.level == .amx }
    let ternary = kernels.filter(\.isTernaryOfTargets)
    let ternaryOnTiles = tileKernels.filter(\.isTernaryOfTargets)
    var targets: [Target] = []
    func add(_ what: String, tokens: Int = 1, _ shares: [Double], _ kernels: [Kernel]) {
      guard !kernels.isEmpty else { return }
      for (index, threads) in threads.enumerated() {
        targets.append(
          Target(
            what: what, tokens: tokens, threads: threads, share: shares[min(index, shares.count - 1)],
            kernels: Set(kernels.map(\.name))))
      }
    }

    // Decode: reading the weights is all that should take time.
    add("decode, 1.6 bit (t5)", [0.86, 0.90], ternary.filter { $0.packing.name == "t5" })
    add("decode, mad i2s", [0.92], ternary.filter { $0.packing.name == "i2s" && $0.family == .mad })
    let fp16 = kernels.filter { $0.family == .float && $0.packing.name == "fp16" }
    let bf16 = kernels.filter { $0.family == .float && $0.packing.name == "bf16" }
    add("decode, FP16", [0.92], fp16)
    add("decode, BF16", [0.92], bf16)

    // Prefill: multiplying is.
    for (level, kernels) in [(vectorLevel, ternary), (.amx, ternaryOnTiles)] {
      let multiplying = kernels.filter { $0.family == .mad }
      for (tokens, share) in [(32, 0.88), (Self.prefillTokens, 0.95), (512, 0.95)] {
        add("prefill, ternary, \(level.title)", tokens: tokens, [share], multiplying)
      }
    }
    for (level, kernels) in [(vectorLevel, bf16), (.amx, tileKernels.filter { $0.packing.name == "bf16" })] {
      add("prefill, BF16, \(level.title)", tokens: Self.prefillTokens, [0.85], kernels)
    }
    add("prefill, FP16, \(vectorLevel.title)", tokens: Self.prefillTokens, [0.88], fp16)

    // Machines without AVX-512, as far as this one can tell.
    if vectorLevel > .avx2, levels.contains(.avx2) {
      let narrow = KernelRegistry.best(on: instructionSet.intersection(.avx2))
        .filter { $0.isTernaryOfTargets && $0.packing.name == "i2s" && $0.family == .mad }
      add("decode, mad i2s, AVX2", [0.90], narrow)
      add("prefill, mad i2s, AVX2", tokens: Self.prefillTokens, [0.75], narrow)
    }

    self.targets = targets
    self.ternary = ternary + ternaryOnTiles
    self.vectorLevel = vectorLevel
    self.instructionSet = instructionSet
    families = kernels.filter { kernel in
      let isPopcount = kernel.family == .popcount && kernel.packing.weightKind == .ternary
      let isExactTernary =
        kernel.packing.weightKind == .ternary && kernel.activations == .int8 && kernel.isExact
      let isBaseline = kernel.family == .int8 || kernel.family == .float
      return isPopcount || isExactTernary || isBaseline
    }
  }
}

extension Kernel {
  /// Exact, ternary weights, int8 activations, in a packing that serves decode and prefill.
  fileprivate var isTernaryOfTargets: Bool {
    TargetList.packings.contains(packing.name) && packing.weightKind == .ternary && activations == .int8
      && (family == .mad || family == .lut)
  }
}
