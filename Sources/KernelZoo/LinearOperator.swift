import CKernels
import Foundation
import Ternary

/// Why an operator could not be made.
public enum LinearOperatorError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The weights lie in another packing than the kernel reads.
  case wrongPacking(kernel: String, reads: String, given: String)
  /// The CPU lacks extensions the kernel needs.
  case unsupported(kernel: String, needs: String)
  /// There must be at least one token and one worker.
  case emptyWork(tokens: Int, workers: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .wrongPacking(let kernel, let reads, let given):
      "kernel '\(kernel)' reads packing '\(reads)', but the weights are packed as '\(given)'"
    case .unsupported(let kernel, let needs):
      "kernel '\(kernel)' needs \(needs), which this CPU lacks"
    case .emptyWork(let tokens, let workers):
      "a linear operator needs at least one token and one worker, not \(tokens) and \(workers)"
    }
  }
}

/// Seconds of one call, as one worker saw them.
public struct OperatorTiming: Sendable, Hashable {
  /// When the worker began.
  public var begin: Double = 0
  /// When all activations were quantised and prepared.
  public var prepared: Double = 0
  /// When this worker's rows were multiplied.
  public var multiplied: Double = 0
  /// When its results were rescaled.
  public var end: Double = 0
}

/// Y[M×N] = X[M×K]·Wᵀ with float32 in and out on one kernel: quantises the activations, prepares them,
/// multiplies and rescales. Owns all the memory that takes, so that a call allocates nothing.
public final class LinearOperator: @unchecked Sendable {
  // Unchecked: workers write disjoint parts of the timings; see the inputs for the rest.

  /// The kernel.
  public var kernel: Kernel { input.kernel }
  /// The weights. May be replaced between calls by a copy of the same shape and packing, as a bench does that
  /// keeps them out of the caches.
  public var weights: PackedWeights {
    willSet {
      precondition(
        newValue.packing == weights.packing && newValue.outFeatures == weights.outFeatures
          && newValue.inFeatures == weights.inFeatures,
        "replaced weights must have the same shape and packing")
    }
  }
  /// Tokens, M.
  public var tokens: Int { input.tokens }
  /// Workers that may take part.
  public var workers: Int { input.workers }

  private let input: SharedInputOperator
  private let timingBuffer: UnsafeMutableBufferPointer<OperatorTiming>

  /// Makes the operator and its buffers.
  ///
  /// - Parameters:
  ///   - kernel: Must read the packing of `weights` and run on this CPU.
  ///   - weights: N × K.
  ///   - tokens: M of every call.
  ///   - workers: The largest team that will call it.
  /// - Throws: `LinearOperatorError`.
  public init(kernel: Kernel, weights: PackedWeights, tokens: Int, workers: Int = 1) throws {
    guard kernel.packing == weights.packing else {
      throw LinearOperatorError.wrongPacking(
        kernel: kernel.name, reads: kernel.packing.name, given: weights.packing.name)
    }
    input = try SharedInputOperator(
      kernel: kernel, inFeatures: weights.inFeatures, largestOutFeatures: weights.outFeatures, tokens: tokens,
      workers: workers)
    self.weights = weights
    timingBuffer = .allocate(capacity: workers)
    timingBuffer.initialize(repeating: OperatorTiming())
  }

  deinit { timingBuffer.deallocate() }

  /// When each worker passed each stage in the last call.
  public var timings: [OperatorTiming] { Array(timingBuffer) }

  /// Runs on a team of at most `workers`.
  ///
  /// - Parameters:
  ///   - x: M × K finite activations, row-major.
  ///   - y: M × N results, row-major.
  ///   - team: Who computes.
  public func callAsFunction(
    _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>, team: some WorkerTeam
  ) {
    nonisolated(unsafe) let input = x
    nonisolated(unsafe) let output = y
    team.run { self.work($0, input, output) }
  }

  /// One worker's part of a call; every member of the team must call it with the same arguments.
  ///
  /// - Parameters:
  ///   - member: The worker's place in a team of at most `workers`.
  ///   - x: M × K finite activations, row-major.
  ///   - y: M × N results, row-major, 64-byte aligned.
  ///   - rescaling: False leaves the kernel's raw int32 sums in `y`, for verification.
  public func work(
    _ member: any TeamMember, _ x: UnsafePointer<Float>, _ y: UnsafeMutablePointer<Float>,
    rescaling: Bool = true
  ) {
    var timing = OperatorTiming()
    timing.begin = MonotonicTime.seconds()
    input.prepare(member, x)
    timing.prepared = MonotonicTime.seconds()
    let rows = input.multiply(member, weights, y)
    timing.multiplied = MonotonicTime.seconds()
    if rescaling { input.rescale(member, weights, rows: rows, y) }
    timing.end = MonotonicTime.seconds()
    timingBuffer[member.index] = timing
  }
}
