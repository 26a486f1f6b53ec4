import Inference
import KernelZoo
import ModelFiles
import Ternary

/// Runs a model with one kernel after another: the same prompt, the same number of greedy tokens.
///
/// Every kernel is held against the reference on the model's first layer, and its tokens are compared, before anything
/// is timed: all kernels that are exact on int8 activations must choose the same ones. Before every timed prompt and token the limit that binds it is probed. Weights that lie in the
/// file as a kernel wants them are copied, so that all kernels read from the same kind of pages.
public struct EndToEndRunner {
  /// Timed runs of the prompt, unless they take longer than ``prefillSeconds``.
  static let prefillSamples = 5
  /// Timed runs of the prompt, however long they take.
  static let leastPrefillSamples = 3
  /// After which the least is enough.
  static let prefillSeconds = 10.0

  private let source: any ModelSource
  private let kernels: [Kernel]
  private let promptTokens: Int
  private let decodedTokens: Int
  private let threads: Int
  private let seed: UInt64
  private let machine: any BenchMachine
  private let clock: () -> Double
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void

  /// - Parameters:
  ///   - source: The model.
  ///   - kernels: Of its linear layers, in turn.
  ///   - promptTokens: Random tokens of the prompt.
  ///   - decodedTokens: Greedy tokens after it, at least two.
  ///   - threads: Team size.
  ///   - seed: Of the prompt.
  ///   - machine: Threads, memory, probes.
  ///   - clock: Monotonic seconds.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  public init(
    source: any ModelSource, kernels: [Kernel], promptTokens: Int, decodedTokens: Int, threads: Int,
    seed: UInt64, machine: any BenchMachine, clock: @escaping () -> Double = MonotonicTime.seconds,
    isCancelled: @escaping () -> Bool = { false }, onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) {
    self.source = source
    self.kernels = kernels
    self.promptTokens = promptTokens
    self.decodedTokens = decodedTokens
    self.threads = threads
    self.seed = seed
    self.machine = machine
    self.clock = clock
    self.isCancelled = isCancelled
    self.onProgress = onProgress
  }

  /// Bytes that the model takes with one kernel besides what is mapped, about.
  public static func memoryBytes(of model: ModelArchitecture, kernel: Kernel) -> Double {
    let weights = LinearRole.allCases.reduce(0) { sum, role in
      sum + model.shape(of: role).rows * model.shape(of: role).columns
    }
    // One layer decoded, as trits or as floats.
    let decoded = kernel.packing.weightKind == .float ? 5.0 : 1.0
    return Double(weights * model.layers) * kernel.packing.bitsPerWeight / 8 + Double(weights) * decoded
  }

  /// Measures every kernel.
  ///
  /// - Parameter record: Called with each result, wrong ones included.
  /// - Throws: What the file, memory or threads throw.
  public func run(record: (EndToEndMeasurement) -> Void) throws {
    let team = try machine.team(threads: threads)
    let begin = clock()
    var expected: [Int]?
    let check = ModelKernelCheck(
      source: source, tokens: [1, min(promptTokens, Transformer.largestPass)], seed: seed)
    for (index, kernel) in kernels.enumerated() where !isCancelled() {
      func report(_ activity: String) {
        onProgress(
          BenchProgress(
            completedPoints: index, totalPoints: kernels.count, activity: "\(kernel.name): \(activity)",
            elapsedSeconds: clock() - begin))
      }
      let result = try machine.keepingCallerPinned(to: team) {
        try measure(kernel, team, check, &expected, report)
      }
      if let result { record(result) }
    }
  }

  /// The prompt: tokens that a text could have, as far as numbers go.
  private var prompt: [Int] {
    var random = SeededGenerator(seed: seed)
    return (0..<promptTokens).map { _ in Int.random(in: 0..<source.architecture.vocabulary, using: &random) }
  }

  /// - Returns: `nil` if it was cancelled before there was a figure.
  private func measure(
    _ kernel: Kernel, _ team: any WorkerTeam, _ check: ModelKernelCheck, _ expected: inout [Int]?,
    _ report: (String) -> Void
  ) throws -> EndToEndMeasurement? {
    var result = EndToEndMeasurement(
      model: source.architecture.title, kernel: kernel.name, packing: kernel.packing.name,
      isExact: kernel.isExact && kernel.activations == .int8, threads: threads, promptTokens: promptTokens,
      status: .measured)
    report("verifying")
    if let mismatch = try check.mismatch(of: kernel, team: team, machine: machine) {
      result.status = .wrong(mismatch)
      return result
    }
    let begin = clock()
    report("loading")
    let weights: ModelWeights
    do {
      weights = try ModelWeights(
        source, kernel: kernel, placement: .copied, team: team, allocate: machine.allocate,
        isCancelled: isCancelled
      ) { report("packing, \($0.completed) of \($0.total) matrices") }
    } catch InferenceError.interrupted {
      return nil
    }
    result.footprint = ModelFootprint(weights, loadSeconds: clock() - begin)
    let transformer = try Transformer(
      weights, capacity: promptTokens + decodedTokens, team: team, allocate: machine.allocate)
    report("checking tokens")
    result.tokens = try greedyTokens(transformer)
    guard !isCancelled() else { return nil }
    try compare(&result, with: &expected)
    guard !result.status.isWrong else { return result }
    try time(transformer, kernel, &result, report)
    return result.decode == nil ? nil : result
  }

  private func greedyTokens(_ transformer: Transformer) throws -> [Int] {
    let options = GenerationOptions(maximumTokens: decodedTokens)
    return try transformer.generate(after: prompt, options, isCancelled: isCancelled).tokens
  }

  private func compare(_ result: inout EndToEndMeasurement, with expected: inout [Int]?) throws {
    guard let tokens = expected else {
      if result.isExact { expected = result.tokens }
      return
    }
    let agreeing = zip(tokens, result.tokens).prefix { $0 == $1 }.count
    result.agreeingTokens = agreeing
    if result.isExact, agreeing < tokens.count {
      result.status = .wrong(
        "token \(agreeing + 1) after the prompt is \(result.tokens[agreeing]), but other exact kernels chose "
          + "\(tokens[agreeing])")
    }
  }

  private func time(
    _ transformer: Transformer, _ kernel: Kernel, _ result: inout EndToEndMeasurement,
    _ report: (String) -> Void
  ) throws {
    let arithmetic = RooflineBound.arithmeticKinds(of: kernel)
    var prefill = PhaseSamples(limit: arithmetic.first ?? .int8Dot)
    let work = Double(transformer.weights.linearWeights) * Double(promptTokens)
    let begin = clock()
    for sample in 0..<Self.prefillSamples where !isCancelled() {
      if sample >= Self.leastPrefillSamples, clock() - begin > Self.prefillSeconds { break }
      report("prompt \(sample + 1) of \(Self.prefillSamples)")
      let peak = arithmetic.compactMap {
        machine.probe.peakRate(of: $0, level: kernel.level, threads: threads)
      }.max()
      transformer.rewind()
      prefill.add(try timed(transformer, prompt), amount: work, probe: peak)
    }
    result.prefill = prefill.measurement
    var decode = PhaseSamples(limit: .dramRead)
    for (index, token) in result.tokens.dropLast().enumerated() where !isCancelled() {
      report("token \(index + 1) of \(decodedTokens - 1)")
      let bandwidth = machine.probe.streamFromDRAM(bytes: RoundRunner.probeBytes, threads: threads)
      let bytes = transformer.bytesPerToken(context: transformer.position + 1)
      decode.add(try timed(transformer, [token]), amount: Double(bytes), probe: bandwidth)
    }
    result.decode = decode.measurement
  }

  private func timed(_ transformer: Transformer, _ tokens: [Int]) throws -> PhaseSamples.Sample {
    transformer.resetTimes()
    _ = machine.instruments.takeReading()
    let begin = clock()
    try transformer.see(tokens)
    let seconds = clock() - begin
    return PhaseSamples.Sample(
      seconds: seconds, times: transformer.times, joules: machine.instruments.takeReading().energyJoules)
  }
}
