/// What happened during a matmul, added up tile by tile or class by class: what both simulators make their result
/// from.
struct SimulationTally {
  private(set) var arrayCycles = 0.0
  private(set) var stallCycles = 0.0
  private var weightReads = 0.0
  private var activationReads = 0.0
  private var outputWrites = 0.0
  private var outputReads = 0.0
  private var occasions = OccasionCounts()
  private var transfers = TileTransfer()

  /// Adds so many tiles that run alike.
  mutating func add(_ run: ArrayRun, times: Double = 1) {
    arrayCycles += Double(run.cycles) * times
    stallCycles += run.stallCycles * times
    weightReads += run.weightReads * times
    activationReads += run.activationReads * times
    outputWrites += run.outputWrites * times
    outputReads += run.outputReads * times
    occasions.multiplyAccumulates += run.occasions.multiplyAccumulates * times
    occasions.nonzeroMultiplyAccumulates += run.occasions.nonzeroMultiplyAccumulates * times
    occasions.steps += run.occasions.steps * times
    occasions.tables += run.occasions.tables * times
    occasions.weightEntries += run.occasions.weightEntries * times
  }

  /// Adds what moved between DRAM and the buffers.
  mutating func add(_ transfer: TileTransfer) { transfers += transfer }

  /// The result.
  func simulation(
    of size: MatmulSize, zeroShare: Double, tiling: Tiling, totalCycles: Double, on chip: Chip
  ) -> MatmulSimulation {
    let traffic = traffic(of: size, on: chip)
    let dramBusy = traffic.dramBytes / chip.dramBytesPerCycle
    return MatmulSimulation(
      size: size, zeroShare: zeroShare, tiling: tiling,
      cycles: CycleBreakdown(
        total: totalCycles, array: arrayCycles, bufferStall: stallCycles,
        dramStall: max(0, totalCycles - arrayCycles - stallCycles), dramBusy: dramBusy,
        binding: binding(dramBusy: dramBusy, on: chip)),
      traffic: traffic, occasions: occasions,
      utilisation: size.multiplyAccumulates / (totalCycles * chip.peakMultiplyAccumulatesPerCycle))
  }

  private func traffic(of size: MatmulSize, on chip: Chip) -> Traffic {
    let bytes = ElementBytes(chip.design)
    let weights = Double(size.inFeatures) * Double(size.outFeatures)
    let activations = Double(size.tokens) * Double(size.inFeatures)
    let partialSumBytesBack = transfers.partialSumsBack * bytes.partialSum
    let sumsOut = transfers.partialSumsOut + transfers.outputs
    return Traffic(
      weights: OperandTraffic(
        compulsoryBytes: weights * bytes.fetchedWeight,
        capacityBytes: (transfers.weights - weights) * bytes.fetchedWeight,
        bufferReadBytes: weightReads * bytes.weight,
        bufferWriteBytes: transfers.weights * bytes.fetchedWeight),
      activations: OperandTraffic(
        compulsoryBytes: activations * bytes.activation,
        capacityBytes: (transfers.activations - activations) * bytes.activation,
        bufferReadBytes: activationReads * bytes.activation,
        bufferWriteBytes: transfers.activations * bytes.activation),
      outputs: OperandTraffic(
        compulsoryBytes: transfers.outputs * bytes.output,
        capacityBytes: transfers.partialSumsOut * bytes.partialSum + partialSumBytesBack,
        bufferReadBytes: (outputReads + sumsOut) * bytes.partialSum,
        bufferWriteBytes: outputWrites * bytes.partialSum + partialSumBytesBack))
  }

  /// The resource that was busy the longest; the array on ties.
  private func binding(dramBusy: Double, on chip: Chip) -> Resource {
    let (design, bytes) = (chip.design, ElementBytes(chip.design))
    let others: [(Resource, Double)] = [
      (.weightBuffer, weightReads * bytes.weight / design.weightBuffer.bytesPerCycle),
      (.activationBuffer, activationReads * bytes.activation / design.activationBuffer.bytesPerCycle),
      (.outputBuffer, (outputReads + outputWrites) * bytes.partialSum / design.outputBuffer.bytesPerCycle),
      (.dram, dramBusy),
    ]
    var binding = (Resource.array, arrayCycles)
    for other in others where other.1 > binding.1 { binding = other }
    return binding.0
  }
}
