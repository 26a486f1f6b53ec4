import Machine
import Synchronization

/// The hardware counters and the energy meter of this machine, as far as it has them.
public final class HostInstruments: BenchInstruments {
  private let counters: any CounterProvider
  private let energy: EnergyMeter?
  private let lastMark: Mutex<EnergyMark?>

  /// - Parameters:
  ///   - counters: PAPI, or another provider.
  ///   - energy: `nil` where none can be read.
  public init(counters: any CounterProvider, energy: EnergyMeter?) {
    self.counters = counters
    self.energy = energy
    lastMark = Mutex(energy?.mark())
  }

  /// The events that were asked for, counted here or not.
  public var eventNames: [String] { counters.events.map(\.name) }

  /// Begins counting on this thread.
  public func start(worker: Int) { counters.start(worker: worker) }

  /// Ends counting on this thread.
  public func stop(worker: Int) { counters.stop(worker: worker) }

  /// Counts of the regions since the last call, and joules of all the time since.
  public func takeReading() -> InstrumentReading {
    let reading = counters.takeReading()
    return InstrumentReading(
      counters: reading.counts, isMultiplexed: reading.counts.isEmpty ? nil : reading.isMultiplexed,
      energyJoules: joulesSinceLastMark())
  }

  private func joulesSinceLastMark() -> Double? {
    guard let energy else { return nil }
    return lastMark.withLock { last in
      let now = energy.mark()
      defer { last = now }
      guard let last, let now else { return nil }
      return energy.joules(from: last, to: now)
    }
  }
}
