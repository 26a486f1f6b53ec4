/// Measures time only, for runs that report no counters.
public struct NoInstruments: BenchInstruments {
  /// Nothing to set up.
  public init() {}

  /// Does nothing.
  public func start(worker: Int) {}
  /// Does nothing.
  public func stop(worker: Int) {}
  /// Empty.
  public func takeReading() -> InstrumentReading { InstrumentReading() }
}
