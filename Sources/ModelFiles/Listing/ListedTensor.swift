/// A tensor as the header of a model file lists it, whatever the format.
public struct ListedTensor: Sendable, Hashable {
  /// The name.
  public let name: String
  /// How elements lie, as the format names it: `I2_S`, `BF16`.
  public let typeName: String
  /// Elements along each dimension, outermost first.
  public let shape: [Int]
  /// Where the data lie, from the beginning of the file.
  public let byteRange: Range<Int>
  /// The name of the file, of several that a model may lie in.
  public let file: String
  /// What it is for, if its name says so.
  public let role: TensorRole?

  /// Bytes of the data.
  public var byteCount: Int { byteRange.count }
}
