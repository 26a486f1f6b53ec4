import CKernels

/// Several products Y[M×N] = X[M×K]·Wᵀ with the same X, on one kernel: activations are quantised and prepared
/// once, then multiplied by matrix after matrix. Owns all the memory that takes, so that a call allocates nothing.
public final class SharedInputOperator: @unchecked Sendable {
  // Unchecked: workers write disjoint parts of the buffers, with barriers between the stages.

  /// The kernel.
  public let kernel: Kernel
  /// Columns of every matrix, K.
  public let inFeatures: Int
  /// Tokens, M.
  public let tokens: Int
  /// Workers that may take part.
  public let workers: Int

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
  ///   - kernel: Must run on this CPU.
  ///   - inFeatures: K.
  ///   - largestOutFeatures: N of the largest matrix.
  ///   - tokens: M of every call.
  ///   - workers: The largest team that will call it.
  /// - Throws: `LinearOperatorError`.
  public init(kernel: Kernel, inFeatures: Int, largestOutFeatures: Int, tokens: Int, workers: Int) throws {
    guard kernel.runs(on: .ofThisCPU) else {
      throw LinearOperatorError.unsupported(kernel: kernel.name, needs: "\(kernel.instructionSet)")
    }
    guard tokens > 0, workers > 0 else {
      throw LinearOperatorError.emptyWork(tokens: tokens, workers: workers)
    }
    self.kernel = kernel
    self.inFeatures = inFeatures
    self.tokens = tokens
    self.workers = workers
    quantisationInstructionSet = kernel.instructionSet.rawValue
    let descriptor = kernel.descriptor.pointee
    preparation = Preparation(kernel: kernel, tokens: tokens)
    activations = (0..<(preparation == .byEach ? workers : 1)).map { _ in
      ActivationMemory(
        quantised: AlignedBuffer(byteCount: kernel.activations == nil ? 0 : tokens * inFeatures),
        scales: AlignedBuffer(byteCount: tokens * MemoryLayout<Float>.stride),
        prepared: AlignedBuffer(byteCount: descriptor.prepared_bytes(tokens, inFeatures)))
    }
    let workspaceBytes = descriptor.workspace_bytes?(tokens, largestOutFeatures, inFeatures) ?? 0
    workspaces = (0..<workers).map { _ in AlignedBuffer(byteCount: workspaceBytes) }
  }

  /// The tokens that a worker prepares: all of a single one, which every worker may do for itself. What makes their
  /// activations needs no barrier before ``prepare(_:_:)`` when it is shared alike.
  public func tokens(of member: any TeamMember) -> Range<Int> {
    tokens == 1 ? 0..<1 : member.rows(of: tokens, tile: kernel.tokenTile)
  }

  /// The rows of a matrix that a worker multiplies.
  public func rows(of member: any TeamMember, _ weights: PackedWeights) -> Range<Int> {
    member.rows(of: weights.outFeatures, tile: kernel.rowTile)
  }

  /// Quantises and prepares this worker's share, and returns when what it needs for the multiplication is there.
  ///
  /// Every member of the team must call it, after all have ended the multiplications of the activations before.
  ///
  /// - Parameters:
  ///   - member: The worker's place in a team of at most `workers`.
  ///   - x: M × K finite activations, row-major. With one token it may be another copy for every worker.
  public func prepare(_ member: any TeamMember, _ x: UnsafePointer<Float>) {
    precondition(member.count <= workers, "a team of \(member.count) on an operator made for \(workers)")
    let columns = 0..<inFeatures
    switch preparation {
    case .byEach:
      prepare(tokens: 0..<1, columns: columns, memory(of: member), x)
      return
    case .byColumns:
      prepare(
        tokens: 0..<1, columns: member.rows(of: columns.count, tile: kernel.columnTile), activations[0], x)
    case .byTokens:
      prepare(tokens: tokens(of: member), columns: columns, activations[0], x)
    }
    member.barrier()
  }

  /// Multiplies the prepared activations by this worker's rows and returns which they are.
  ///
  /// - Parameters:
  ///   - weights: N × K in the kernel's packing, N at most the largest that was announced.
  ///   - y: M × N, row-major, 64-byte aligned; integer kernels leave int32 sums.
  @discardableResult
  public func multiply(
    _ member: any TeamMember, _ weights: PackedWeights, _ y: UnsafeMutablePointer<Float>
  ) -> Range<Int> {
    precondition(
      weights.packing == kernel.packing && weights.inFeatures == inFeatures,
      "weights of another packing or width than the operator's")
    let rows = rows(of: member, weights)
    guard !rows.isEmpty else { return rows }
    var task = bl_multiply_task(
      m: tokens, n: weights.outFeatures, k: inFeatures, n_begin: rows.lowerBound, n_end: rows.upperBound,
      packed: weights.bytes, prepared: memory(of: member).prepared.baseAddress,
      workspace: workspaces[member.index].baseAddress, y: y)
    kernel.descriptor.pointee.multiply(&task)
    return rows
  }

  /// Turns the int32 sums of these rows into floats; those of float kernels are left as they are.
  public func rescale(
    _ member: any TeamMember, _ weights: PackedWeights, rows: Range<Int>, _ y: UnsafeMutablePointer<Float>
  ) {
    guard kernel.activations != nil, !rows.isEmpty else { return }
    let tokenScales = memory(of: member).scales.baseAddress.assumingMemoryBound(to: Float.self)
    for token in 0..<tokens {
      let results = y + token * weights.outFeatures + rows.lowerBound
      let sums = UnsafeRawPointer(results).assumingMemoryBound(to: Int32.self)
      bl_rescale(quantisationInstructionSet, rows.count, weights.scale / tokenScales[token], sums, results)
    }
  }

  private func memory(of member: any TeamMember) -> ActivationMemory {
    preparation == .byEach ? activations[member.index] : activations[0]
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
      m: tokens, k: inFeatures, m_begin: share.lowerBound, m_end: share.upperBound,
      k_begin: columns.lowerBound, k_end: columns.upperBound, x: source,
      prepared: memory.prepared.baseAddress)
    kernel.descriptor.pointee.prepare(&task)
  }

  private func quantise(
    tokens share: Range<Int>, columns: Range<Int>, _ memory: ActivationMemory, _ x: UnsafePointer<Float>
  ) {
    let kind = kernel.descriptor.pointee.activations
    let quantised = memory.quantised.baseAddress.assumingMemoryBound(to: Int8.self)
    let scales = memory.scales.baseAddress.assumingMemoryBound(to: Float.self)
    guard columns.count < inFeatures else {
      bl_quantise_activations(
        kind, quantisationInstructionSet, inFeatures, share.lowerBound, share.upperBound, x, quantised, scales
      )
      return
    }
    // All workers of a token come to the same scale; one of them stores it.
    var scale: Float = 0
    bl_quantise_columns(
      kind, quantisationInstructionSet, inFeatures, columns.lowerBound, columns.upperBound, x, quantised,
      &scale)
    if columns.lowerBound == 0 { scales[0] = scale }
  }
}
