import Foundation

/// How weights travel from memory to the array. The name is that of the packing in the kernel zoo where there is
/// one.
public enum WeightFormat: String, CaseIterable, Sendable {
  /// 16-bit floating point.
  case fp16
  /// The upper half of 32-bit floating point.
  case bf16
  /// 8-bit integers.
  case int8
  /// Two bits a weight.
  case i2s
  /// Two bits a weight and an FP16 scale per 256.
  case tq2
  /// Five trits in a byte, four in the last of each 256, and an FP16 scale.
  case tq1
  /// Mirrored triples: four bits of index and one of sign for three weights.
  case tl2
  /// Five trits in a byte.
  case t5
  /// log2(3) bits a weight: what no decoder can go below for equally frequent values.
  case ideal
  /// One bit a weight, binary weights only.
  case b1

  /// Bits stored per weight.
  public var bitsPerWeight: Double {
    switch self {
    case .fp16, .bf16: 16
    case .int8: 8
    case .i2s: 2
    case .tq2: 2.0625
    case .tq1: 1.6875
    case .tl2: 5.0 / 3
    case .t5: 1.6
    case .ideal: log2(3)
    case .b1: 1
    }
  }

  /// Whether the weights are -1, 0 and +1 (or -1 and +1) and need decoding before use.
  public var isTernary: Bool {
    switch self {
    case .fp16, .bf16, .int8: false
    case .i2s, .tq2, .tq1, .tl2, .t5, .ideal, .b1: true
    }
  }
}
