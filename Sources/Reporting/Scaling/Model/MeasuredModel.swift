import Bench
import Workloads

/// A whole model on this CPU with one kernel, added up from its layers, each measured with cold weights.
public struct MeasuredModel: Sendable, Hashable {
  /// One of the model's matrices.
  public struct Layer: Sendable, Hashable {
    /// Its size, roles, and how often a token passes such a one.
    public let shape: DistinctShape
    /// One call on it.
    public let measurement: Measurement
    /// Seconds of one call.
    public let latency: Estimate
  }

  /// The model.
  public let model: LanguageModel
  /// Every distinct linear layer.
  public let layers: [Layer]
  /// Seconds of all linear layers: Σ count × median. The ends of its interval are the same sums of the ends of the
  /// layers' intervals, which is wider than need be.
  public let linears: Estimate
  /// Times faster than FP16, linear layers alone: the layers' paired ratios, weighted by the time that each layer
  /// takes here. `nil` where a ratio is missing.
  public let speedup: Estimate?
  /// Seconds of the LM head: its FP16 bytes at the rate at which FP16 weights of the model's largest layer were read.
  /// Modelled. `nil` where FP16 was not measured.
  public let headModelledSeconds: Double?
  /// Joules of all linear layers, where the machine measures energy.
  public let linearJoules: Double?

  /// Kernel, tokens and threads, the same for all layers.
  public var point: MeasurementPoint { layers[0].measurement.point }
  /// Bytes of all packed linear layers, padding and scales included.
  public var linearBytes: Double {
    layers.reduce(0) { $0 + Double($1.shape.countPerToken) * Double($1.measurement.packedBytes ?? 0) }
  }
  /// Stored bits of a weight over all linear layers.
  public var bitsPerWeight: Double { linearBytes * 8 / Double(model.linearParameters) }
  /// Linear layers, and the LM head once, since only the last token of a prompt needs it.
  public var secondsWithHead: Double? { headModelledSeconds.map { linears.median + $0 } }

  /// Adds up a model; `nil` unless every layer was measured.
  ///
  /// - Parameters:
  ///   - model: The model.
  ///   - kernel: What is measured on each layer.
  ///   - measurements: By size of the matrix, all under the same conditions.
  ///   - head: Bytes per second of FP16 weights by size of the matrix, with one token.
  init?(
    _ model: LanguageModel, layers measurements: [MatrixSize: Measurement],
    fp16BytesPerSecond: [MatrixSize: Double]
  ) {
    let shapes = model.matmulShapes(includingHead: false).distinct()
    let layers = shapes.compactMap { shape in
      measurements[MatrixSize(shape)].flatMap { measurement in
        measurement.operatorLatency.map { Layer(shape: shape, measurement: measurement, latency: $0) }
      }
    }
    guard !layers.isEmpty, layers.count == shapes.count else { return nil }
    self.model = model
    self.layers = layers
    func sum(_ part: (Layer) -> Double?) -> Double? {
      let parts = layers.compactMap { layer in part(layer).map { $0 * Double(layer.shape.countPerToken) } }
      return parts.count == layers.count ? parts.reduce(0, +) : nil
    }
    func estimate(_ part: (Layer, KeyPath<Estimate, Double>) -> Double?) -> Estimate? {
      guard let median = sum({ part($0, \.median) }), let low = sum({ part($0, \.low) }),
        let high = sum({ part($0, \.high) })
      else { return nil }
      return Estimate(
        median: median, low: low, high: high, coverage: layers.map(\.latency.coverage).min() ?? 0,
        count: layers.map(\.latency.count).min() ?? 0)
    }
    guard let linears = estimate({ $0.latency[keyPath: $1] }) else { return nil }
    self.linears = linears
    speedup = estimate { layer, end in
      layer.measurement.speedupOverFP16.map { $0[keyPath: end] * layer.latency.median / linears.median }
    }
    let largest = shapes.max { $0.outFeatures * $0.inFeatures < $1.outFeatures * $1.inFeatures }
    headModelledSeconds = largest.flatMap { fp16BytesPerSecond[MatrixSize($0)] }
      .map { Double(model.embeddingParameters) * 2 / $0 }
    linearJoules = sum(\.measurement.energyJoules)
  }
}

/// Rows and columns of a weight matrix: what a measurement depends on, whichever model it was made for.
struct MatrixSize: Hashable {
  let outFeatures: Int
  let inFeatures: Int

  init(_ shape: DistinctShape) {
    outFeatures = shape.outFeatures
    inFeatures = shape.inFeatures
  }

  init(_ point: MeasurementPoint) {
    outFeatures = point.outFeatures
    inFeatures = point.inFeatures
  }
}
