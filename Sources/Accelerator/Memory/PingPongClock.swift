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
  private var elapsed: Double
  private var storeOfPrevious = 0.0
  private var current: (compute: Double, store: PingPongTransfer)?

  /// Cycles that the array computed or waited for the ports of its buffers.
  public private(set) var computeCycles = 0.0
  /// Cycles that DRAM moved bytes.
  public private(set) var dramBusyCycles = 0.0

  /// A clock at zero.
  public init(_ chip: Chip) {
    memory = PingPongMemory(chip)
    elapsed = memory.latencyCycles
  }

  /// Takes the next iteration.
  ///
  /// - Parameters:
  ///   - iteration: What it loads and stores.
  ///   - computeCycles: What the array takes for it, waiting for the ports included.
  public mutating func add(_ iteration: TileIteration, computeCycles: Double) {
    let load = memory.load(iteration.loads)
    let store = memory.store(iteration.stores)
    elapsed += endOfInterval(loadOfNext: load) ?? load.cycles
    storeOfPrevious = current?.store.overlapped ?? 0
    current = (computeCycles, store)
    self.computeCycles += computeCycles
    dramBusyCycles += load.cycles + store.cycles
  }

  /// Cycles until everything that was added is computed and stored.
  public var totalCycles: Double {
    elapsed + (endOfInterval(loadOfNext: PingPongTransfer()) ?? 0) + (current?.store.overlapped ?? 0)
  }

  private func endOfInterval(loadOfNext: PingPongTransfer) -> Double? {
    current.map {
      PingPongMemory.interval(
        compute: $0.compute, loadOfNext: loadOfNext, storeOfPrevious: storeOfPrevious, store: $0.store)
    }
  }
}

/// Cycles of DRAM.
struct PingPongTransfer: Sendable {
  /// While the array computes.
  var overlapped = 0.0
  /// While it waits.
  var serial = 0.0

  var cycles: Double { overlapped + serial }
}

/// What the time model knows of a chip: cycles of DRAM for one element of each operand, where zero says that it
/// is not moved in that way.
struct PingPongMemory: Sendable {
  let latencyCycles: Double
  private let weight: PingPongTransfer
  private let activation: PingPongTransfer
  private let partialSum: PingPongTransfer
  private let output: PingPongTransfer

  init(_ chip: Chip) {
    let design = chip.design
    let bytes = ElementBytes(design)
    let bytesPerCycle = chip.dramBytesPerCycle
    func cycles(_ bytes: Double, _ buffer: BufferDesign) -> PingPongTransfer {
      buffer.isDoubleBuffered
        ? PingPongTransfer(overlapped: bytes / bytesPerCycle, serial: 0)
        : PingPongTransfer(overlapped: 0, serial: bytes / bytesPerCycle)
    }
    latencyCycles = design.dram.latencySeconds * design.technology.clockHertz
    weight = cycles(bytes.fetchedWeight, design.weightBuffer)
    activation = cycles(bytes.activation, design.activationBuffer)
    partialSum = cycles(bytes.partialSum, design.outputBuffer)
    output = cycles(bytes.output, design.outputBuffer)
  }

  @inline(__always)
  func load(_ transfer: TileTransfer) -> PingPongTransfer {
    PingPongTransfer(
      overlapped: transfer.weights * weight.overlapped + transfer.activations * activation.overlapped
        + transfer.partialSumsBack * partialSum.overlapped,
      serial: transfer.weights * weight.serial + transfer.activations * activation.serial
        + transfer.partialSumsBack * partialSum.serial)
  }

  @inline(__always)
  func store(_ transfer: TileTransfer) -> PingPongTransfer {
    PingPongTransfer(
      overlapped: transfer.partialSumsOut * partialSum.overlapped + transfer.outputs * output.overlapped,
      serial: transfer.partialSumsOut * partialSum.serial + transfer.outputs * output.serial)
  }

  /// Cycles that DRAM is busy with a transfer.
  @inline(__always)
  func cycles(_ transfer: TileTransfer) -> Double { load(transfer).cycles + store(transfer).cycles }

  /// The interval in which an iteration is computed.
  @inline(__always)
  static func interval(
    compute: Double, loadOfNext: PingPongTransfer, storeOfPrevious: Double, store: PingPongTransfer
  ) -> Double {
    max(compute, loadOfNext.overlapped + storeOfPrevious) + loadOfNext.serial + store.serial
  }
}
