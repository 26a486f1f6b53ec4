import Bench

/// The measurements that a reader compares: all kernels on one matmul under the same conditions.
struct ResultGroup: Sendable {
  /// Model and layers, shape, conditions and the bandwidth the machine had meanwhile, in one line.
  let title: String
  /// Ternary kernels that give equal results, and the baselines, fastest first.
  let comparable: [Measurement]
  /// Kernels that compute something else, fastest first.
  let different: [Measurement]
  /// Those that differ from the reference.
  let wrong: [Measurement]
  /// Those not run.
  let skipped: [Measurement]

  /// The groups in the order measured.
  static func groups(of results: BenchResults) -> [ResultGroup] {
    var order: [Key] = []
    var members: [Key: [Measurement]] = [:]
    for measurement in results.measurements {
      let key = Key(measurement.point)
      if members[key] == nil { order.append(key) }
      members[key, default: []].append(measurement)
    }
    return order.map { ResultGroup($0, members[$0] ?? []) }
  }

  private struct Key: Hashable {
    let model: String?
    let layerRoles: String
    let inFeatures: Int
    let outFeatures: Int
    let scenario: Scenario

    init(_ point: MeasurementPoint) {
      model = point.model
      layerRoles = point.layerRoles
      inFeatures = point.inFeatures
      outFeatures = point.outFeatures
      scenario = Scenario(point)
    }
  }

  private init(_ key: Key, _ members: [Measurement]) {
    let probe = median(of: members.compactMap(\.readBandwidthProbeBytesPerSecond))
    let zeroShare = members.first { $0.point.weights == "ternary" && $0.zeroShare != nil }?.zeroShare
    title =
      MatmulText.matmul(
        model: key.model, roles: key.layerRoles, outFeatures: key.outFeatures, inFeatures: key.inFeatures,
        key.scenario)
      + (zeroShare.map { "; \(QuantityText.percent($0)) of the weights zero" } ?? "")
      + (probe.map { "; read probe \(QuantityText.number($0 / 1e9)) GB/s" } ?? "")

    let measured = members.filter { $0.status == .measured }.sorted(by: Self.isFaster)
    comparable = measured.filter { $0.point.contest != .different }
    different = measured.filter { $0.point.contest == .different }
    wrong = members.filter(\.status.isWrong)
    skipped = members.filter(\.status.isSkipped)
  }

  /// By latency, those without one last, then by name.
  private static func isFaster(_ left: Measurement, _ right: Measurement) -> Bool {
    (left.operatorLatency?.median ?? .infinity, left.point.kernel)
      < (right.operatorLatency?.median ?? .infinity, right.point.kernel)
  }

  /// The kernels not run, together by reason: `needs avx512vbmi: lut-t5-avx512vbmi, ...`.
  var skippedByReason: [String] {
    var order: [String] = []
    var kernels: [String: [String]] = [:]
    for measurement in skipped {
      let reason = measurement.status.message ?? ""
      if kernels[reason] == nil { order.append(reason) }
      kernels[reason, default: []].append(measurement.point.kernel)
    }
    return order.map { "\($0): \((kernels[$0] ?? []).joined(separator: ", "))" }
  }
}
