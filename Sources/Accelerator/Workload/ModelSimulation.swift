import Workloads

/// What a pass through a model takes on a design: all figures are modelled.
public struct ModelSimulation: Sendable, Hashable {
  /// The design.
  public var design: Design
  /// The pass.
  public var workload: InferenceWorkload
  /// Share of the weights that were taken to be zero; none are in formats that are not ternary.
  public var zeroShare: Double
  /// What each kind of operation takes, in the order of the computation.
  public var operations: [OperationRecord]
  /// Where the LM head runs, whose weights have 16 bits in every model: on the array if that multiplies such
  /// weights, else on the vector unit.
  public var headRunsOn: Resource
  /// From the first token in to the last result out.
  public var secondsPerPass: Double
  /// Between the results of one pass and the next: shorter than a pass when chips form a pipeline, each of which
  /// has a batch of its own.
  public var secondsBetweenPasses: Double
  /// Energy of one pass, all chips, leakage included: that of the operations, and in a pipeline what chips leak
  /// that wait for the slowest.
  public var energy: EnergyBreakdown
  /// Area of one chip by part.
  public var areaPerChip: AreaBreakdown
  /// Multiply-accumulates that the arrays of all chips could do in a second.
  public var peakMultiplyAccumulatesPerSecond: Double
  /// Bytes to be stored, all chips.
  public var memory: ModelMemory

  /// Tokens that a pass takes in: new ones, or those of the prompts.
  public var tokensPerPass: Int { workload.tokens }
  /// Tokens a second, all sequences, with every chip busy.
  public var tokensPerSecond: Double { Double(tokensPerPass) / secondsBetweenPasses }
  /// Energy per token in joules.
  public var joulesPerToken: Double { joulesPerPass / Double(tokensPerPass) }
  /// Energy per pass in joules.
  public var joulesPerPass: Double { energy.totalPicojoules * 1e-12 }
  /// Mean power of all chips and their memories.
  public var watts: Double { joulesPerPass / secondsBetweenPasses }
  /// Bytes between DRAM and all chips in a pass.
  public var dram: DRAMTraffic {
    operations.reduce(DRAMTraffic()) { $0 + $1.dram * Double($1.count) }
  }
  /// Bytes between DRAM and all chips per token.
  public var dramBytesPerToken: Double { dram.total.bytes / Double(tokensPerPass) }
  /// Area of all chips in square millimetres.
  public var areaSquareMillimetres: Double {
    areaPerChip.totalSquareMillimetres * Double(design.chips.count)
  }
  /// Multiply-accumulates of a pass, attention and LM head included.
  public var multiplyAccumulates: Double {
    operations.reduce(0) { $0 + $1.multiplyAccumulates * Double($1.count) }
  }
  /// Operations a second in 10¹², two for each multiply-accumulate.
  public var teraoperationsPerSecond: Double { 2e-12 * multiplyAccumulates / secondsBetweenPasses }
  /// Operations in 10¹² for each joule.
  public var teraoperationsPerJoule: Double { 2e-12 * multiplyAccumulates / joulesPerPass }
  /// Operations a second in 10¹² that the arrays could do.
  public var peakTeraoperationsPerSecond: Double { 2e-12 * peakMultiplyAccumulatesPerSecond }
  /// Share of what the arrays could have done in that time, counting what ran on them.
  public var utilisation: Double {
    operations.reduce(0) {
      $0 + ($1.matmul == nil ? 0 : $1.multiplyAccumulates * Double($1.count))
    } / (secondsBetweenPasses * peakMultiplyAccumulatesPerSecond)
  }
  /// The resource that bound the most of the time.
  public var binding: Resource { Self.binding(of: operations) }

  /// One layer, all its operations.
  public var layer: [OperationRecord] { operations.filter { $0.scope == .layer } }
  /// Time of one layer.
  public var secondsPerLayer: Double {
    layer.reduce(0) { $0 + $1.seconds * Double($1.count) } / Double(workload.model.layers)
  }

  /// The resource that bound the most of the operations' time; the first of equals.
  static func binding(of operations: [OperationRecord]) -> Resource {
    var seconds: [Resource: Double] = [:]
    for operation in operations {
      seconds[operation.binding, default: 0] += operation.seconds * Double(operation.count)
    }
    return Resource.allCases.reduce(.array) {
      seconds[$1, default: 0] > seconds[$0, default: 0] ? $1 : $0
    }
  }
}

/// What one kind of operation takes, once: traffic, work and energy of all chips that share it, time of the slowest.
public struct OperationRecord: Sendable, Hashable {
  /// What it does.
  public var role: OperationRole
  /// Whether each layer does it, or the pass once.
  public var scope: OperationScope
  /// How often a pass does it.
  public var count: Int
  /// What executes it: array, vector unit or link.
  public var executedBy: Resource
  /// The matrix product, if it is one; the largest part where several chips share it.
  public var size: MatmulSize?
  /// Multiply-accumulates of matrix products, attention included.
  public var multiplyAccumulates: Double
  /// Cycles of the slowest chip.
  public var cycles: Double
  /// Time of the slowest chip.
  public var seconds: Double
  /// What the most of that time was spent on.
  public var binding: Resource
  /// Bytes between DRAM and chips.
  public var dram: DRAMTraffic
  /// Bytes over links.
  public var linkBytes: Double
  /// Energy, leakage of the operation's time included.
  public var energy: EnergyBreakdown
  /// Share of what the executing unit could have done in that time, from 0 to 1.
  public var utilisation: Double
  /// Tiles, stalls and buffer traffic of the slowest chip, for what runs on the array.
  public var matmul: MatmulSimulation?
}

/// Bytes to be stored for a model and its sequences, all chips together.
public struct ModelMemory: Sendable, Hashable {
  /// Linear layers, in the weight format of the design.
  public var linearBytes: Double
  /// LM head and embedding, 16 bits each, one if they are tied.
  public var embeddingBytes: Double
  /// The key-value cache of all sequences, of every batch in a pipeline.
  public var keyValueBytes: Double

  /// All of it.
  public var bytes: Double { linearBytes + embeddingBytes + keyValueBytes }
  /// What is not the cache.
  public var weightBytes: Double { linearBytes + embeddingBytes }
}

extension ModelMemory {
  /// What one device, or several in a pipeline with a batch in each, must hold.
  init(of workload: InferenceWorkload, weightBits: Double, batches: Int) {
    linearBytes = workload.model.linearBytes(bitsPerWeight: weightBits)
    embeddingBytes = workload.model.embeddingBytes
    keyValueBytes = workload.keyValueCacheBytes * Double(batches)
  }
}

extension LanguageModel {
  /// Bytes of LM head and embedding, 16 bits each, one if they are tied.
  var embeddingBytes: Double {
    Double(embeddingParameters) * InferenceWorkload.stateBytes * (tiedEmbeddings ? 1 : 2)
  }
}

/// Why a model cannot be simulated on a design.
public enum ModelSimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// The datapath does not suit the design.
  case design(DesignError)
  /// Its parts cannot be priced.
  case cost(CostError)
  /// The buffers do not hold what the array takes at a time.
  case array(SimulationError)
  /// A matrix cannot be.
  case matmul(model: String, role: String, SimulationError)
  /// The weights are to stay on the chips, and do not fit.
  case weightsDoNotFit(
    design: String, model: String, bytesMissingPerChip: Int, chips: Int, chipsNeeded: Int?)
  /// There are more chips than the model has parts.
  case tooManyChips(design: String, model: String, chips: Int, parallelism: ChipGroup.Parallelism, limit: Int)

  /// One sentence.
  public var description: String {
    switch self {
    case .design(let error): error.description
    case .cost(let error): error.description
    case .array(let error): error.description
    case .matmul(let model, let role, let error): "\(model), \(role): \(error)"
    case .weightsDoNotFit(let design, let model, let bytesMissing, let chips, let chipsNeeded):
      "design '\(design)': the weights of \(model) do not fit the weight buffers of \(chips) "
        + (chips == 1 ? "chip" : "chips, each of which") + " lacks \(bytesMissing) bytes; "
        + (chipsNeeded.map { "\($0) chips would do" }
          ?? "no number of chips that the model can be cut for would do")
    case .tooManyChips(let design, let model, let chips, let parallelism, let limit):
      "design '\(design)': \(chips) chips cannot share \(model), whose "
        + (parallelism == .tensor ? "attention heads" : "layers") + " are \(limit)"
    }
  }
}
