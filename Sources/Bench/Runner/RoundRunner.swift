import KernelZoo
import Machine
import Ternary

/// Measures the verified kernels of one shape, token count, team and cache state, in rounds.
///
/// In every round the machine's limits are probed and every kernel that is not yet known well enough is called
/// once, in an order drawn anew; the FP16 baseline, if there is one, is in every round, so that each kernel has a
/// partner measured at the same time. Drift of clock and memory then hits all alike.
final class RoundRunner {
  /// Streamed by the bandwidth probe of a round: some milliseconds.
  private static let probeBytes = 128 << 20
  /// Activations up to this size are in cache when a cold call begins.
  private static let warmActivationBytes = 1 << 20
  /// Hot calls are timed together until they take this long.
  private static let shortestHotSampleSeconds = 100e-6

  private let candidates: [Candidate]
  private let baseline: Candidate?
  private let conditions: Conditions
  private let machine: any BenchMachine
  private let rule: AdaptiveStop
  private let clock: () -> Double
  private var random: SeededGenerator
  private var streamedBytes: Int
  private var readRates: [Double] = []

  /// What all candidates of the group share.
  struct Conditions {
    let team: any WorkerTeam
    let cache: MeasurementPoint.Cache
    let x: UnsafeBufferPointer<Float>
    let y: UnsafeMutablePointer<Float>
  }

  /// - Parameters:
  ///   - candidates: Verified; the baseline among them.
  ///   - baseline: `nil` for kernels that are compared with the machine's limits only.
  ///   - streamedBytes: What the run has streamed so far, for the age of the weights' copies.
  init(
    candidates: [Candidate], baseline: Candidate?, conditions: Conditions, machine: any BenchMachine,
    rule: AdaptiveStop, seed: UInt64, streamedBytes: Int, clock: @escaping () -> Double
  ) {
    self.candidates = candidates
    self.baseline = baseline
    self.conditions = conditions
    self.machine = machine
    self.rule = rule
    self.clock = clock
    self.streamedBytes = streamedBytes
    random = SeededGenerator(seed: seed)
  }

  /// Runs rounds until every candidate has stopped or the user interrupts.
  ///
  /// - Parameters:
  ///   - isCancelled: Asked before every call.
  ///   - onStop: Told, between two rounds, of each candidate that is done. Only the baseline is called on.
  /// - Returns: Bytes the run has streamed by now.
  func run(isCancelled: () -> Bool, onStop: (Candidate) -> Void) -> Int {
    for candidate in candidates { candidate.cold.allMayBeCached(streamed: streamedBytes) }
    while candidates.contains(where: \.isActive) {
      let limits = probeLimits()
      var samples: [(Candidate, CallSample)] = []
      for candidate in called.shuffled(using: &random) {
        if isCancelled() { break }
        samples.append((candidate, measure(candidate)))
      }
      let partner = samples.first { $0.0 === baseline }?.1.operatorSeconds
      if partner != nil || baseline == nil {
        for (candidate, sample) in samples {
          candidate.add(sample, baselineSeconds: partner, roofline: roofline(of: candidate, limits))
        }
      }
      for candidate in candidates where candidate.isActive {
        let reason = isCancelled() ? StopReason.interrupted : candidate.stopReason(rule)
        guard let reason else { continue }
        candidate.state = .stopped(reason)
        onStop(candidate)
      }
    }
    return streamedBytes
  }

  /// The median read bandwidth of the rounds so far; `nil` if none was probed.
  var medianReadRate: Double? { median(of: readRates) }

  /// Those that take part in the next round.
  private var called: [Candidate] { candidates.filter { $0.isActive || $0 === baseline } }

  // MARK: - Limits

  private struct Limits {
    var dramRate: Double?
    var arithmetic: [Peak: Double] = [:]
  }

  private struct Peak: Hashable {
    let kind: Roofline.Kind
    let level: InstructionSetLevel
  }

  private func peaks(of kernel: Kernel) -> [Peak] {
    RooflineBound.arithmeticKinds(of: kernel).map { Peak(kind: $0, level: kernel.level) }
  }

  private func probeLimits() -> Limits {
    let threads = conditions.team.workerCount
    var limits = Limits()
    if conditions.cache == .cold {
      limits.dramRate = stream(bytes: Self.probeBytes)
    }
    for peak in Set(called.flatMap { peaks(of: $0.kernel) }) {
      limits.arithmetic[peak] = machine.probe.peakRate(of: peak.kind, level: peak.level, threads: threads)
    }
    return limits
  }

  private func roofline(of candidate: Candidate, _ limits: Limits) -> Roofline? {
    let threads = conditions.team.workerCount
    let weights = candidate.linear.weights
    let memoryKind = RooflineBound.memoryKind(
      bytes: weights.byteCount, threads: threads, cache: conditions.cache, probe: machine.probe)
    let memoryRate =
      memoryKind == .dramRead && limits.dramRate != nil
      ? limits.dramRate : machine.probe.cacheBandwidth(of: memoryKind, threads: threads)
    let peaks = peaks(of: candidate.kernel)
    // Without an arithmetic roof, prefill has no bound worth the name.
    if peaks.isEmpty, candidate.linear.tokens > 1 { return nil }
    let arithmetic = peaks.compactMap { peak in
      limits.arithmetic[peak].map { (kind: peak.kind, level: peak.level, rate: $0) }
    }
    .max { $0.rate < $1.rate }
    return RooflineBound.binding(
      packedBytes: weights.byteCount,
      multiplyAccumulates: Double(candidate.linear.tokens) * Double(weights.outFeatures)
        * Double(weights.inFeatures),
      memory: memoryRate.map { (memoryKind, $0) },
      arithmetic: arithmetic)
  }

  private func stream(bytes: Int) -> Double {
    let rate = machine.probe.streamFromDRAM(bytes: bytes, threads: conditions.team.workerCount)
    streamedBytes += bytes
    readRates.append(rate)
    return rate
  }

  // MARK: - Calls

  private func measure(_ candidate: Candidate) -> CallSample {
    let begin = clock()
    let sample = conditions.cache == .cold ? measureCold(candidate) : measureHot(candidate)
    candidate.spentSeconds += clock() - begin
    return sample
  }

  private func measureCold(_ candidate: Candidate) -> CallSample {
    let distance = ColdWeights.distanceInCaches * machine.probe.lastLevelCacheBytes
    let (weights, missingBytes, index) = candidate.cold.coldest(streamed: streamedBytes, distance: distance)
    if missingBytes > 0 {
      _ = machine.probe.streamFromDRAM(bytes: missingBytes, threads: conditions.team.workerCount)
      streamedBytes += missingBytes
    }
    actAsLayerBefore(candidate, sparing: index)
    candidate.linear.weights = weights
    let sample = timedCalls(candidate, count: 1)
    streamedBytes += weights.byteCount
    candidate.cold.used(index, streamed: streamedBytes)
    return sample
  }

  private func measureHot(_ candidate: Candidate) -> CallSample {
    let begin = clock()
    call(candidate.linear, counting: false)
    let seconds = max(clock() - begin, 1e-9)
    let count = min(max(Int(Self.shortestHotSampleSeconds / seconds), 1), 1000)
    return timedCalls(candidate, count: count)
  }

  private func timedCalls(_ candidate: Candidate, count: Int) -> CallSample {
    _ = machine.instruments.takeReading()
    let loss = CPUTimeLoss()
    let begin = clock()
    for _ in 0..<count { call(candidate.linear, counting: true) }
    let seconds = (clock() - begin) / Double(count)
    let wasPreempted = loss.isConsiderable(threads: conditions.team.workerCount)
    candidate.add(machine.instruments.takeReading(), calls: count)
    let timings = candidate.linear.timings.prefix(conditions.team.workerCount)
    let prepared = timings.map(\.prepared).max() ?? 0
    let multiplied = timings.map(\.multiplied).max() ?? 0
    return CallSample(
      wasPreempted: wasPreempted, operatorSeconds: seconds, multiplySeconds: max(multiplied - prepared, 0))
  }

  private func call(_ linear: LinearOperator, counting: Bool) {
    guard let first = conditions.x.baseAddress else { return }
    nonisolated(unsafe) let input = first
    nonisolated(unsafe) let output = conditions.y
    let instruments = machine.instruments
    conditions.team.run { member in
      if counting { instruments.start(worker: member.index) }
      linear.work(member, input, output)
      if counting { instruments.stop(worker: member.index) }
    }
  }

  /// Leaves the caches as they are between two layers of a model: the operator has just run, on another copy of
  /// the weights, so code and the operator's own memory are warm; the activations, if small, have just been
  /// written; and only the weights to come are cold.
  private func actAsLayerBefore(_ candidate: Candidate, sparing coldest: Int) {
    if let (weights, index) = candidate.cold.latest(except: coldest) {
      candidate.linear.weights = weights
      call(candidate.linear, counting: false)
      streamedBytes += weights.byteCount
      candidate.cold.used(index, streamed: streamedBytes)
    }
    guard conditions.x.count * MemoryLayout<Float>.stride <= Self.warmActivationBytes else { return }
    var sum: Float = 0
    for value in conditions.x { sum += value }
    warmthSink = sum
  }

  /// Keeps the optimiser from dropping the reads.
  private var warmthSink: Float = 0
}
