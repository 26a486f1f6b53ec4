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
  /// Share of the time of all parts, from 0 to 1, during whose measurement other work took CPU time.
  public let disturbedShare: Double

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
    func parts(_ shapes: [BenchShape], _ kernel: String, tokens: Int) -> [Part]? {
      let parts = shapes.compactMap { shape -> Part? in
        let key = Key(
          kernel: kernel, outFeatures: shape.outFeatures, inFeatures: shape.inFeatures, tokens: tokens,
          threads: threads)
        guard let measurement = table[key], measurement.status == .measured,
          let latency = measurement.operatorLatency
        else { return nil }
        return Part(measurement: measurement, latency: latency, times: Double(shape.countPerToken))
      }
      return parts.count == shapes.count ? parts : nil
    }
    guard let linears = parts(pass.linears, kernel, tokens: pass.tokens), let sum = Part.sum(of: linears)
    else { return nil }
    let head = parts([pass.head], float, tokens: 1)
    let attention = parts(pass.attention, float, tokens: pass.tokens)
    let joules = linears.compactMap { part in part.measurement.energyJoules.map { $0 * part.times } }
    let all = linears + (head ?? []) + (attention ?? [])
    let disturbed = all.filter(\.measurement.wasPreemptedOften)
    return PassTime(
      kernel: kernel, linears: sum, head: head.flatMap(Part.sum), attention: attention.flatMap(Part.sum),
      packedBytes: linears.reduce(0) { $0 + Double($1.measurement.packedBytes ?? 0) * $1.times },
      joules: joules.count == linears.count ? joules.reduce(0, +) : nil,
      disturbedShare: disturbed.reduce(0) { $0 + $1.seconds } / all.reduce(0) { $0 + $1.seconds })
  }

  /// A matrix of a pass.
  private struct Part {
    let measurement: Measurement
    let latency: Estimate
    let times: Double

    var seconds: Double { latency.median * times }

    static func sum(of parts: [Part]) -> Estimate? { .sum(of: parts.map { ($0.latency, $0.times) }) }
  }
}
