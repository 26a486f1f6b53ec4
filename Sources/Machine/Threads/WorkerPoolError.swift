import Foundation

/// Why a pool cannot be made.
public enum WorkerPoolError: Error, Equatable, CustomStringConvertible {
  /// A pool of no workers was asked for.
  case tooFewWorkers(requested: Int)
  /// More workers than logical CPUs this process may use; they would take turns and measure nothing.
  case tooManyWorkers(requested: Int, available: Int)
  /// The system refused to start a thread.
  case threadNotStarted(worker: Int, code: Int32)
  /// The system refused to keep a worker on its CPU.
  case notPinned(processor: Int, code: Int32)

  /// What is wrong and what to do, in one sentence.
  public var description: String {
    switch self {
    case .tooFewWorkers(let requested):
      return "\(requested) threads cannot run anything: ask for at least 1."
    case .tooManyWorkers(let requested, let available):
      return "\(requested) threads were asked for, but this process may use only \(available) logical "
        + "CPU\(available == 1 ? "" : "s"): ask for at most \(available)."
    case .threadNotStarted(let worker, let code):
      return "thread \(worker) could not be started (\(String(cString: strerror(code)))): "
        + "ask for fewer threads or raise the limit of `ulimit -u`."
    case .notPinned(let processor, let code):
      return "a thread could not be kept on CPU \(processor) (\(String(cString: strerror(code)))): "
        + "run outside of a tool that forbids sched_setaffinity, or free that CPU."
    }
  }
}
