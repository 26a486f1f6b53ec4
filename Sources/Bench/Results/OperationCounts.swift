/// Operations of the algorithm in one matmul, preparation included, as its kernel declares them. They follow
/// from the shape (and, for sparse packings, the weights), not from counters.
public struct OperationCounts: Sendable, Hashable {
  /// Additions and subtractions of values.
  public var adds: UInt64
  /// Multiplications of values.
  public var multiplies: UInt64
  /// Look-ups in tables.
  public var tableReads: UInt64
  /// Table entries computed.
  public var tableWrites: UInt64
  /// Population counts of 64-bit words.
  public var popcounts: UInt64
  /// Logic operations and shifts on 64-bit words.
  public var logicOperations: UInt64

  /// Creates counts.
  public init(
    adds: UInt64 = 0, multiplies: UInt64 = 0, tableReads: UInt64 = 0, tableWrites: UInt64 = 0,
    popcounts: UInt64 = 0, logicOperations: UInt64 = 0
  ) {
    self.adds = adds
    self.multiplies = multiplies
    self.tableReads = tableReads
    self.tableWrites = tableWrites
    self.popcounts = popcounts
    self.logicOperations = logicOperations
  }
}
