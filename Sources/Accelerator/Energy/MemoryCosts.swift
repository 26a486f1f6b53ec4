/// What memory on the chip costs at one node.
struct MemoryCosts: Sendable {
  /// Picojoules of reading or writing a byte, by capacity in bytes.
  private let points: [(bytes: Double, picojoulesPerByte: Double)]
  /// Square micrometres of a byte.
  let squareMicrometresPerByte: Double

  init(from tables: CostTables, scaling: NodeScaling) {
    let capacities: [(Double, CostQuantity)] = [
      (8192, .smallSRAMEnergy), (32_768, .mediumSRAMEnergy), (1_048_576, .largeSRAMEnergy),
    ]
    points = capacities.map { bytes, quantity in
      let access = scaling.energy(
        coarse: tables[quantity, at: NodeScaling.coarseAnchor],
        fine: tables[quantity, at: NodeScaling.fineAnchor])
      return (bytes, access / 8)
    }
    let cell = scaling.cellArea(
      coarse: tables[.sramCellArea, at: NodeScaling.coarseAnchor],
      fine: tables[.sramCellArea, at: NodeScaling.fineAnchor])
    squareMicrometresPerByte = 8 * cell / tables[.sramArrayEfficiency]
  }

  /// Picojoules of reading or writing a byte of a memory of so many bytes.
  func picojoulesPerByte(capacity: Int) -> Double {
    let bytes = max(Double(capacity), points[0].bytes)
    let upper = min(points.firstIndex { $0.bytes > bytes } ?? points.count - 1, points.count - 1)
    return powerInterpolated(
      at: bytes, from: (points[upper - 1].bytes, points[upper - 1].picojoulesPerByte),
      to: (points[upper].bytes, points[upper].picojoulesPerByte))
  }
}
