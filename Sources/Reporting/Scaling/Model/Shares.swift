import Accelerator
import Workloads

/// The energy of a token by groups of parts, few enough to tell apart in a plot.
enum EnergyShare: String, CaseIterable, Sendable {
  case dramWeights = "DRAM, weights"
  case dramOther = "DRAM, other"
  case buffers = "buffers"
  case arithmetic = "array"
  case vectorUnit = "vector unit"
  case leakage = "leakage and links"

  private var parts: [EnergyBreakdown.Part] {
    switch self {
    case .dramWeights: [.dramWeights]
    case .dramOther: [.dramActivations, .dramOutputs, .dramKeyValues]
    case .buffers: [.weightBuffer, .activationBuffer, .outputBuffer]
    case .arithmetic: [.arithmetic, .accumulator, .tables, .weightDecoder, .registers]
    case .vectorUnit: [.vectorUnit]
    case .leakage: [.leakage, .link]
    }
  }

  /// What it is made of, in one line.
  var description: String {
    switch self {
    case .dramWeights: "reading weights from DRAM"
    case .dramOther: "activations, outputs and key-value cache to and from DRAM"
    case .buffers: "buffers on the chip"
    case .arithmetic: "arithmetic, accumulators, tables, weight decoders and registers of the array"
    case .vectorUnit: "vector unit: attention, norms, and the LM head of integer designs"
    case .leakage: "leakage, and links between chips"
    }
  }

  /// As part of a column's name.
  var columnName: String {
    switch self {
    case .dramWeights: "dram_weights"
    case .dramOther: "dram_other"
    case .buffers: "buffers"
    case .arithmetic: "array"
    case .vectorUnit: "vector_unit"
    case .leakage: "leakage_and_links"
    }
  }

  func joulesPerToken(_ simulation: ModelSimulation) -> Double {
    parts.reduce(0) { $0 + simulation.energy[$1] } * 1e-12 / Double(simulation.tokensPerPass)
  }
}

/// What the bytes between DRAM and a chip are.
enum TrafficOperand: String, CaseIterable, Sendable {
  case weights
  case activations
  case outputs
  case keyValues = "key-value cache"

  /// As part of a column's name.
  var columnName: String { self == .keyValues ? "key_values" : rawValue }

  func bytesPerToken(_ simulation: ModelSimulation) -> Double {
    let traffic = simulation.dram
    let bytes =
      switch self {
      case .weights: traffic.weights.bytes
      case .activations: traffic.activations.bytes
      case .outputs: traffic.outputs.bytes
      case .keyValues: traffic.keyValues.bytes
      }
    return bytes / Double(simulation.tokensPerPass)
  }
}

/// What a layer spends its time on.
enum LayerWork: String, CaseIterable, Sendable {
  case projections = "q, k, v, o"
  case feedForward = "feed-forward"
  case attention = "attention"
  case elementWise = "element-wise"
  case links

  init(_ role: OperationRole) {
    switch role {
    case .matrix(.gate), .matrix(.up), .matrix(.down), .matrix(.fusedGateUp): self = .feedForward
    case .matrix: self = .projections
    case .vector(.scores), .vector(.softmax), .vector(.values), .vector(.rotation): self = .attention
    case .vector: self = .elementWise
    case .exchange: self = .links
    }
  }
}
