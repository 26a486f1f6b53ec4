/// A limit of the machine over a run.
public struct TargetLimit: Sendable, Hashable {
  /// What there is only so much of.
  public var kind: Roofline.Kind
  /// Instruction set level of an arithmetic limit.
  public var level: String?
  /// Of each matmul it binds, ascending, in bytes or multiply-accumulates a second. At least one.
  public var rates: [Double]

  /// The lowest.
  public var lowest: Double { rates.first ?? 0 }
  /// The middle.
  public var median: Double { SortedSamples(rates)?.median ?? 0 }
  /// The highest.
  public var highest: Double { rates.last ?? 0 }

  /// Each kind and level once, that of most matmuls first.
  static func all(of rooflines: [Roofline]) -> [TargetLimit] {
    var order: [[String]] = []
    var groups: [[String]: [Roofline]] = [:]
    for roofline in rooflines {
      let key = [roofline.kind.rawValue, roofline.level ?? ""]
      if groups[key] == nil { order.append(key) }
      groups[key, default: []].append(roofline)
    }
    return order.compactMap { key in
      guard let group = groups[key], let first = group.first else { return nil }
      return TargetLimit(kind: first.kind, level: first.level, rates: group.map(\.ratePerSecond).sorted())
    }
    .sorted { $0.rates.count > $1.rates.count }
  }
}

/// The arithmetic limits that a team had over a run.
public struct ThreadPeaks: Sendable, Hashable {
  /// Team size.
  public var threads: Int
  /// Each kind and level once.
  public var limits: [TargetLimit]

  /// Each team size once.
  static func all(of measurements: [Measurement]) -> [ThreadPeaks] {
    let byThreads = Dictionary(grouping: measurements, by: \.point.threads)
    return byThreads.keys.sorted().compactMap { threads in
      let limits = TargetLimit.all(of: (byThreads[threads] ?? []).compactMap(\.roofline))
        .filter { !$0.kind.isRead }
      return limits.isEmpty ? nil : ThreadPeaks(threads: threads, limits: limits)
    }
  }
}
