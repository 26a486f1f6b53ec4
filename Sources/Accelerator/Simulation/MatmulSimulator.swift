/// A way to find out what a matmul takes on a chip. There are two: in closed form, and cycle by cycle.
public protocol MatmulSimulator: Sendable {
  /// - Parameters:
  ///   - size: The matmul.
  ///   - zeroShare: Share of the weights that are zero, from 0 to 1.
  ///   - chip: One chip; several share a model one level up.
  ///   - tiling: Fixes the tiles; `nil` takes the best there are.
  /// - Throws: ``SimulationError`` when nothing fits the buffers.
  func simulate(
    _ size: MatmulSize, zeroShare: Double, on chip: Chip, tiling: Tiling?
  ) throws(SimulationError) -> MatmulSimulation
}

/// Why a matmul cannot be simulated on a design.
public enum SimulationError: Error, Sendable, Equatable, CustomStringConvertible {
  /// A tile does not fit its buffer.
  case doesNotFit(design: String, buffer: Resource, tile: String, bytesMissing: Int)
  /// Sizes that cannot be worked with.
  case unsupported(design: String, reason: String)
  /// Cycle by cycle, the design gave another result than the reference.
  case wrongResult(
    design: String, size: MatmulSize, token: Int, outFeature: Int, found: Int32, expected: Int32)

  /// One sentence.
  public var description: String {
    switch self {
    case .doesNotFit(let design, let buffer, let tile, let bytesMissing):
      "design '\(design)': a tile of \(tile) does not fit the \(buffer.rawValue), which lacks \(bytesMissing) bytes"
    case .unsupported(let design, let reason): "design '\(design)': \(reason)"
    case .wrongResult(let design, let size, let token, let outFeature, let found, let expected):
      "design '\(design)': wrong result for \(size.tokens)x\(size.inFeatures)x\(size.outFeatures): token \(token), "
        + "out-feature \(outFeature) is \(found) where the reference has \(expected)"
    }
  }
}
