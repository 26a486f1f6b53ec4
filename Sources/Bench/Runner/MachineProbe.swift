import KernelZoo

/// The machine's limits of this moment, as the runner asks for them between the calls it judges.
public protocol MachineProbe {
  /// Bytes of the last-level cache, at least 1.
  var lastLevelCacheBytes: Int { get }

  /// Streams `bytes` from DRAM with a whole team; what was in the caches before is evicted when `bytes` is a few
  /// times their size.
  ///
  /// - Returns: Bytes per second.
  func streamFromDRAM(bytes: Int, threads: Int) -> Double

  /// Runs the instruction that bounds `kind` for about a millisecond, the best one that `level` has.
  ///
  /// - Returns: Multiply-accumulates per second of the whole team; `nil` for kinds that are not arithmetic.
  func peakRate(of kind: Roofline.Kind, level: InstructionSetLevel, threads: Int) -> Double?

  /// Sustained read bandwidth of a cache level in bytes per second for the whole team; `nil` when unknown.
  func cacheBandwidth(of kind: Roofline.Kind, threads: Int) -> Double?

  /// Bytes of a cache level that one team of `threads` has; `nil` when there is no such level.
  func cacheBytes(of kind: Roofline.Kind, threads: Int) -> Int?
}
