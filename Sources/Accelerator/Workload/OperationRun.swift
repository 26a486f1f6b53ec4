import Workloads

/// One pass on a design, operation by operation. Equal matrices are simulated once.
struct OperationRun {
  let chip: Chip
  let matmuls: any MatmulSimulator
  let prices: EnergyModel
  let workload: InferenceWorkload
  let zeroShare: Double
  private var known: [MatmulSize: MatmulSimulation] = [:]

  init(
    chip: Chip, matmuls: any MatmulSimulator, prices: EnergyModel, workload: InferenceWorkload,
    zeroShare: Double
  ) {
    self.chip = chip
    self.matmuls = matmuls
    self.prices = prices
    self.workload = workload
    self.zeroShare = zeroShare
  }

  /// What all chips compute, in order. Time is that of the slowest chip, which the others wait for.
  mutating func records(
    _ options: PassOptions, division: ModelDivision
  ) throws(ModelSimulationError) -> [OperationRecord] {
    // The first share is the largest and has every operation; the others have the same ones or none.
    var records: [OperationRecord] = []
    for (index, share) in division.shares.enumerated() {
      for operation in workload.operations(options, share: share) {
        let record = try self.record(of: operation, share: share)
        if index == 0 {
          records.append(record)
        } else if let position = records.firstIndex(where: { $0.role == record.role }) {
          records[position].merge(record)
        }
      }
    }
    return records
  }

  private mutating func record(
    of operation: ModelOperation, share: ModelShare
  ) throws(ModelSimulationError) -> OperationRecord {
    var record =
      switch operation.work {
      case .matmul(let size): try self.record(of: size, operation, share: share)
      case .vector(let work): self.record(of: work, operation)
      }
    let chips = Double(share.chips)
    record.multiplyAccumulates *= chips
    record.dram = record.dram * chips
    record.energy = record.energy * chips
    return record
  }

  // MARK: Array

  private mutating func record(
    of size: MatmulSize, _ operation: ModelOperation, share: ModelShare
  ) throws(ModelSimulationError) -> OperationRecord {
    let simulation = try simulation(of: size, role: operation.role)
    var energy = prices.energy(of: simulation)
    var dram = DRAMTraffic(
      weights: DRAMBytes(simulation.traffic.weights), activations: DRAMBytes(simulation.traffic.activations),
      outputs: DRAMBytes(simulation.traffic.outputs))

    // Keys and values are outputs of matrices: writing the cache is storing them.
    let cached = dram.outputs.compulsory * keyValueShare(of: operation.role, share)
    dram.outputs.compulsory -= cached
    dram.keyValues.compulsory += cached
    energy[.dramOutputs] -= prices.dramPicojoulesPerByte * cached
    energy[.dramKeyValues] += prices.dramPicojoulesPerByte * cached

    let seconds = simulation.cycles.total / chip.design.technology.clockHertz
    return OperationRecord(
      role: operation.role, scope: operation.scope, count: count(operation.scope), executedBy: .array,
      size: size, multiplyAccumulates: size.multiplyAccumulates, cycles: simulation.cycles.total,
      seconds: seconds, binding: simulation.cycles.binding, dram: dram, linkBytes: 0, energy: energy,
      utilisation: simulation.utilisation, matmul: simulation)
  }

  private mutating func simulation(
    of size: MatmulSize, role: OperationRole
  ) throws(ModelSimulationError) -> MatmulSimulation {
    if let simulation = known[size] { return simulation }
    do {
      let simulation = try matmuls.simulate(size, zeroShare: zeroShare, on: chip, tiling: nil)
      known[size] = simulation
      return simulation
    } catch {
      throw .matmul(model: workload.model.id, role: role.description, error)
    }
  }

  /// Share of a matrix's outputs that are keys or values.
  private func keyValueShare(of role: OperationRole, _ share: ModelShare) -> Double {
    switch role {
    case .matrix(.key), .matrix(.value): 1
    case .matrix(.fusedQueryKeyValue):
      Double(2 * share.keyValueHeads) / Double(share.heads + 2 * share.keyValueHeads)
    default: 0
    }
  }

  // MARK: Vector unit

  private func record(of work: VectorWork, _ operation: ModelOperation) -> OperationRecord {
    let design = chip.design
    let bytes = work.dram.total.bytes
    let latency = bytes > 0 ? design.dram.latencySeconds * design.technology.clockHertz : 0
    let laneCycles = work.laneOperations / Double(design.vectorUnit.lanes)
    let uses: [(resource: Resource, cycles: Double)] = [
      (.vectorUnit, laneCycles), (.dram, latency + bytes / chip.dramBytesPerCycle),
      (.weightBuffer, work.weightBufferBytes / design.weightBuffer.bytesPerCycle),
    ]
    let binding = uses.reduce(uses[0]) { $1.cycles > $0.cycles ? $1 : $0 }
    let cycles = max(binding.cycles, latency + laneCycles)
    let seconds = cycles / design.technology.clockHertz

    var energy = EnergyBreakdown()
    energy[.vectorUnit] = work.laneOperations * prices.vectorOperationPicojoules
    energy[.weightBuffer] = work.weightBufferBytes * prices.weightBufferPicojoulesPerByte
    energy[.dramWeights] = prices.dramPicojoulesPerByte * work.dram.weights.bytes
    energy[.dramActivations] = prices.dramPicojoulesPerByte * work.dram.activations.bytes
    energy[.dramKeyValues] = prices.dramPicojoulesPerByte * work.dram.keyValues.bytes
    return OperationRecord(
      role: operation.role, scope: operation.scope, count: count(operation.scope), executedBy: .vectorUnit,
      size: nil, multiplyAccumulates: work.multiplyAccumulates, cycles: cycles, seconds: seconds,
      binding: binding.resource, dram: work.dram, linkBytes: 0,
      energy: energy, utilisation: cycles > 0 ? laneCycles / cycles : 0, matmul: nil)
  }

  private func count(_ scope: OperationScope) -> Int { scope == .layer ? workload.model.layers : 1 }

  // MARK: Links

  /// What chips tell each other. A ring all-reduce of b bytes moves 2(p-1)/p·b over each chip's link, after each of
  /// the two matrices of a layer that are cut along their in-features.
  func exchanges(_ division: ModelDivision) -> [OperationRecord] {
    let group = chip.design.chips
    guard group.count > 1 else { return [] }
    let states = Double(workload.tokens * workload.model.hiddenSize) * InferenceWorkload.stateBytes
    switch group.parallelism {
    case .tensor:
      let bytes = 2 * Double(group.count - 1) / Double(group.count) * states
      return [
        exchange(.allReduce, .layer, count: 2 * workload.model.layers, bytes: bytes, senders: group.count)
      ]
    case .pipeline:
      return [exchange(.handOver, .pass, count: group.count - 1, bytes: states, senders: 1)]
    }
  }

  private func exchange(
    _ role: ExchangeRole, _ scope: OperationScope, count: Int, bytes: Double, senders: Int
  ) -> OperationRecord {
    let group = chip.design.chips
    let seconds = bytes / group.linkBytesPerSecond
    var energy = EnergyBreakdown()
    energy[.link] = bytes * Double(senders) * prices.linkPicojoulesPerByte
    return OperationRecord(
      role: .exchange(role), scope: scope, count: count, executedBy: .link, size: nil, multiplyAccumulates: 0,
      cycles: seconds * chip.design.technology.clockHertz, seconds: seconds, binding: .link,
      dram: DRAMTraffic(), linkBytes: bytes * Double(senders), energy: energy, utilisation: 1, matmul: nil)
  }
}

extension DRAMBytes {
  init(_ traffic: OperandTraffic) {
    self.init(compulsory: traffic.compulsoryBytes, capacity: traffic.capacityBytes)
  }
}

extension OperationRecord {
  /// The same operation on other chips, at the same time.
  mutating func merge(_ other: OperationRecord) {
    multiplyAccumulates += other.multiplyAccumulates
    dram = dram + other.dram
    energy = energy + other.energy
    guard other.seconds > seconds else { return }
    cycles = other.cycles
    seconds = other.seconds
    binding = other.binding
    size = other.size
    utilisation = other.utilisation
    matmul = other.matmul
  }
}
