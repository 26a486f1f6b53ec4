import Workloads

/// How the chips of a design divide a model.
struct ModelDivision {
  let model: LanguageModel
  let design: Design
  /// What equal chips hold of each layer, the largest share first.
  let shares: [ModelShare]

  /// - Throws: ``ModelSimulationError/tooManyChips(design:model:chips:parallelism:limit:)``.
  init(_ model: LanguageModel, among design: Design) throws(ModelSimulationError) {
    self.model = model
    self.design = design
    let chips = design.chips.count
    let limit = Self.limit(model, design.chips.parallelism)
    guard chips <= limit else {
      throw .tooManyChips(
        design: design.name, model: model.id, chips: chips, parallelism: design.chips.parallelism,
        limit: limit)
    }
    shares =
      design.chips.parallelism == .tensor
      ? ModelShare.shares(of: model, chips: chips) : [ModelShare(of: model)]
  }

  private static func limit(_ model: LanguageModel, _ parallelism: ChipGroup.Parallelism) -> Int {
    parallelism == .tensor ? model.heads : model.layers
  }

  /// Chips in a row, each with some of the layers.
  var stages: Int { design.chips.parallelism == .pipeline ? design.chips.count : 1 }

  /// Chips that share an operation.
  var chipsPerStage: Int { design.chips.count / stages }

  // MARK: Time

  /// Time of a pass and between passes. A pipeline is as fast as its slowest stage: the first has the embedding, the
  /// last the LM head and, where layers do not divide, one layer less than the first.
  func time(of operations: [OperationRecord]) -> (pass: Double, betweenPasses: Double) {
    func seconds(_ isIncluded: (OperationRecord) -> Bool) -> Double {
      operations.reduce(0) { $0 + (isIncluded($1) ? $1.seconds * Double($1.count) : 0) }
    }
    let pass = seconds { _ in true }
    guard stages > 1 else { return (pass, pass) }
    let layer = seconds { $0.scope == .layer } / Double(model.layers)
    let embedding = seconds { $0.role == .vector(.embedding) }
    let handOver = operations.first { $0.role == .exchange(.handOver) }?.seconds ?? 0
    let last = seconds { $0.scope == .pass && $0.executedBy != .link } - embedding
    let fewest = Double(model.layers / stages)
    let most = Double((model.layers + stages - 1) / stages)
    return (pass, max(most * layer + embedding, fewest * layer + last, handOver))
  }

  // MARK: Memory

  /// Bytes to be stored by all chips. In a pipeline every stage has a batch of its own, whose caches are all there
  /// at any time.
  func memory(for workload: InferenceWorkload) -> ModelMemory {
    var memory = ModelMemory(
      of: workload, weightBits: design.weightFormat.bitsPerWeight, batches: stages)
    // Chips beyond the number of key and value heads hold copies.
    memory.linearBytes = Double(model.layers) * shares.reduce(0) { $0 + Double($1.chips) * layerBytes($1) }
    let keyValueHeads = shares.reduce(0) { $0 + $1.chips * $1.keyValueHeads }
    memory.keyValueBytes *= Double(keyValueHeads) / Double(model.keyValueHeads)
    return memory
  }

  /// Bytes of one layer's matrices in a share.
  private func layerBytes(_ share: ModelShare) -> Double {
    let attention = 2 * (share.heads + share.keyValueHeads) * model.headDimension
    let feedForward = (model.gatedFeedForward ? 3 : 2) * share.intermediateSize
    return Double((attention + feedForward) * model.hiddenSize) * design.weightFormat.bitsPerWeight / 8
  }

  /// The most bytes of weights that a chip has to hold: its layers, and the LM head, 16 bits a weight. The
  /// embedding, of which a token needs one row, may stay in DRAM.
  var weightBytesPerChip: Double {
    let head = Double(shares[0].vocabulary * model.hiddenSize) * InferenceWorkload.stateBytes
    let layer = layerBytes(shares[0])
    let fewest = model.layers / stages
    let most = (model.layers + stages - 1) / stages
    return max(Double(most) * layer, Double(fewest) * layer + head)
  }

  /// - Throws: ``ModelSimulationError/weightsDoNotFit(design:model:bytesMissingPerChip:chips:chipsNeeded:)`` if
  ///   weights are to stay on the chips and do not fit.
  func checkWeightsFit() throws(ModelSimulationError) {
    let missing = weightBytesPerChip - Double(design.weightBuffer.bytes)
    guard design.keepsWeightsOnChip, missing > 0 else { return }
    throw .weightsDoNotFit(
      design: design.name, model: model.id, bytesMissingPerChip: Int(missing.rounded(.up)),
      chips: design.chips.count, chipsNeeded: chipsNeeded())
  }

  /// The fewest chips whose weight buffers hold the model; `nil` if more parts than the model has would be needed.
  private func chipsNeeded() -> Int? {
    func fits(_ chips: Int) -> Bool {
      var group = design
      group.chips.count = chips
      guard let division = try? ModelDivision(model, among: group) else { return false }
      return division.weightBytesPerChip <= Double(design.weightBuffer.bytes)
    }
    let limit = Self.limit(model, design.chips.parallelism)
    return ((design.chips.count + 1)...max(limit, design.chips.count + 1)).first(where: fits)
  }
}
