import CKernels
import KernelZoo
import ModelFiles

/// Activations of a pass of M tokens, and the operators that multiply them.
///
/// What belongs to a token alone (residual stream, norms, activation function) is computed by the worker that prepares
/// the token for the next multiplication, without a barrier in between. A single token is computed by every worker
/// for itself, in memory of its own. What matrices give is shared.
final class PassBuffers {
  let tokens: Int
  /// For matrices as wide as the hidden size, as the heads together, and as the feed-forward network.
  let hiddenOperator: SharedInputOperator
  let attentionOperator: SharedInputOperator
  let feedForwardOperator: SharedInputOperator

  /// M × hidden size, one for each worker if M is 1.
  private let residuals: [FloatBuffer]
  /// M × the widest input of a matrix, likewise.
  private let inputs: [FloatBuffer]
  let query: FloatBuffer
  let key: FloatBuffer
  let value: FloatBuffer
  let attended: FloatBuffer
  let gate: FloatBuffer
  let up: FloatBuffer
  /// What the output and the narrowing projection give.
  let projected: FloatBuffer
  /// One for each worker.
  let attentionWorkspaces: [AlignedBuffer]
  /// The last hidden state of the token that is scored, one for each worker.
  private let scoring: [FloatBuffer]

  /// - Throws: `LinearOperatorError`.
  init(_ weights: ModelWeights, tokens: Int, workers: Int) throws {
    let model = weights.architecture
    let queryFeatures = model.heads * model.headDimension
    let keyFeatures = model.keyValueHeads * model.headDimension
    self.tokens = tokens
    func makeOperator(inFeatures: Int, largest: Int) throws -> SharedInputOperator {
      try SharedInputOperator(
        kernel: weights.kernel, inFeatures: inFeatures, largestOutFeatures: largest, tokens: tokens,
        workers: workers)
    }
    hiddenOperator = try makeOperator(
      inFeatures: model.hiddenSize, largest: max(queryFeatures, keyFeatures, model.intermediateSize))
    attentionOperator = try makeOperator(inFeatures: queryFeatures, largest: model.hiddenSize)
    feedForwardOperator = try makeOperator(inFeatures: model.intermediateSize, largest: model.hiddenSize)
    let copies = tokens == 1 ? workers : 1
    func makeBuffer(_ features: Int) -> FloatBuffer { FloatBuffer(rows: tokens, columns: features) }
    residuals = (0..<copies).map { _ in makeBuffer(model.hiddenSize) }
    let widest = max(model.hiddenSize, queryFeatures, model.intermediateSize)
    inputs = (0..<copies).map { _ in makeBuffer(widest) }
    query = makeBuffer(queryFeatures)
    key = makeBuffer(keyFeatures)
    value = makeBuffer(keyFeatures)
    attended = makeBuffer(queryFeatures)
    gate = makeBuffer(model.intermediateSize)
    up = makeBuffer(model.intermediateSize)
    projected = makeBuffer(model.hiddenSize)
    let workspaceBytes = bl_attention_workspace_bytes(
      tokens, model.heads / model.keyValueHeads, model.headDimension)
    attentionWorkspaces = (0..<workers).map { _ in AlignedBuffer(byteCount: workspaceBytes) }
    scoring = (0..<workers).map { _ in FloatBuffer(rows: 1, columns: model.hiddenSize) }
  }

  /// The residual stream that a worker reads and writes, M × hidden size.
  func residual(of member: any TeamMember) -> UnsafeMutablePointer<Float> {
    residuals[tokens == 1 ? member.index : 0].start
  }

  /// Where a worker puts the normalised state of the token that it scores.
  func scoring(of member: any TeamMember) -> UnsafeMutablePointer<Float> { scoring[member.index].start }

  /// Where a worker puts the input of the next matrix, M × its columns.
  func input(of member: any TeamMember) -> UnsafeMutablePointer<Float> {
    inputs[tokens == 1 ? member.index : 0].start
  }
}

/// Floats at a multiple of the kernels' alignment.
struct FloatBuffer: @unchecked Sendable {
  // Unchecked: workers write disjoint parts, with barriers between those who write and those who read.
  let columns: Int
  let start: UnsafeMutablePointer<Float>
  private let memory: AlignedBuffer

  init(rows: Int, columns: Int) {
    self.columns = columns
    memory = AlignedBuffer(byteCount: rows * columns * MemoryLayout<Float>.stride)
    start = memory.baseAddress.bindMemory(to: Float.self, capacity: rows * columns)
  }

  /// The first element of a row.
  subscript(row: Int) -> UnsafeMutablePointer<Float> { start + row * columns }
}
