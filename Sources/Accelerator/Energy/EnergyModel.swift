/// What happens on a chip in joules: occasions and bytes times what each costs. All prices are looked up when the
/// model is made, so that a matmul takes a few multiplications.
public struct EnergyModel: Sendable {
  /// Static power of one chip, on or idle, from its area.
  public let leakageWatts: Double
  /// One operation of the vector unit: a multiply-add. Exponentials and divisions are charged the same.
  public let vectorOperationPicojoules: Double
  /// Moving a byte between DRAM and the chip.
  public let dramPicojoulesPerByte: Double
  /// Moving a byte between chips.
  public let linkPicojoulesPerByte: Double
  /// Reading or writing a byte of the weight buffer.
  public let weightBufferPicojoulesPerByte: Double
  /// Reading or writing a byte of the activation buffer.
  public let activationBufferPicojoulesPerByte: Double
  /// Reading or writing a byte of the output buffer.
  public let outputBufferPicojoulesPerByte: Double
  /// The silicon that leaks.
  public let area: AreaBreakdown

  private var perMultiplyAccumulate = EnergyBreakdown()
  private var perNonzeroMultiplyAccumulate = EnergyBreakdown()
  private var perStep = EnergyBreakdown()
  private var perTable = EnergyBreakdown()
  private var perWeightEntry = EnergyBreakdown()

  /// - Parameters:
  ///   - chip: One chip.
  ///   - tables: What things cost.
  ///   - scaling: How energies reach the node of the chip.
  /// - Throws: ``CostError`` when the node is outside the tables.
  public init(_ chip: Chip, tables: CostTables, scaling: EnergyScaling = .anchors) throws(CostError) {
    let design = chip.design
    let nodeScaling = try NodeScaling(design, by: scaling, tables: tables)
    let operations = OperationCosts(energiesFrom: tables, scaling: nodeScaling)
    let memory = MemoryCosts(from: tables, scaling: nodeScaling)
    area = try AreaModel(design, tables: tables).area(of: chip)
    leakageWatts = area.totalSquareMillimetres * tables[.leakageDensity] / 1000
    vectorOperationPicojoules =
      operations[.multiply(design.vectorUnit.format)] + operations[.add(design.vectorUnit.format)]
    dramPicojoulesPerByte = 8 * design.dram.picojoulesPerBit
    linkPicojoulesPerByte = 8 * design.chips.linkPicojoulesPerBit
    // A double-buffered buffer is two memories.
    weightBufferPicojoulesPerByte = memory.picojoulesPerByte(capacity: design.weightBuffer.tileBytes)
    activationBufferPicojoulesPerByte = memory.picojoulesPerByte(capacity: design.activationBuffer.tileBytes)
    outputBufferPicojoulesPerByte = memory.picojoulesPerByte(capacity: design.outputBuffer.tileBytes)
    for activity in chip.datapath.activities(in: chip.element) {
      let path = Self.price(of: activity.occasion)
      self[keyPath: path][activity.component.energyPart] += operations[activity.operation] * activity.count
    }
  }

  /// What one matmul takes, without static power, which goes with the time of the whole.
  public func energy(of simulation: MatmulSimulation) -> EnergyBreakdown {
    let occasions = simulation.occasions
    let traffic = simulation.traffic
    var energy =
      perMultiplyAccumulate * occasions.multiplyAccumulates
      + perNonzeroMultiplyAccumulate * occasions.nonzeroMultiplyAccumulates
      + perStep * occasions.steps + perTable * occasions.tables + perWeightEntry * occasions.weightEntries
    energy[.weightBuffer] = traffic.weights.bufferBytes * weightBufferPicojoulesPerByte
    energy[.activationBuffer] = traffic.activations.bufferBytes * activationBufferPicojoulesPerByte
    energy[.outputBuffer] = traffic.outputs.bufferBytes * outputBufferPicojoulesPerByte
    energy[.dramWeights] = traffic.weights.dramBytes * dramPicojoulesPerByte
    energy[.dramActivations] = traffic.activations.dramBytes * dramPicojoulesPerByte
    energy[.dramOutputs] = traffic.outputs.dramBytes * dramPicojoulesPerByte
    return energy
  }

  private static func price(
    of occasion: Activity.Occasion
  ) -> WritableKeyPath<EnergyModel, EnergyBreakdown> {
    switch occasion {
    case .multiplyAccumulate: \.perMultiplyAccumulate
    case .nonzeroMultiplyAccumulate: \.perNonzeroMultiplyAccumulate
    case .step: \.perStep
    case .table: \.perTable
    case .weightEntry: \.perWeightEntry
    }
  }
}

extension OperandTraffic {
  /// Bytes into and out of the buffer.
  fileprivate var bufferBytes: Double { bufferReadBytes + bufferWriteBytes }
}

extension Activity.Component {
  fileprivate var energyPart: EnergyBreakdown.Part {
    switch self {
    case .arithmetic: .arithmetic
    case .accumulator: .accumulator
    case .tables: .tables
    case .weightDecoder: .weightDecoder
    case .registers: .registers
    }
  }
}
