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
  // Unchecked: workers write disjoint parts of the buffers, with barriers between the stages.

  /// The kernel.
  public let kernel: Kernel
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
  public let tokens: Int
  /// Workers that may take part.
  public let workers: Int

  private let timingBuffer: UnsafeMutableBufferPointer<OperatorTiming>
  private let quantisationInstructionSet: UInt32
  private let preparation: Preparation
  /// One that all workers share, or one each.
  private let activations: [ActivationMemory]
  private let workspaces: [AlignedBuffer]

  /// How workers share the work before the multiplication.
  private enum Preparation {
    /// Each takes some of the tokens.
    case byTokens
    /// Each takes some of the columns of the only token.
    case byColumns
    /// Each does all of the only token for itself: less than waiting for another and fetching what it left.
    case byEach

    init(kernel: Kernel, tokens: Int) {
      self = tokens > 1 ? .byTokens : kernel.columnTile > 0 ? .byColumns : .byEach
    }
  }

  /// What becomes of the activations before they are multiplied.
  private struct ActivationMemory {
    let quantised: AlignedBuffer
    let scales: AlignedBuffer
    let prepared: AlignedBuffer
  }

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
    guard kernel.runs(on: .ofThisCPU) else {
      throw LinearOperatorError.unsupported(kernel: kernel.name, needs: "\(kernel.instructionSet)")
    }
    guard tokens > 0, workers > 0 else {
      throw LinearOperatorError.emptyWork(tokens: tokens, workers: workers)
    }
    self.kernel = kernel
    self.weights = weights
    self.tokens = tokens
    self.workers = workers
    timingBuffer = .allocate(capacity: workers)
    timingBuffer.initialize(repeating: OperatorTiming())
    quantisationInstructionSet = kernel.instructionSet.rawValue
    let inFeatures = weights.inFeatures
    let descriptor = kernel.descriptor.pointee
    preparation = Preparation(kernel: kernel, tokens: tokens)
    activations = (0..<(preparation == .byEach ? workers : 1)).map { _ in
      ActivationMemory(
        quantised: AlignedBuffer(byteCount: kernel.activations == nil ? 0 : tokens * inFeatures),
        scales: AlignedBuffer(byteCount: tokens * MemoryLayout<Float>.stride),
        prepared: AlignedBuffer(byteCount: descriptor.prepared_bytes(tokens, inFeatures)))
    }
    let workspaceBytes = descriptor.workspace_bytes?(tokens, weights.outFeatures, inFeatures) ?? 0
    workspaces = (0..<workers).map { _ in AlignedBuffer(byteCount: workspaceBytes) }
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
    precondition(member.count <= workers, "a team of \(member.count) on an operator made for \(workers)")
    var timing = OperatorTiming()
    timing.begin = Self.now()
    let activations = prepare(member, x)
    timing.prepared = Self.now()
    let rows = member.rows(of: weights.outFeatures, tile: kernel.rowTile)
    multiply(rows: rows, activations.prepared, workspace: workspaces[member.index], y)
    timing.multiplied = Self.now()
    if rescaling, kernel.activations != nil { rescale(rows: rows, activations.scales, y) }
    timing.end = Self.now()
    timingBuffer[member.index] = timing
  }

  /// The activations of the last call as quantised, M × K; `nil` for float kernels.
  public var quantisedActivations: [Int8]? {
    guard kernel.activations != nil else { return nil }
    let count = tokens * weights.inFeatures
    return Array(
      UnsafeBufferPointer(
        start: activations[0].quantised.baseAddress.bindMemory(to: Int8.self, capacity: count), count: count))
  }

  /// Does this worker's share, and returns when what it needs for the multiplication is there.
  private func prepare(_ member: any TeamMember, _ x: UnsafePointer<Float>) -> ActivationMemory {
    let columns = 0..<weights.inFeatures
    switch preparation {
    case .byEach:
      let memory = activations[member.index]
      prepare(tokens: 0..<1, columns: columns, memory, x)
      return memory
    case .byColumns:
      prepare(
        tokens: 0..<1, columns: member.rows(of: columns.count, tile: kernel.columnTile), activations[0], x)
    case .byTokens:
      prepare(tokens: member.rows(of: tokens, tile: kernel.tokenTile), columns: columns, activations[0], x)
    }
    member.barrier()
    return activations[0]
  }

  private func prepare(
    tokens share: Range<Int>, columns: Range<Int>, _ memory: ActivationMemory, _ x: UnsafePointer<Float>
  ) {
    guard !share.isEmpty, !columns.isEmpty else { return }
    var source = UnsafeRawPointer(x)
    if kernel.activations != nil {
      quantise(tokens: share, columns: columns, memory, x)
      source = UnsafeRawPointer(memory.quantised.baseAddress)
    }
    var task = bl_prepare_task(
      m: tokens, k: weights.inFeatures, m_begin: share.lowerBound, m_end: share.upperBound,
      k_begin: columns.lowerBound, k_end: columns.upperBound, x: source, prepared: memory.prepared.baseAddress
    )
    kernel.descriptor.pointee.prepare(&task)
  }

  private func quantise(
    tokens share: Range<Int>, columns: Range<Int>, _ memory: ActivationMemory, _ x: UnsafePointer<Float>
  ) {
    let kind = kernel.descriptor.pointee.activations
    let quantised = memory.quantised.baseAddress.assumingMemoryBound(to: Int8.self)
    let scales = memory.scales.baseAddress.assumingMemoryBound(to: Float.self)
    guard columns.count < weights.inFeatures else {
      bl_quantise_activations(
        kind, quantisationInstructionSet, weights.inFeatures, share.lowerBound, share.upperBound, x,
        quantised,
        scales)
      return
    }
    // All workers of a token come to the same scale; one of them stores it.
    var scale: Float = 0
    bl_quantise_columns(
      kind, quantisationInstructionSet, weights.inFeatures, columns.lowerBound, columns.upperBound, x,
      quantised, &scale)
    if columns.lowerBound == 0 { scales[0] = scale }
  }

  private func multiply(
    rows: Range<Int>, _ prepared: AlignedBuffer, workspace: AlignedBuffer, _ y: UnsafeMutablePointer<Float>
  ) {
    guard !rows.isEmpty else { return }
    var task = bl_multiply_task(
      m: tokens, n: weights.outFeatures, k: weights.inFeatures, n_begin: rows.lowerBound,
      n_end: rows.upperBound,
      packed: weights.bytes, prepared: prepared.baseAddress, workspace: workspace.baseAddress, y: y)
    kernel.descriptor.pointee.multiply(&task)
  }

  private func rescale(rows: Range<Int>, _ scales: AlignedBuffer, _ y: UnsafeMutablePointer<Float>) {
    let tokenScales = scales.baseAddress.assumingMemoryBound(to: Float.self)
    for token in 0..<tokens {
      let results = y + token * weights.outFeatures + rows.lowerBound
      let sums = UnsafeRawPointer(results).assumingMemoryBound(to: Int32.self)
      bl_rescale(quantisationInstructionSet, rows.count, weights.scale / tokenScales[token], sums, results)
    }
  }

  private static func now() -> Double {
    var time = timespec()
    clock_gettime(CLOCK_MONOTONIC, &time)
    return Double(time.tv_sec) + Double(time.tv_nsec) * 1e-9
  }
}
