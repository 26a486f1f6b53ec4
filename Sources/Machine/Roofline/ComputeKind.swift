import CKernels

/// What a peak of multiply-accumulates multiplies.
public enum ComputeKind: String, Sendable, Codable, CaseIterable, CodingKeyRepresentable {
  /// Bytes, summed to int32. Without VNNI the fastest way holds for ternary weights only; it is the limit all
  /// the same, because no general way is faster.
  case int8Dot = "int8-dot"
  /// Floats.
  case fp32FMA = "fp32-fma"
  /// bfloat16, summed to float. On CPUs whose bfloat16 unit is slow, FP32 FMA on widened values is faster: the
  /// limit of a bfloat16 kernel is the higher of both.
  case bf16Dot = "bf16-dot"

  private var code: bl_compute_kind {
    switch self {
    case .int8Dot: BL_COMPUTE_INT8_DOT
    case .fp32FMA: BL_COMPUTE_FP32_FMA
    case .bf16Dot: BL_COMPUTE_BF16_DOT
    }
  }

  private func runnable(_ isa: UInt32) -> [ComputeProbe] {
    (0..<bl_compute_probe_total()).map { ComputeProbe(index: $0) }
      .filter { $0.descriptor.kind == code && $0.descriptor.isa & ~isa == 0 }
  }

  /// The sets of extensions within `isa` that have ways of their own to compute it, widest first.
  func instructionSets(within isa: UInt32) -> [UInt32] {
    Set(runnable(isa).map(\.descriptor.isa)).sorted(by: >)
  }

  /// The ways to compute it with the extensions `isa`, of the widest vectors only.
  func probes(isa: UInt32) -> [ComputeProbe] {
    let runnable = runnable(isa)
    let widest = runnable.map(\.descriptor.isa).max() ?? 0
    return runnable.filter { $0.descriptor.isa == widest }
  }
}

/// A loop that only multiplies and adds in registers.
struct ComputeProbe: Sendable, Hashable, CustomStringConvertible {
  /// Into the C table of compute probes.
  let index: Int

  var descriptor: bl_compute_probe { bl_compute_probe_at(index).pointee }

  var description: String { String(cString: descriptor.name) }

  /// Executes `steps` steps and says whether the sums are what they must be.
  @discardableResult
  func run(steps: Int) -> Bool {
    let descriptor = descriptor
    var left = steps
    var isRight = true
    while left > 0 {
      let now = min(left, BL_COMPUTE_PROBE_MOST_STEPS)
      isRight = descriptor.run(now) == UInt64(now * descriptor.sum_per_step) && isRight
      left -= now
    }
    return isRight
  }
}
