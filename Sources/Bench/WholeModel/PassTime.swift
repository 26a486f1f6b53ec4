/// What a pass takes with one kernel in the linear layers, added up from its matrices, each measured by itself
/// with weights that come from memory.
public struct PassTime: Sendable, Hashable {
  /// The kernel of the linear layers.
  public let kernel: String
  /// Seconds of all linear layers.
  public let linears: Estimate
  /// Seconds of the LM head in FP16; `nil` if it was not measured.
  public let head: Estimate?
  /// Seconds of attention over the FP16 cache; `nil` if it was not measured.
  public let attention: Estimate?
  /// Bytes of all linear layers as packed, padding included.
  public let packedBytes: Double
  /// Measured energy of all of them; `nil` where the machine has no meter.
  public let joules: Double?

  /// Seconds of all parts; `nil` if one was not measured.
  public var total: Estimate? {
    guard let head, let attention else { return nil }
    return .sum(of: [(linears, 1), (head, 1), (attention, 1)])
  }
}

/// Measurements by what was measured.
public struct LayerMeasurements: Sendable {
  private struct Key: Hashable {
    let kernel: String
    let outFeatures: Int
    let inFeatures: Int
    let tokens: Int
    let threads: Int
  }

  private let table: [Key: Measurement]

  /// Of several measurements of one thing with cold weights, the last counts.
  public init(_ measurements: [Measurement]) {
    table = Dictionary(
      measurements.filter { $0.point.cache == .cold }.map { measurement in
        let point = measurement.point
        return (
          Key(
            kernel: point.kernel, outFeatures: point.outFeatures, inFeatures: point.inFeatures,
            tokens: point.tokens, threads: point.threads), measurement
        )
      }, uniquingKeysWith: { $1 })
  }

  /// The times of a pass.
  ///
  /// - Parameters:
  ///   - pass: The pass.
  ///   - kernel: Of the linear layers.
  ///   - float: The FP16 kernel of LM head and attention.
  ///   - threads: Team size.
  /// - Returns: `nil` unless every linear layer was measured.
  public func time(of pass: ModelPass, kernel: String, float: String, threads: Int) -> PassTime? {
    func measurement(_ shape: BenchShape, _ kernel: String, tokens: Int) -> Measurement? {
      let key = Key(
        kernel: kernel, outFeatures: shape.outFeatures, inFeatures: shape.inFeatures, tokens: tokens,
        threads: threads)
      return table[key].flatMap { $0.status == .measured ? $0 : nil }
    }
    func sum(_ shapes: [BenchShape], _ kernel: String, tokens: Int) -> Estimate? {
      let terms = shapes.compactMap { shape in
        measurement(shape, kernel, tokens: tokens)?.operatorLatency.map { ($0, Double(shape.countPerToken)) }
      }
      return terms.count == shapes.count ? .sum(of: terms) : nil
    }
    guard let linears = sum(pass.linears, kernel, tokens: pass.tokens) else { return nil }
    let measured = pass.linears.map { ($0, measurement($0, kernel, tokens: pass.tokens)) }
    let joules = measured.compactMap { shape, measurement in
      measurement?.energyJoules.map { $0 * Double(shape.countPerToken) }
    }
    return PassTime(
      kernel: kernel, linears: linears, head: sum([pass.head], float, tokens: 1),
      attention: sum(pass.attention, float, tokens: pass.tokens),
      packedBytes: measured.reduce(0) {
        $0 + Double($1.1?.packedBytes ?? 0) * Double($1.0.countPerToken)
      },
      joules: joules.count == measured.count ? joules.reduce(0, +) : nil)
  }
}
