import Foundation

/// The CPU time that other work took away from threads of this process that would have used all of it.
public struct CPUTimeLoss: Sendable {
  /// Less is lost without others: to interrupts, and to workers that were asleep when they were called.
  private static let leastSeconds = 300e-6
  private static let leastShare = 0.1

  private let begin = monotonicNanoseconds()
  private let cpuSecondsAtBegin = Self.cpuSeconds()

  /// Begins to watch.
  public init() {}

  /// Whether, since the begin, `threads` threads that never sleep lost a tenth of their time or more.
  public func isConsiderable(threads: Int) -> Bool {
    let wanted = Double(monotonicNanoseconds() &- begin) * 1e-9 * Double(threads)
    return Self.isConsiderable(wanted: wanted, got: Self.cpuSeconds() - cpuSecondsAtBegin)
  }

  static func isConsiderable(wanted: Double, got: Double) -> Bool {
    wanted - got > max(leastSeconds, wanted * leastShare)
  }

  private static func cpuSeconds() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
