import Workloads

/// What the list of a pass's operations depends on beside the model.
struct PassOptions: Sendable, Hashable {
  /// Whether inputs of matrices become integers.
  var quantisesActivations: Bool
  /// Whether outputs of matrices are multiplied by a scale.
  var rescalesOutputs: Bool
  /// Whether the LM head, 16 bits a weight in every model, is a matrix for the array.
  var runsHeadOnArray: Bool
  /// Whether the LM head, and with it a tied embedding, stays on the chips.
  var keepsHeadOnChip: Bool
  /// Bytes of activations that can be kept while the key-value cache or the LM head passes.
  var residentBytes: Int
}

extension PassOptions {
  /// What a design needs.
  init(_ design: Design) {
    let multipliesFloats = design.activationFormat.isFloat && design.weightFormat.bitsPerWeight == 16
    quantisesActivations = !design.activationFormat.isFloat
    rescalesOutputs = !multipliesFloats
    runsHeadOnArray = multipliesFloats
    keepsHeadOnChip = design.keepsWeightsOnChip
    residentBytes = design.activationBuffer.tileBytes
  }
}

extension InferenceWorkload {
  /// Bytes of a hidden state, key or value: 16 bits each, whatever the weights are.
  static let stateBytes = 2.0

  /// What one chip with that share does in a pass, in the order of the computation.
  ///
  /// Element-wise work is done on values as they pass between array and DRAM: the traffic of inputs and outputs is
  /// that of the matrices. The vector unit itself moves the rows of the embedding, the key-value cache and, where
  /// the array cannot multiply 16-bit weights, the LM head.
  func operations(_ options: PassOptions, share: ModelShare) -> [ModelOperation] {
    var operations = [embedding(options)]
    let tokens = Double(self.tokens)
    let hidden = Double(model.hiddenSize)
    let queries = Double(share.heads * model.headDimension)
    let intermediate = Double(share.intermediateSize)

    func add(_ role: VectorRole, perToken laneOperations: Double) {
      operations.append(
        ModelOperation(
          role: .vector(role), scope: .layer,
          work: .vector(VectorWork(laneOperations: tokens * laneOperations))))
    }
    let matrices = self.matrices(share)
    func add(_ roles: Set<MatmulRole>) {
      for (role, size) in matrices where roles.contains(role) {
        operations.append(ModelOperation(role: .matrix(role), scope: .layer, work: .matmul(size)))
      }
    }

    // Square and sum, multiply by the root's inverse, multiply by the gain; a division and a root.
    let norm = 3 * hidden + 2
    add(.norms, perToken: 2 * norm)
    if options.quantisesActivations {
      // Largest magnitude, scale, clamp; a division for the scale. Inputs: attention, o, feed-forward, down.
      add(.quantisation, perToken: 3 * (2 * hidden + queries + intermediate) + 4)
    }
    add([.query, .key, .value, .fusedQueryKeyValue])
    // Two multiply-adds for each element of queries and keys.
    add(.rotation, perToken: 2 * Double((share.heads + share.keyValueHeads) * model.headDimension))
    operations += attention(options, share: share)
    add([.output, .gate, .up, .fusedGateUp])
    // Exponential, addition and division of SiLU, and two products; comparison and product of squared ReLU.
    add(.feedForwardActivation, perToken: (model.gatedFeedForward ? 5 : 2) * intermediate)
    add([.down])
    if options.rescalesOutputs {
      add(.rescaling, perToken: matrices.reduce(0) { $0 + Double($1.size.outFeatures) })
    }
    add(.residuals, perToken: 2 * hidden)

    operations.append(
      ModelOperation(
        role: .vector(.finalNorm), scope: .pass,
        work: .vector(VectorWork(laneOperations: Double(batch) * norm))))
    if share.vocabulary > 0 { operations.append(head(options, share: share)) }
    return operations
  }

  /// The weight matrices of a layer as far as a share has them. Matrices that give heads, gate and up are cut along
  /// their out-features, those that take them along their in-features.
  private func matrices(_ share: ModelShare) -> [(role: MatmulRole, size: MatmulSize)] {
    let queries = share.heads * model.headDimension
    let keys = share.keyValueHeads * model.headDimension
    return model.matmulShapes(fused: fusesMatrices, includingHead: false).compactMap { shape in
      let (out, `in`) =
        switch shape.role {
        case .query: (queries, model.hiddenSize)
        case .key, .value: (keys, model.hiddenSize)
        case .fusedQueryKeyValue: (queries + 2 * keys, model.hiddenSize)
        case .output: (model.hiddenSize, queries)
        case .gate, .up: (share.intermediateSize, model.hiddenSize)
        case .fusedGateUp: (2 * share.intermediateSize, model.hiddenSize)
        case .down: (model.hiddenSize, share.intermediateSize)
        case .languageModelHead: (share.vocabulary, model.hiddenSize)
        }
      guard out > 0, `in` > 0 else { return nil }
      return (shape.role, MatmulSize(tokens: tokens, inFeatures: `in`, outFeatures: out))
    }
  }

  private func embedding(_ options: PassOptions) -> ModelOperation {
    let rows = Double(tokens * model.hiddenSize) * Self.stateBytes
    let isOnChip = options.keepsHeadOnChip && model.tiedEmbeddings
    return ModelOperation(
      role: .vector(.embedding), scope: .pass,
      work: .vector(
        VectorWork(
          laneOperations: 0,
          dram: DRAMTraffic(activations: DRAMBytes(compulsory: isOnChip ? 0 : rows)))))
  }

  /// Scores, softmax and values. Scores do not leave the chip: queries stay in blocks while the keys, and then the
  /// values, of one head pass, once for all query heads that share it.
  private func attention(_ options: PassOptions, share: ModelShare) -> [ModelOperation] {
    guard share.heads > 0 else { return [] }
    let pairs = attendedPairs * Double(batch) * Double(share.heads)
    let products = pairs * Double(model.headDimension)
    let groupSize = (share.heads + share.keyValueHeads - 1) / share.keyValueHeads
    let queryBytes = Double(groupSize * model.headDimension) * Self.stateBytes
    let cached = cachedTokensRead(queryBlock: max(1, Int(Double(options.residentBytes) / queryBytes)))
    let bytes =
      cached * (Double(batch) * Double(share.keyValueHeads * model.headDimension) * Self.stateBytes)
    let queries = Double(tokens) * Double(share.heads)
    // Comparison, subtraction, exponential and sum for each score; the division is left to the weighted values.
    let softmax = 4 * pairs + queries * (1 + Double(model.headDimension))
    func operation(_ role: VectorRole, _ work: VectorWork) -> ModelOperation {
      ModelOperation(role: .vector(role), scope: .layer, work: .vector(work))
    }
    let product = VectorWork(
      laneOperations: products, multiplyAccumulates: products, dram: DRAMTraffic(keyValues: bytes))
    return [
      operation(.scores, product), operation(.softmax, VectorWork(laneOperations: softmax)),
      operation(.values, product),
    ]
  }

  /// Tokens whose keys are read for one head of one sequence, when so many queries are kept at a time: each block
  /// of queries needs the tokens up to its last.
  func cachedTokensRead(queryBlock: Int) -> DRAMBytes {
    let wholeBlocks = Double(phase.tokens / queryBlock)
    let earlier = Double(context - phase.tokens)
    var read = wholeBlocks * earlier + Double(queryBlock) * wholeBlocks * (wholeBlocks + 1) / 2
    if phase.tokens % queryBlock > 0 { read += Double(context) }
    return DRAMBytes(compulsory: Double(context), capacity: read - Double(context))
  }

  private func head(_ options: PassOptions, share: ModelShare) -> ModelOperation {
    let size = MatmulSize(tokens: batch, inFeatures: model.hiddenSize, outFeatures: share.vocabulary)
    var operation = ModelOperation(
      role: .matrix(.languageModelHead), scope: .pass, work: .matmul(size))
    if !options.runsHeadOnArray {
      let rows = max(1, options.residentBytes / (model.hiddenSize * Int(Self.stateBytes)))
      let bytes = Double(share.vocabulary * model.hiddenSize) * Self.stateBytes
      let passes = Double((batch + rows - 1) / rows)
      var work = VectorWork(
        laneOperations: size.multiplyAccumulates, multiplyAccumulates: size.multiplyAccumulates)
      if options.keepsHeadOnChip {
        work.weightBufferBytes = passes * bytes
      } else {
        work.dram.weights = DRAMBytes(compulsory: bytes, capacity: (passes - 1) * bytes)
      }
      operation.work = .vector(work)
    }
    return operation
  }
}
