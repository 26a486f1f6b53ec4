/// What a run says about this machine: which compute family is fastest, by how much over FP16, and how far from
/// the machine's limit.
public struct Verdict: Sendable, Hashable {
  /// One verdict per scenario: decode before prefill, then by tokens, threads and cold before hot.
  public var scenarios: [ScenarioVerdict]

  /// Judges `results`.
  public init(_ results: BenchResults) {
    let measured = results.measurements.filter { $0.status == .measured && $0.operatorLatency != nil }
    let byScenario = Dictionary(grouping: measured) { Scenario($0.point) }
    scenarios = byScenario.keys.sorted().map { ScenarioVerdict($0, byScenario[$0] ?? []) }
  }
}

/// The conditions under which kernels are comparable over several shapes.
public struct Scenario: Sendable, Hashable, Comparable {
  /// Tokens in the batch: 1 is decode, more is prefill.
  public var tokens: Int
  /// Worker threads.
  public var threads: Int
  /// Where the weights are when a call begins.
  public var cache: MeasurementPoint.Cache

  /// The scenario of `point`.
  public init(_ point: MeasurementPoint) {
    tokens = point.tokens
    threads = point.threads
    cache = point.cache
  }

  /// Whether one token is computed at a time.
  public var isDecode: Bool { tokens == 1 }

  /// Orders by tokens, threads, then cold before hot.
  public static func < (left: Scenario, right: Scenario) -> Bool {
    (left.tokens, left.threads, left.cache.rawValue) < (right.tokens, right.threads, right.cache.rawValue)
  }
}

/// The verdict under one set of conditions.
public struct ScenarioVerdict: Sendable, Hashable {
  /// The conditions.
  public var scenario: Scenario
  /// The ranking on each shape, in the order measured.
  public var shapes: [ShapeVerdict]
  /// The families over all shapes, each by its fastest kernel per shape, fastest first. Those that lack a shape
  /// come last: their mean is over easier or harder work.
  public var families: [Standing]
  /// Kernels that compute something else than exact ternary times int8, grouped by what they compute.
  public var different: [Standing]
  /// The kernel that speed-ups are relative to, over all shapes.
  public var baseline: Standing?

  init(_ scenario: Scenario, _ measurements: [Measurement]) {
    self.scenario = scenario
    var order: [MatmulOfModel] = []
    var byShape: [MatmulOfModel: [Measurement]] = [:]
    for measurement in measurements {
      let shape = MatmulOfModel(measurement.point)
      if byShape[shape] == nil { order.append(shape) }
      byShape[shape, default: []].append(measurement)
    }
    shapes = order.map { ShapeVerdict($0, byShape[$0] ?? []) }

    families = Self.standings(over: shapes.flatMap(\.families))
    different = Self.standings(over: shapes.flatMap(\.different))
    baseline = Standing(combining: shapes.compactMap(\.baseline))
  }

  /// Combines the standings of single shapes by what they compute, fastest first.
  private static func standings(over shapes: [Standing]) -> [Standing] {
    Dictionary(grouping: shapes, by: \.entrant).values.compactMap(Standing.init(combining:))
      .sorted { left, right in
        left.shapeCount == right.shapeCount
          ? left.isFaster(than: right) : left.shapeCount > right.shapeCount
      }
  }
}

/// The matmul of one or several layers of a model, or of none.
struct MatmulOfModel: Hashable {
  var model: String?
  var layerRoles: String
  var inFeatures: Int
  var outFeatures: Int

  init(_ point: MeasurementPoint) {
    model = point.model
    layerRoles = point.layerRoles
    inFeatures = point.inFeatures
    outFeatures = point.outFeatures
  }
}

/// The ranking on one shape.
public struct ShapeVerdict: Sendable, Hashable {
  /// Name in the catalogue; `nil` for a shape given by hand.
  public var model: String?
  /// The layers with this shape.
  public var layerRoles: String
  /// In-features (K).
  public var inFeatures: Int
  /// Out-features (N).
  public var outFeatures: Int
  /// Families by their fastest kernel, fastest first.
  public var families: [Standing]
  /// The fastest kernel of each way of computing something else, fastest first.
  public var different: [Standing]
  /// The kernel that speed-ups are relative to.
  public var baseline: Standing?

  init(_ shape: MatmulOfModel, _ measurements: [Measurement]) {
    model = shape.model
    layerRoles = shape.layerRoles
    inFeatures = shape.inFeatures
    outFeatures = shape.outFeatures
    families = Self.fastest(measurements, .headline)
    different = Self.fastest(measurements, .different)
    let baselineKernel = measurements.lazy.compactMap(\.baselineKernel).first
    baseline = measurements.first { $0.point.kernel == baselineKernel }.flatMap { Standing($0) }
  }

  /// The fastest kernel of each entrant in `contest`.
  private static func fastest(
    _ measurements: [Measurement], _ contest: MeasurementPoint.Contest
  ) -> [Standing] {
    let standings = measurements.filter { $0.point.contest == contest }.compactMap { Standing($0) }
    return Dictionary(grouping: standings, by: \.entrant).values
      .compactMap { $0.min { $0.isFaster(than: $1) } }
      .sorted { $0.isFaster(than: $1) }
  }
}
