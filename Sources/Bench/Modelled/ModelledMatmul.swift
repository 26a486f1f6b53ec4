/// What a matmul takes on a chip that computes the way the kernel does. Modelled, not measured.
public struct ModelledMatmul: Sendable, Hashable {
  /// The design.
  public var design: String
  /// How its weights travel: as the kernel packs them where the chip can decode that.
  public var weightFormat: String
  /// Cycles from the first request to DRAM until the last byte is back there.
  public var cycles: Double
  /// The same in seconds.
  public var seconds: Double
  /// Bytes between DRAM and the chip.
  public var dramBytes: Double
  /// Energy, DRAM and leakage included.
  public var energyJoules: Double
}
