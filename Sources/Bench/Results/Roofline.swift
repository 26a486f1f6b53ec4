/// The limit of the machine that binds one matmul: the roof with the longest time.
public struct Roofline: Sendable, Hashable {
  /// What there is only so much of.
  public enum Kind: String, Sendable, Hashable, CaseIterable {
    /// Reading from DRAM, in bytes.
    case dramRead = "dram-read"
    /// Reading from the last-level cache, in bytes.
    case l3Read = "l3-read"
    /// Reading from the second-level cache, in bytes.
    case l2Read = "l2-read"
    /// Reading from the first-level cache, in bytes.
    case l1Read = "l1-read"
    /// Integer dot products of bytes, in multiply-accumulates.
    case int8Dot = "int8-dot"
    /// Single-precision fused multiply-adds.
    case fp32FMA = "fp32-fma"
    /// BF16 dot products, in multiply-accumulates.
    case bf16Dot = "bf16-dot"

    /// Whether the rate counts bytes; otherwise it counts multiply-accumulates.
    public var isRead: Bool {
      switch self {
      case .dramRead, .l3Read, .l2Read, .l1Read: true
      case .int8Dot, .fp32FMA, .bf16Dot: false
      }
    }
  }

  /// What binds.
  public var kind: Kind
  /// Bytes or multiply-accumulates per second, whichever ``Kind/isRead`` says, as probed in this run with as
  /// many threads as the measurement had.
  public var ratePerSecond: Double
  /// The least time the machine could take for the matmul.
  public var boundSeconds: Double
  /// The instruction set level whose peak it is: that of the kernel. `nil` for reading, which all levels share.
  public var level: String?

  /// Creates a limit.
  public init(kind: Kind, ratePerSecond: Double, boundSeconds: Double, level: String? = nil) {
    self.kind = kind
    self.ratePerSecond = ratePerSecond
    self.boundSeconds = boundSeconds
    self.level = level
  }
}
