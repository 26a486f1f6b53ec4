/// Time of a matmul whose tiles are computed while their neighbours travel, in lockstep: while one tile is
/// computed, what the next needs is loaded and what the one before made is stored, and all three must be done
/// before the next interval begins.
///
///     total = latency + load(0) + sum over j of max(compute(j), load(j+1) + store(j-1)) + store(last)
///
/// A buffer that is not double-buffered cannot be filled or emptied while the array uses it: its transfers are
/// added to the interval instead.
public struct PingPongClock: Sendable {
  private let memory: PingPongMemory
  private var loads = PingPongTransfer()
  private var storeOfPrevious = 0.0
  private var current: (compute: Double, store: PingPongTransfer)?
  private var elapsed: Double

  /// Cycles that the array computed or waited for the buffers' ports.
  public private(set) var computeCycles = 0.0
  /// Cycles that DRAM moved bytes.
  public private(set) var dramBusyCycles = 0.0

  /// A clock at zero.
  public init(_ chip: Chip) { self.init(PingPongMemory(chip)) }

  init(_ memory: PingPongMemory) {
    self.memory = memory
    elapsed = memory.latencyCycles
  }

  /// Takes the next iteration.
  ///
  /// - Parameters:
  ///   - iteration: What it loads and stores.
  ///   - computeCycles: What the array takes for it, waiting for the ports included.
  public mutating func add(_ iteration: TileIteration, computeCycles: Double) {
    let load = memory.load(
      weightBytes: iteration.weightLoadBytes, activationBytes: iteration.activationLoadBytes,
      partialSumBytes: iteration.partialSumLoadBytes)
    let store = memory.store(bytes: iteration.storeBytes)
    if let current {
      elapsed += PingPongMemory.interval(
        compute: current.compute, loadOfNext: load, storeOfPrevious: storeOfPrevious, store: current.store)
      storeOfPrevious = current.store.overlapped
    } else {
      elapsed += load.overlapped + load.serial
    }
    current = (computeCycles, store)
    self.computeCycles += computeCycles
    dramBusyCycles += load.overlapped + load.serial + store.overlapped + store.serial
  }

  /// Cycles until everything that was added is done and stored.
  public var totalCycles: Double {
    guard let current else { return 0 }
    return elapsed
      + PingPongMemory.interval(
        compute: current.compute, loadOfNext: PingPongTransfer(), storeOfPrevious: storeOfPrevious,
        store: current.store) + current.store.overlapped
  }
}

/// Cycles of DRAM for one iteration.
struct PingPongTransfer: Sendable {
  /// While the array computes.
  var overlapped = 0.0
  /// While it waits.
  var serial = 0.0
}

/// What the time model knows of a chip: plain numbers, quick to copy.
struct PingPongMemory: Sendable {
  let latencyCycles: Double
  let dramBytesPerCycle: Double
  let overlapsWeights: Bool
  let overlapsActivations: Bool
  let overlapsOutputs: Bool

  init(_ chip: Chip) {
    latencyCycles = chip.design.dram.latencySeconds * chip.design.technology.clockHertz
    dramBytesPerCycle = chip.dramBytesPerCycle
    overlapsWeights = chip.design.weightBuffer.isDoubleBuffered
    overlapsActivations = chip.design.activationBuffer.isDoubleBuffered
    overlapsOutputs = chip.design.outputBuffer.isDoubleBuffered
  }

  @inline(__always)
  func load(weightBytes: Double, activationBytes: Double, partialSumBytes: Double) -> PingPongTransfer {
    let overlapped =
      (overlapsWeights ? weightBytes : 0) + (overlapsActivations ? activationBytes : 0)
      + (overlapsOutputs ? partialSumBytes : 0)
    let all = weightBytes + activationBytes + partialSumBytes
    return PingPongTransfer(
      overlapped: overlapped / dramBytesPerCycle, serial: (all - overlapped) / dramBytesPerCycle)
  }

  @inline(__always)
  func store(bytes: Double) -> PingPongTransfer {
    let cycles = bytes / dramBytesPerCycle
    return overlapsOutputs
      ? PingPongTransfer(overlapped: cycles, serial: 0) : PingPongTransfer(overlapped: 0, serial: cycles)
  }

  /// The interval in which an iteration is computed.
  @inline(__always)
  static func interval(
    compute: Double, loadOfNext: PingPongTransfer, storeOfPrevious: Double, store: PingPongTransfer
  ) -> Double {
    max(compute, loadOfNext.overlapped + storeOfPrevious) + loadOfNext.serial + store.serial
  }
}
