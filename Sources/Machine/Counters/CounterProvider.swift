/// One hardware event that was asked for.
public struct CounterEvent: Sendable, Hashable {
  /// As PAPI calls it: `PAPI_TOT_CYC`.
  public let name: String
  /// Why it cannot be counted here; `nil` when it can.
  public let missingBecause: String?
}

/// What was counted, summed over workers.
public struct CounterReading: Sendable, Hashable {
  /// Counts by event. An event that could not be counted is absent, never 0.
  public let counts: [String: Double]
  /// Events took turns on the hardware, and counts were scaled up by the time each had: estimates.
  public let isMultiplexed: Bool

  /// A reading as given.
  public init(counts: [String: Double], isMultiplexed: Bool) {
    self.counts = counts
    self.isMultiplexed = isMultiplexed
  }
}

/// Counts hardware events on every worker around timed regions.
///
/// A worker calls ``start(worker:)`` and ``stop(worker:)`` itself, because counters belong to threads. The counts
/// of all regions add up until ``takeReading()``, which is called while no region is open.
public protocol CounterProvider: Sendable {
  /// The events that were asked for, and why some are missing.
  var events: [CounterEvent] { get }
  /// Begins a region on this thread, which is worker `worker`.
  func start(worker: Int)
  /// Ends the region that this thread began.
  func stop(worker: Int)
  /// What was counted since the last call.
  func takeReading() -> CounterReading
}
