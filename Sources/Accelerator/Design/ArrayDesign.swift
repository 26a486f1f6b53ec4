/// The processing elements of a chip.
public struct ArrayDesign: Sendable, Hashable {
  /// Rows of elements.
  public var rows: Int
  /// Columns of elements.
  public var columns: Int
  /// Which operand stays in the elements.
  public var dataflow: Dataflow
  /// Name of the datapath in an element: `addsub`.
  public var datapath: String
  /// Weights that an element multiplies and sums in one step, along the in-features (K).
  public var dotWidth: Int
  /// Bits of the running sum in an element.
  public var accumulatorBits: Int
  /// Look-up tables, for the datapaths that have them.
  public var tables: TableDesign?

  /// Creates an array.
  public init(
    rows: Int, columns: Int, dataflow: Dataflow, datapath: String, dotWidth: Int, accumulatorBits: Int,
    tables: TableDesign? = nil
  ) {
    self.rows = rows
    self.columns = columns
    self.dataflow = dataflow
    self.datapath = datapath
    self.dotWidth = dotWidth
    self.accumulatorBits = accumulatorBits
    self.tables = tables
  }

  /// Elements in all.
  public var elements: Int { rows * columns }

  /// The smallest accumulator that no sum of `inFeatures` ternary products leaves.
  public static func exactAccumulatorBits(activationBits: Int, inFeatures: Int) -> Int {
    // Weights of -1 turn the least activation into 2^(a-1): K of them are K * 2^(a-1), a bit longer than K less 1
    // where K is a power of two.
    activationBits + Int.bitWidth - inFeatures.leadingZeroBitCount
  }
}

/// Tables of sums of activations, indexed by patterns of weights.
public struct TableDesign: Sendable, Hashable {
  /// Activations that a table covers.
  public var groupSize: Int
  /// Elements that read one table.
  public var sharers: Int

  /// Creates tables.
  public init(groupSize: Int, sharers: Int) {
    self.groupSize = groupSize
    self.sharers = sharers
  }
}
