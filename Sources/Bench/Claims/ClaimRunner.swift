import KernelZoo
import Ternary
import Workloads

/// Checks claims: measures what they need, each matrix once for all of them, and holds every figure against the
/// published one.
public struct ClaimRunner {
  /// How much of the measuring is done.
  public struct Effort: Sendable {
    /// Seconds a point may take; three samples are taken all the same.
    let secondsAPoint: Double
    /// Weights of the linear layers of the largest model that is measured; larger ones are left out.
    let largestModel: Int?
    /// Models of which whole prompts are measured have at most so many.
    let largestPromptModel: Int?
    /// Once so many seconds have passed, nothing more is measured again.
    let secondsForRepeats: Double

    /// Everything, in minutes.
    public static let full = Effort(
      secondsAPoint: 0.15, largestModel: nil, largestPromptModel: nil, secondsForRepeats: 270)
    /// Small models, in less than one.
    public static let quick = Effort(
      secondsAPoint: 0.05, largestModel: 4_000_000_000, largestPromptModel: 0, secondsForRepeats: 40)

    func reasonToSkip(_ pass: ModelPass) -> String? {
      let limit = pass.tokens > 1 ? largestPromptModel : largestModel
      guard let limit, pass.model.linearParameters > limit else { return nil }
      return "--quick leaves out \(pass.tokens > 1 ? "prompts" : "models above \(limit / 1_000_000_000)B")"
    }
  }

  private let claims: [Claim]
  private let instructionSet: InstructionSet
  private let effort: Effort
  private let seed: UInt64
  private var evidence: ClaimEvidence

  /// - Parameters:
  ///   - claims: What to check.
  ///   - threads: CPUs of this machine.
  ///   - instructionSet: What kernels may use.
  ///   - effort: How much of the measuring is done.
  ///   - seed: Of weights, activations and order.
  /// - Throws: What broken tables throw.
  public init(
    claims: [Claim], threads: Int, instructionSet: InstructionSet = .ofThisCPU, effort: Effort = .full,
    seed: UInt64 = 1
  ) throws {
    self.claims = claims
    self.instructionSet = instructionSet
    self.effort = effort
    self.seed = seed
    evidence = try .shipped()
    evidence.threads = threads
    let best = KernelRegistry.best(on: instructionSet)
    evidence.ternaryKernels = best.filter {
      [.mad, .lut].contains($0.family) && Self.packings.contains($0.packing.name)
        && $0.activations == .int8
    }
    evidence.floatKernel = best.first { $0.family == .float && $0.packing.name == "fp16" }
  }

  /// The packings that compete for ternary models: 2 bits, as the published CPU figures, and 1.6.
  private static let packings: Set = ["i2s", "t5"]

  /// What is to be measured; empty if the claims need nothing.
  ///
  /// - Throws: What a claim about an unknown model throws, which a test rules out.
  public func plan() throws -> LayerPlan {
    guard let float = evidence.floatKernel else { return .empty }
    let requests = try wanted().compactMap { wanted -> LayerPlan.Request? in
      guard effort.reasonToSkip(wanted.pass) == nil,
        let threads = wanted.threads.count(available: evidence.threads)
      else { return nil }
      return LayerPlan.Request(
        wanted.pass, kernels: wanted.weights == .ternary ? evidence.ternaryKernels : [float],
        threads: threads)
    }
    return LayerPlan(requests, float: float, seed: seed, stop: stop)
  }

  private var stop: AdaptiveStop {
    AdaptiveStop(
      targetRelativeHalfWidth: 0.02, minimumSamples: 7, maximumSamples: 41,
      timeCap: .seconds(effort.secondsAPoint))
  }

  private func wanted() throws -> [MeasuredPass] {
    var seen: Set<MeasuredPass> = []
    return try claims.flatMap { try $0.check.passes(evidence.models) }.filter { seen.insert($0).inserted }
  }

  /// Measures a plan on a machine; what other work disturbed, once more.
  ///
  /// - Throws: What weights, memory or threads throw.
  public func measure(
    _ plan: LayerPlan, on machine: any BenchMachine, isCancelled: @escaping () -> Bool = { false },
    onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) throws -> [Measurement] {
    var series = BenchSeries(
      pointCount: plan.pointCount, machine: machine,
      source: GaussianWeightSource(seed: seed), isCancelled: isCancelled, onProgress: onProgress)
    var parts = try plan.plans.map { try series.measure($0) }
    let disturbed = Disturbance.shapes(of: parts.flatMap(\.self))
    for (index, part) in plan.plans.enumerated() where series.elapsedSeconds < effort.secondsForRepeats {
      parts[index] = try series.measureAgain(disturbed, of: part, parts[index])
    }
    return parts.flatMap(\.self)
  }

  /// The verdicts, in the order of the claims.
  ///
  /// - Parameter measurements: Of ``plan()``; what is not among them makes claims untestable.
  /// - Throws: What models and tables throw.
  public func results(from measurements: [Measurement]) throws -> [ClaimResult] {
    var evidence = evidence
    evidence.measured = LayerMeasurements(measurements)
    for wanted in try wanted() {
      if let reason = effort.reasonToSkip(wanted.pass) {
        evidence.missing[wanted] = reason
      } else if wanted.threads.count(available: evidence.threads) == nil {
        evidence.missing[wanted] = "this machine has too few CPUs"
      }
    }
    return try claims.map { claim in
      do {
        return ClaimResult(claim, ours: try claim.check.figure(from: evidence))
      } catch let untestable as ClaimUntestable {
        return ClaimResult(claim, untestable: untestable.description)
      }
    }
  }
}
