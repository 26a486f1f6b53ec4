/// What the buffers of a chip hold of one tile.
struct BufferCapacity {
  private let design: String
  private let bytes: ElementBytes
  private let weights: BufferDesign?
  private let activations: BufferDesign
  private let outputs: BufferDesign

  /// The buffers of a design. One that keeps all its weights need not hold tiles of them.
  init(_ design: Design) {
    self.design = design.name
    bytes = ElementBytes(design)
    weights = design.keepsWeightsOnChip ? nil : design.weightBuffer
    activations = design.activationBuffer
    outputs = design.outputBuffer
  }

  /// Whether a tile of outputs fits.
  func holdsOutputs(tokens: Int, outFeatures: Int) -> Bool {
    Self.missing(tokens, outFeatures, bytes.partialSum, outputs) == 0
  }

  /// Whether a tile of weights fits.
  func holdsWeights(inFeatures: Int, outFeatures: Int) -> Bool {
    guard let weights else { return true }
    return Self.missing(inFeatures, outFeatures, bytes.weight, weights) == 0
  }

  /// Whether a tile of activations fits.
  func holdsActivations(tokens: Int, inFeatures: Int) -> Bool {
    Self.missing(tokens, inFeatures, bytes.activation, activations) == 0
  }

  /// - Throws: ``SimulationError/doesNotFit(design:buffer:tile:bytesMissing:)`` for the first buffer that is too
  ///   small, with the bytes by which the whole buffer, not a half of it, must grow.
  func check(_ tile: MatmulSize) throws(SimulationError) {
    if let weights {
      try check(
        .weightBuffer, "W", tile.inFeatures, tile.outFeatures,
        Self.missing(tile.inFeatures, tile.outFeatures, bytes.weight, weights))
    }
    try check(
      .activationBuffer, "X", tile.tokens, tile.inFeatures,
      Self.missing(tile.tokens, tile.inFeatures, bytes.activation, activations))
    try check(
      .outputBuffer, "Y", tile.tokens, tile.outFeatures,
      Self.missing(tile.tokens, tile.outFeatures, bytes.partialSum, outputs))
  }

  private func check(
    _ buffer: Resource, _ matrix: String, _ rows: Int, _ columns: Int, _ missing: Int
  ) throws(SimulationError) {
    guard missing > 0 else { return }
    throw .doesNotFit(
      design: design, buffer: buffer, tile: "\(matrix) of \(rows)x\(columns)", bytesMissing: missing)
  }

  private static func missing(
    _ rows: Int, _ columns: Int, _ elementBytes: Double, _ buffer: BufferDesign
  ) -> Int {
    // Multiples of 1.6 bits that are whole bytes may come out a little above.
    let needed = Int((Double(rows) * Double(columns) * elementBytes - 1e-6).rounded(.up))
    return max(0, buffer.isDoubleBuffered ? 2 * needed - buffer.bytes : needed - buffer.bytes)
  }
}
