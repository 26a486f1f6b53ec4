import Foundation
import Workloads

/// What model simulations need to know of a chip beside its cycles.
public protocol ChipCosts: Sendable {
  /// Energy of a matmul on one chip, without leakage.
  func energy(of simulation: MatmulSimulation) -> EnergyBreakdown
  /// Energy of one operation of a lane of the vector unit.
  var vectorOperationPicojoules: Double { get }
  /// Static power of one chip.
  var leakageWatts: Double { get }
  /// Area of one chip.
  var areaSquareMillimetres: Double { get }
}

/// Runs whole models on a design.
public struct ModelSimulator: Sendable {
  /// One of the design's equal chips.
  public let chip: Chip
  private let matmuls: any MatmulSimulator
  private let costs: any ChipCosts

  /// - Parameters:
  ///   - chip: One of the design's equal chips.
  ///   - matmuls: Simulates what runs on the array.
  ///   - costs: Energy and area of that chip.
  public init(_ chip: Chip, matmuls: any MatmulSimulator, costs: any ChipCosts) {
    self.chip = chip
    self.matmuls = matmuls
    self.costs = costs
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
      chip: chip, matmuls: matmuls, costs: costs, workload: workload,
      zeroShare: format.isTernary && format != .b1 ? zeroShare : 0)
    var operations = try run.records(options, division: division)
    operations += run.exchanges(division)
    // Chips leak while they wait for the slowest of their operation. Stages of a pipeline work on other batches.
    let leakagePicojoulesPerSecond = costs.leakageWatts * 1e12
    for index in operations.indices {
      operations[index].energy[.leakage] =
        leakagePicojoulesPerSecond * Double(division.chipsPerStage) * operations[index].seconds
    }
    let time = division.time(of: operations)

    var energy = operations.reduce(EnergyBreakdown()) { $0 + $1.energy * Double($1.count) }
    energy[.leakage] = leakagePicojoulesPerSecond * Double(design.chips.count) * time.betweenPasses
    return ModelSimulation(
      design: design, workload: workload, zeroShare: run.zeroShare, operations: operations,
      headRunsOn: options.runsHeadOnArray ? .array : .vectorUnit, secondsPerPass: time.pass,
      secondsBetweenPasses: time.betweenPasses, energy: energy,
      areaSquareMillimetres: costs.areaSquareMillimetres * Double(design.chips.count),
      peakMultiplyAccumulatesPerSecond: chip.peakMultiplyAccumulatesPerCycle
        * design.technology.clockHertz * Double(design.chips.count),
      memory: division.memory(for: workload))
  }
}
