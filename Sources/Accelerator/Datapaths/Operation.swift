/// A piece of hardware and the one thing it does: what energy and area tables have entries for.
///
/// One operation is one use of the piece. The same value prices a use (energy) and the piece itself (area).
public enum Operation: Sendable, Hashable {
  /// Multiplying two numbers.
  case multiply(NumberFormat)
  /// Adding or subtracting two numbers.
  case add(NumberFormat)
  /// Passing a number of so many bits, its negative or zero: a select and a conditional inversion.
  case select(bits: Int)
  /// AND, OR or XOR of so many bits.
  case logic(bits: Int)
  /// Counting the ones among so many bits.
  case popcount(bits: Int)
  /// Writing a register of so many bits.
  case register(bits: Int)
  /// Reading an entry of a table of so many entries of so many bits, kept in registers.
  case tableRead(entries: Int, bits: Int)
  /// Writing an entry of such a table.
  case tableWrite(entries: Int, bits: Int)
  /// Turning one stored weight of a format into what the datapath uses.
  case decode(WeightFormat)
}
