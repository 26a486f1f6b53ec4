/// The read bandwidth that the machine had over a run. Virtual machines may change between modes within seconds:
/// a figure is only to be compared with others of the same mode.
public struct BandwidthModes: Sendable, Hashable {
  /// Rates further apart than this factor, with none between, are two modes.
  private static let gap = 1.25
  /// Fewer are stray values, no mode.
  private static let fewestInMode = 3

  /// Team size.
  public var threads: Int
  /// Bytes a second, ascending: one range, or two where the machine had two modes.
  public var ranges: [ClosedRange<Double>]
  /// Middle of all, bytes a second.
  public var median: Double

  /// Each team size once; `nil` rates are left out.
  static func all(of measurements: [Measurement]) -> [BandwidthModes] {
    let byThreads = Dictionary(grouping: measurements, by: \.point.threads)
    return byThreads.keys.sorted().compactMap { threads in
      // All kernels of one group of rounds share its probe.
      let rates = Set((byThreads[threads] ?? []).compactMap(\.readBandwidthProbeBytesPerSecond))
      return BandwidthModes(threads: threads, rates: rates)
    }
  }

  init?(threads: Int, rates: some Sequence<Double>) {
    guard let sorted = SortedSamples(rates) else { return nil }
    self.threads = threads
    median = sorted.median
    let values = sorted.values
    let lowest = values[0]
    let highest = values[values.count - 1]
    let splits = values.indices.dropFirst(Self.fewestInMode).dropLast(Self.fewestInMode - 1)
    let widest = splits.max { values[$0] / values[$0 - 1] < values[$1] / values[$1 - 1] }
    if let widest, values[widest] > values[widest - 1] * Self.gap {
      ranges = [lowest...values[widest - 1], values[widest]...highest]
    } else {
      ranges = [lowest...highest]
    }
  }

  /// How many of `rates` are of the faster mode; `nil` where there is but one.
  public func countInFastMode(_ rates: [Double]) -> Int? {
    guard ranges.count == 2 else { return nil }
    let middle = (ranges[0].upperBound + ranges[1].lowerBound) / 2
    return rates.count { $0 > middle }
  }
}
