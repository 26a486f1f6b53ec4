import Foundation

/// Seconds since some fixed moment, never going back.
public enum MonotonicClock {
  /// Reads `CLOCK_MONOTONIC`.
  public static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
