import Foundation
import Workloads

/// Runs whole models on a design.
public struct ModelSimulator: Sendable {
  /// One of the design's equal chips.
  public let chip: Chip
  /// Prices of that chip.
  public let energy: EnergyModel
  private let matmuls: any MatmulSimulator

  /// - Parameters:
  ///   - design: The design, with all its chips.
  ///   - matmuls: Simulates what runs on the array.
  ///   - tables: What things cost.
  ///   - scaling: How energies reach the node of the design.
  /// - Throws: ``ModelSimulationError`` when the datapath does not suit the design or its node cannot be priced.
  public init(
    _ design: Design, matmuls: any MatmulSimulator = AnalyticalSimulator(), tables: CostTables,
    scaling: EnergyScaling = .anchors
  ) throws(ModelSimulationError) {
    self.matmuls = matmuls
    do { chip = try Chip(design) } catch { throw .design(error) }
    do { energy = try EnergyModel(chip, tables: tables, scaling: scaling) } catch { throw .cost(error) }
  }

  /// Share of zeros among normally distributed weights after absmean rounding: those below half their mean
  /// magnitude, which is σ√(2/π).
  public static let zeroShareOfNormalWeights = erf(0.5 / Double.pi.squareRoot())

  /// Simulates one pass.
  ///
  /// - Parameters:
  ///   - workload: The pass.
  ///   - zeroShare: Share of zeros among ternary weights, from 0 to 1. Formats without zeros have none.
  /// - Throws: ``ModelSimulationError`` when a matrix cannot be simulated, weights that should stay on the chips
  ///   do not fit, or there are more chips than parts of the model.
  public func simulate(
    _ workload: InferenceWorkload, zeroShare: Double = zeroShareOfNormalWeights
  ) throws(ModelSimulationError) -> ModelSimulation {
    let design = chip.design
    let format = design.weightFormat
    let division = try ModelDivision(workload.model, among: design)
    try division.checkWeightsFit()

    let options = PassOptions(design)
    var run = OperationRun(
      chip: chip, matmuls: matmuls, prices: energy, workload: workload,
      zeroShare: format.isTernary && format != .b1 ? zeroShare : 0)
    var operations = try run.records(options, division: division)
    operations += run.exchanges(division)
    // Chips leak while they wait for the slowest of their operation. Stages of a pipeline work on other batches.
    let leakagePicojoulesPerSecond = energy.leakageWatts * 1e12
    for index in operations.indices {
      operations[index].energy[.leakage] =
        leakagePicojoulesPerSecond * Double(division.chipsPerStage) * operations[index].seconds
    }
    let time = division.time(of: operations)

    var spent = operations.reduce(EnergyBreakdown()) { $0 + $1.energy * Double($1.count) }
    spent[.leakage] = leakagePicojoulesPerSecond * Double(design.chips.count) * time.betweenPasses
    return ModelSimulation(
      design: design, workload: workload, zeroShare: run.zeroShare, operations: operations,
      headRunsOn: options.runsHeadOnArray ? .array : .vectorUnit, secondsPerPass: time.pass,
      secondsBetweenPasses: time.betweenPasses, energy: spent, areaPerChip: energy.area,
      peakMultiplyAccumulatesPerSecond: chip.peakMultiplyAccumulatesPerCycle
        * design.technology.clockHertz * Double(design.chips.count),
      memory: division.memory(for: workload))
  }
}
