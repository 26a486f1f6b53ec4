import Workloads

/// The least time that a pass can take on a device: every operation at its peak or at the bandwidth of its memory,
/// whichever takes longer, one operation after the other.
///
/// Counted are products, with weights, keys and values once, and inputs and outputs of matrices. Element-wise work,
/// launches and everything else that keeps a device from its peaks are not.
public struct DeviceEstimate: Sendable, Hashable {
  /// The device.
  public let device: RooflineDevice
  /// How many of them form a pipeline, each with some of the layers and a batch of its own.
  public let devices: Int
  /// The pass of one batch.
  public let workload: InferenceWorkload
  /// Bits of a weight in the linear layers. Embedding and LM head have 16.
  public let weightBits: Double
  /// From the first token in to the last result out, time between devices included where it is known.
  public let secondsPerPass: Double
  /// Between the results of one pass and the next, with a batch in every device.
  public let secondsBetweenPasses: Double
  /// Share of the time of a pass that is bound by memory.
  public let memoryBoundShare: Double
  /// Bytes to be stored by all devices, with a batch in each.
  public let memory: ModelMemory

  /// Tokens a second, all devices.
  public var tokensPerSecond: Double { Double(workload.tokens) / secondsBetweenPasses }
  /// Whether the devices can hold it; `nil` if their memory is not known.
  public var fits: Bool? {
    device.memoryBytes.map { memory.bytes <= $0.value * Double(devices) }
  }

  /// - Parameters:
  ///   - workload: The pass of one batch.
  ///   - device: The device.
  ///   - weightBits: Bits of a weight in the linear layers: 16, 2 or log2(3).
  ///   - devices: How many form a pipeline; more than the model has layers are no use and taken as that many.
  public init(_ workload: InferenceWorkload, on device: RooflineDevice, weightBits: Double, devices: Int = 1)
  {
    let model = workload.model
    let devices = min(max(devices, 1), model.layers)
    let options = PassOptions(
      quantisesActivations: weightBits < 16, rescalesOutputs: weightBits < 16, runsHeadOnArray: true,
      keepsHeadOnChip: false, residentBytes: .max)
    var (layer, once, memoryBound) = (0.0, 0.0, 0.0)
    for operation in workload.operations(options, share: ModelShare(of: model)) {
      let isHead = operation.role == .matrix(.languageModelHead)
      let (compute, transfer) = device.seconds(for: operation.work, weightBits: isHead ? 16 : weightBits)
      let seconds = max(compute, transfer)
      let count = operation.scope == .layer ? Double(model.layers) : 1
      if operation.scope == .layer { layer += seconds } else { once += seconds }
      if transfer > compute { memoryBound += seconds * count }
    }
    let hop = device.linkBytesPerSecond.map {
      Double(workload.tokens * model.hiddenSize) * InferenceWorkload.stateBytes / $0.value
    }
    let computing = Double(model.layers) * layer + once
    // The stage with the LM head has one layer less where they do not divide.
    let most = Double((model.layers + devices - 1) / devices)
    let fewest = Double(model.layers / devices)
    self.device = device
    self.devices = devices
    self.workload = workload
    self.weightBits = weightBits
    secondsPerPass = computing + Double(devices - 1) * (hop ?? 0)
    secondsBetweenPasses = max(most * layer, fewest * layer + once, devices > 1 ? hop ?? 0 : 0)
    memoryBoundShare = memoryBound / computing
    memory = ModelMemory(of: workload, weightBits: weightBits, batches: devices)
  }

  /// The most sequences that fit the memory of so many devices together, beside the weights; `nil` if their memory
  /// is not known, 0 if not even the weights fit.
  public static func largestBatch(
    of model: LanguageModel, context: Int, on device: RooflineDevice, weightBits: Double, devices: Int = 1
  ) -> Int? {
    guard let capacity = device.memoryBytes else { return nil }
    let weights = model.linearBytes(bitsPerWeight: weightBits) + model.embeddingBytes
    let sequence = Double(model.keyValueCacheBytesPerToken()) * Double(max(context, 1))
    let free = capacity.value * Double(max(devices, 1)) - weights
    return free <= 0 ? 0 : Int(min(free / sequence, 0x1p53))
  }
}

extension RooflineDevice {
  fileprivate func seconds(
    for work: ModelOperation.Work, weightBits: Double
  ) -> (compute: Double, transfer: Double) {
    switch work {
    case .matmul(let size):
      let (m, k, n) = (Double(size.tokens), Double(size.inFeatures), Double(size.outFeatures))
      let input = weightBits < 16 && int8OperationsPerSecond != nil ? 1 : InferenceWorkload.stateBytes
      let bytes = k * n * weightBits / 8 + m * k * input + m * n * InferenceWorkload.stateBytes
      return (
        2 * size.multiplyAccumulates / operationsPerSecond(weightBits: weightBits),
        bytes / memoryBytesPerSecond.value
      )
    case .vector(let work):
      return (
        2 * work.multiplyAccumulates / float16OperationsPerSecond.value,
        work.dram.total.bytes / memoryBytesPerSecond.value
      )
    }
  }
}
