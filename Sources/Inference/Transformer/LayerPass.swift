import CKernels
import KernelZoo
import ModelFiles

/// One worker's way through the layers of one pass. Every member of the team makes one with the same arguments and
/// calls the same functions in the same order, since they hold barriers.
///
/// Whatever is not a matrix is computed at the highest instruction set of the CPU, so that kernels are compared with
/// all else equal.
struct LayerPass {
  let weights: ModelWeights
  let buffers: PassBuffers
  let cache: KeyValueCache
  let angles: RotaryAngles
  /// Of the first token.
  let position: Int
  let member: any TeamMember
  private(set) var times = TimeByPart()
  private var lastLap = MonotonicTime.seconds()

  private let isa = InstructionSet.ofThisCPU.rawValue
  private let residual: UnsafeMutablePointer<Float>
  private let input: UnsafeMutablePointer<Float>
  /// Those of which this worker computes what belongs to a token alone.
  private let ownTokens: Range<Int>

  private var model: ModelArchitecture { weights.architecture }
  private var tokens: Int { buffers.tokens }

  init(
    weights: ModelWeights, buffers: PassBuffers, cache: KeyValueCache, angles: RotaryAngles, position: Int,
    member: any TeamMember
  ) {
    self.weights = weights
    self.buffers = buffers
    self.cache = cache
    self.angles = angles
    self.position = position
    self.member = member
    residual = buffers.residual(of: member)
    input = buffers.input(of: member)
    ownTokens = buffers.hiddenOperator.tokens(of: member)
  }

  /// Counts the time since the last call to a part. One worker's times are enough, and all take the same way.
  private mutating func lap(_ part: ModelPart) {
    guard member.index == 0 else { return }
    let now = MonotonicTime.seconds()
    times[part] += now - lastLap
    lastLap = now
  }

  /// Begins the residual stream with the rows of the embedding.
  mutating func embed(_ tokens: UnsafePointer<Int>) {
    for token in ownTokens {
      weights.embedding.widen(row: tokens[token], isa, into: residual + token * model.hiddenSize)
    }
    lap(.rest)
  }

  /// Attention and feed-forward network of one layer.
  mutating func run(layer: Int) {
    let layerWeights = weights.layers[layer]
    normalise(residual, layerWeights.attentionNorm)
    multiply(
      buffers.hiddenOperator, layerWeights,
      [(.query, buffers.query), (.key, buffers.key), (.value, buffers.value)])
    attend(layer: layer)
    if let norm = layerWeights.attentionSubNorm {
      normalise(buffers.attended.start, norm)
      multiply(buffers.attentionOperator, layerWeights, [(.output, buffers.projected)])
    } else {
      multiply(
        buffers.attentionOperator, layerWeights, [(.output, buffers.projected)],
        from: buffers.attended.start)
    }
    addProjected()

    normalise(residual, layerWeights.feedForwardNorm)
    multiply(buffers.hiddenOperator, layerWeights, [(.gate, buffers.gate), (.up, buffers.up)])
    activate(subNorm: layerWeights.feedForwardSubNorm)
    multiply(buffers.feedForwardOperator, layerWeights, [(.down, buffers.projected)])
    addProjected()
  }

  /// The input of the next matrix: own tokens of `x`, M × the norm's elements, normalised.
  private mutating func normalise(_ x: UnsafePointer<Float>, _ norm: [Float]) {
    for token in ownTokens {
      bl_rms_norm(
        isa, norm.count, x + token * norm.count, norm, model.normEpsilon, input + token * norm.count)
    }
    lap(.rest)
  }

  /// Multiplies the input by matrices of one layer; when it returns, all rows of all of them are there.
  private mutating func multiply(
    _ shared: SharedInputOperator, _ layer: LayerWeights, _ products: [(LinearRole, FloatBuffer)],
    from x: UnsafePointer<Float>? = nil
  ) {
    shared.prepare(member, x ?? UnsafePointer(input))
    lap(.quantisation)
    for (role, result) in products {
      let matrix = layer[role]
      let rows = shared.multiply(member, matrix, result.start)
      shared.rescale(member, matrix, rows: rows, result.start)
      // The last one's lap includes waiting for those who multiply slower rows.
      if role == products.last?.0 { member.barrier() }
      lap(.linear(role))
    }
  }

  /// Turns queries and keys, stores keys and values, and attends: each worker to its share of the heads.
  private mutating func attend(layer: Int) {
    let dimension = model.headDimension
    for head in member.rows(of: model.keyValueHeads, tile: 1) {
      for token in 0..<tokens {
        let key = buffers.key[token] + head * dimension
        rotate(key, heads: 1, token: token)
        let place = (position + token) * dimension
        bl_narrow_float16(isa, dimension, key, cache.keys(layer: layer, head: head) + place)
        bl_narrow_float16(
          isa, dimension, buffers.value[token] + head * dimension,
          cache.values(layer: layer, head: head) + place)
      }
    }
    let heads = member.rows(of: model.heads, tile: 1)
    if !heads.isEmpty {
      for token in 0..<tokens {
        rotate(buffers.query[token] + heads.lowerBound * dimension, heads: heads.count, token: token)
      }
    }
    member.barrier()
    let group = model.heads / model.keyValueHeads
    var head = heads.lowerBound
    while head < heads.upperBound {
      let keyValueHead = head / group
      let end = min((keyValueHead + 1) * group, heads.upperBound)
      attend(layer: layer, heads: head..<end, keyValueHead: keyValueHead)
      head = end
    }
    member.barrier()
    lap(.attention)
  }

  private func attend(layer: Int, heads: Range<Int>, keyValueHead: Int) {
    let dimension = model.headDimension
    let features = model.heads * dimension
    let first = heads.lowerBound * dimension
    var task = bl_attention_task(
      queries: tokens, first_position: position, heads: heads.count, dimension: dimension,
      q: buffers.query.start + first, q_stride: features, keys: cache.keys(layer: layer, head: keyValueHead),
      values: cache.values(layer: layer, head: keyValueHead), cache_stride: dimension,
      scale: 1 / Float(dimension).squareRoot(), y: buffers.attended.start + first, y_stride: features,
      workspace: buffers.attentionWorkspaces[member.index].baseAddress)
    bl_attend(isa, &task)
  }

  private func rotate(_ x: UnsafeMutablePointer<Float>, heads: Int, token: Int) {
    let pairs = model.rotaryPairs == .halves ? BL_ROTARY_HALVES : BL_ROTARY_NEIGHBOURS
    angles.at(position: position + token) { cosines, sines in
      bl_rotate(isa, pairs, heads, model.headDimension, cosines, sines, x)
    }
  }

  /// The input of the narrowing matrix: own tokens' gate, activated, times the widened values, normalised.
  private mutating func activate(subNorm: [Float]?) {
    let features = model.intermediateSize
    for token in ownTokens {
      let result = input + token * features
      switch model.activation {
      case .squaredReLU:
        bl_gate_squared_relu(isa, features, buffers.gate[token], buffers.up[token], result)
      case .silu: bl_gate_silu(isa, features, buffers.gate[token], buffers.up[token], result)
      }
      if let subNorm { bl_rms_norm(isa, features, result, subNorm, model.normEpsilon, result) }
    }
    lap(.rest)
  }

  private mutating func addProjected() {
    for token in ownTokens {
      bl_add(isa, model.hiddenSize, buffers.projected[token], residual + token * model.hiddenSize)
    }
    lap(.rest)
  }

  /// Waits until the residual stream of all tokens is complete, and gives it to the first worker.
  func completeResidual() -> UnsafeBufferPointer<Float> {
    member.barrier()
    return UnsafeBufferPointer(start: residual, count: tokens * model.hiddenSize)
  }

  /// Scores of the vocabulary after one token: each worker its share, all there when it returns.
  mutating func score(token: Int, into scores: UnsafeMutablePointer<Float>) {
    // Another worker may have computed the token.
    if tokens > 1 { member.barrier() }
    let hidden = buffers.scoring(of: member)
    bl_rms_norm(
      isa, model.hiddenSize, residual + token * model.hiddenSize, weights.outputNorm, model.normEpsilon,
      hidden)
    lap(.rest)
    weights.head.multiply(
      rows: member.rows(of: model.vocabulary, tile: Self.headRowTile), isa, hidden, into: scores)
    member.barrier()
    lap(.head)
  }

  /// Scores of so many tokens fill a cache line.
  private static let headRowTile = 16
}
