import Accelerator
import Ternary

/// The chips that stand beside kernels: for each compute family the first design whose datapath computes that way.
public struct ChipModels: Sendable {
  private let designs: [Design]
  private let tables: CostTables

  /// - Parameters:
  ///   - designs: In the order in which they are preferred.
  ///   - tables: What things cost.
  public init(_ designs: [Design], tables: CostTables) {
    self.designs = designs
    self.tables = tables
  }

  /// Puts what the chips take beside what was measured.
  ///
  /// Weights travel as the kernel packs them where the datapath takes that format, else in the design's own. A matmul
  /// that a chip cannot run becomes a warning: measurements are never lost for it.
  public func complete(_ results: inout BenchResults) {
    var warnings: [String] = []
    for index in results.measurements.indices where !results.measurements[index].status.isSkipped {
      do {
        results.measurements[index].modelled = try model(results.measurements[index])
      } catch {
        let warning = "not modelled: \(error)"
        if !warnings.contains(warning) { warnings.append(warning) }
      }
    }
    results.warnings += warnings
  }

  /// - Returns: `nil` if no design computes like the kernel.
  private func model(_ measurement: Measurement) throws -> ModelledMatmul? {
    let point = measurement.point
    guard let family = ComputeFamily(rawValue: point.family),
      let chip = try chip(for: family, packing: point.packing)
    else { return nil }
    let format = chip.design.weightFormat
    let hasZeros = format.isTernary && format != .b1
    let simulation = try AnalyticalSimulator().simulate(
      MatmulSize(tokens: point.tokens, inFeatures: point.inFeatures, outFeatures: point.outFeatures),
      zeroShare: hasZeros ? measurement.zeroShare ?? ModelSimulator.zeroShareOfNormalWeights : 0, on: chip,
      tiling: nil)
    let energy = try EnergyModel(chip, tables: tables, scaling: .anchors)
    let seconds = simulation.cycles.total / chip.design.technology.clockHertz
    return ModelledMatmul(
      design: chip.design.name, weightFormat: format.rawValue, cycles: simulation.cycles.total,
      seconds: seconds, dramBytes: simulation.traffic.dramBytes,
      energyJoules: energy.energy(of: simulation).totalPicojoules * 1e-12 + energy.leakageWatts * seconds)
  }

  private func chip(for family: ComputeFamily, packing: String) throws(DesignError) -> Chip? {
    for design in designs {
      let chip = try Chip(design)
      guard chip.datapath.family.computes(like: family) else { continue }
      var own = design
      if let format = WeightFormat(rawValue: packing) { own.weightFormat = format }
      return (try? Chip(own)) ?? chip
    }
    return nil
  }
}

extension ComputeFamily {
  /// Kernels that unpack weights to int8 and multiply them do what an int8 datapath does behind its decoder.
  fileprivate func computes(like kernels: ComputeFamily) -> Bool {
    self == kernels || self == .int8 && kernels == .mad
  }
}
