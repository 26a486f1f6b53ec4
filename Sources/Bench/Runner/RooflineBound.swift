import KernelZoo
import Ternary

/// The least time this machine could take for a kernel's matmul: its packed bytes over the read bandwidth of
/// the memory they lie in, or its multiply-accumulates over the peak of the instruction that can do them.
struct RooflineBound {
  /// The arithmetic roofs that a kernel is held against, of which the highest counts, each at the kernel's
  /// instruction set level: an AVX2 kernel is not to blame for the lack of AVX-512. Float kernels have the float
  /// multiply-add, and the bfloat16 dot product where the weights allow it; all that take int8 activations the int8
  /// dot product, whatever instructions of the level they use themselves. Kernels with narrower activations do less
  /// work a multiply-accumulate: no measured roof is theirs.
  static func arithmeticKinds(of kernel: Kernel) -> [Roofline.Kind] {
    switch kernel.activations {
    case nil: kernel.packing.name == "bf16" ? [.fp32FMA, .bf16Dot] : [.fp32FMA]
    case .int8: [.int8Dot]
    default: []
    }
  }

  /// The memory that `bytes` of hot weights come from: the smallest cache of the team that holds them.
  static func memoryKind(
    bytes: Int, threads: Int, cache: MeasurementPoint.Cache, probe: any MachineProbe
  ) -> Roofline.Kind {
    guard cache == .hot else { return .dramRead }
    return [Roofline.Kind.l1Read, .l2Read, .l3Read].first { kind in
      probe.cacheBytes(of: kind, threads: threads).map { bytes <= $0 } ?? false
    } ?? .dramRead
  }

  /// The roof with the longest time; `nil` when a rate is missing or the kernel has no measured roof.
  static func binding(
    packedBytes: Int, multiplyAccumulates: Double, memory: (kind: Roofline.Kind, rate: Double)?,
    arithmetic: (kind: Roofline.Kind, level: InstructionSetLevel, rate: Double)?
  ) -> Roofline? {
    var roofs: [Roofline] = []
    if let memory, memory.rate > 0 {
      roofs.append(
        Roofline(
          kind: memory.kind, ratePerSecond: memory.rate, boundSeconds: Double(packedBytes) / memory.rate))
    }
    if let arithmetic, arithmetic.rate > 0 {
      roofs.append(
        Roofline(
          kind: arithmetic.kind, ratePerSecond: arithmetic.rate,
          boundSeconds: multiplyAccumulates / arithmetic.rate, level: arithmetic.level.rawValue))
    }
    return roofs.max { $0.boundSeconds < $1.boundSeconds }
  }
}
