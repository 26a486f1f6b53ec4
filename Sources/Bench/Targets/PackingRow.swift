/// One packing, both phases: what decode and prefill reach of their limits from the same packed bytes.
public struct PackingRow: Sendable, Hashable {
  /// The packing.
  public var packing: String
  /// As stored on the shapes measured, padding included.
  public var bitsPerWeight: Double
  /// Decode and prefill, a row each for every team size.
  public var phases: [TargetRow]

  /// The packings that were measured, each by its fastest kernels among `kernels`.
  static func rows(of measurements: [Measurement], threads: [Int]) -> [PackingRow] {
    TargetList.packings.compactMap { packing in
      let own = measurements.filter {
        $0.point.packing == packing && $0.point.contest == .headline && $0.point.cache == .cold
      }
      guard let bits = median(of: own.compactMap(\.bitsPerWeight)) else { return nil }
      let names = Set(own.map(\.point.kernel))
      let phases = [("decode", 1), ("prefill", TargetList.prefillTokens)].flatMap { phase, tokens in
        threads.map { threads in
          TargetRow(
            Target(what: phase, tokens: tokens, threads: threads, share: 0, kernels: names), own)
        }
      }
      return PackingRow(packing: packing, bitsPerWeight: bits, phases: phases)
    }
  }
}
