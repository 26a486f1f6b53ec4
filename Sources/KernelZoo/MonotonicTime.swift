import Foundation

/// The clock that kernels are timed with.
public enum MonotonicTime {
  /// Seconds since some moment in the past; never goes back.
  public static func seconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
