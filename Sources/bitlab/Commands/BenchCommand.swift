import Accelerator
import ArgumentParser
import Bench
import Foundation
import KernelZoo
import Machine
import Reporting

/// `bitlab bench`: verify, then measure, then answer which family is fastest.
struct BenchCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "bench",
    abstract: "Measure every kernel family against FP16 on this machine, verified first.",
    discussion: """
      Without options, the layers of BitNet b1.58 3B are measured at 1 token (decode) and 128 tokens (prefill) on \
      all CPUs, with weights that come from memory. Each result is compared with the reference before it is timed.

      Examples:
        bitlab bench --models 2b4t,7b --tokens 1,128 --threads 1,2
        bitlab bench --shape 4096x11008 --kernels 'mad|lut' --cache cold,hot
        bitlab bench --families addsub,mad --isa avx2 --format csv --output bench.csv
        bitlab bench --weights model.safetensors --tensor layers.0.mlp.down_proj.weight
        bitlab bench --design addsub-edge,lut-edge,int8-edge
        bitlab bench --tokens 1..512*2 --kernels mad-i2s --precision 0.5%
        bitlab bench --whole-model 70b
        bitlab bench --model-file model.gguf --families mad,lut,float
        bitlab bench --resume last          what an interrupted run has not measured yet

      Every point is kept as soon as it is measured: 'bitlab runs' shows what there is, 'bitlab compare' holds runs \
      against each other. A store that cannot be written is a warning, and a failure (exit code 1) if --store named \
      it; the measurements are printed all the same.
      """
  )

  /// What an option stands for that is not given. Options are optional, so that `--resume` can tell which are.
  enum Default {
    /// The model whose figures the BitNet b1.58 paper gives most of.
    static let models = "3b"
    static let tokens = NumberList([1, 128])
    static let cache = [MeasurementPoint.Cache.cold]
    static let numa = NUMAPolicy.local
    static let seed: UInt64 = 1
    static let maxTime = 0.3
    static let precision = 0.01
  }

  @Option(
    help: ArgumentHelp(
      "Models by comma, from the catalogue or a YAML file. (default: 3b)", valueName: "names"))
  var models: String?

  @Option(
    parsing: .singleValue,
    help: ArgumentHelp("A weight matrix, out-features by in-features; may be repeated.", valueName: "OUTxIN"),
    transform: ShapeArgument.parse)
  var shape: [BenchShape] = []

  @Option(
    help: ArgumentHelp("A safetensors file whose matrices are quantised and measured.", valueName: "file"))
  var weights: String?

  @Option(
    help: ArgumentHelp(
      "The matrix of --weights to take, instead of the first of each shape.", valueName: "name"))
  var tensor: String?

  @Option(
    help: ArgumentHelp(
      "Fill memory with all layers of a model and decode token after token, instead of single layers; by default "
        + "with the kernels of 1.6 bits a weight.", valueName: "name"))
  var wholeModel: String?

  @Option(
    help: ArgumentHelp(
      "Run a model from a GGUF file or a safetensors folder with each kernel, from prompt to tokens.",
      valueName: "file"))
  var modelFile: String?

  @Option(help: "Tokens that --model-file decodes after the prompt, whose length is --tokens.")
  var decodedTokens = 33

  @OptionGroup var layout: LayoutOption

  @Flag(help: "Take q, k, v of a model as one matrix, and gate and up.")
  var fused = false

  @Option(
    help: ArgumentHelp("Token counts: \(NumberList.grammar). (default: 1,128)", valueName: "list"),
    transform: { NumberList(try NumberList.parse($0)) })
  var tokens: NumberList?

  @Option(
    help: ArgumentHelp("Thread counts, likewise. (default: all CPUs)", valueName: "list"),
    transform: { NumberList(try NumberList.parse($0)) })
  var threads: NumberList?

  @Option(
    help: ArgumentHelp(
      "A regular expression; every variant whose name matches is measured.", valueName: "regex"))
  var kernels: String?

  @Option(help: ArgumentHelp("Compute families by comma.", valueName: "names"))
  var families: String?

  @Option(
    help: ArgumentHelp(
      "Where the weights lie: cold (in memory), hot (in cache). (default: cold)", valueName: "list"),
    transform: CacheArgument.parse)
  var cache: [MeasurementPoint.Cache]?

  @Option(help: "The highest instruction set level to use.")
  var isa: InstructionSetLevel?

  @Option(
    help: ArgumentHelp(
      "Memory policy: local, interleave or a node's number. (default: local)", valueName: "policy"),
    transform: NUMAArgument.parse)
  var numa: NUMAPolicy?

  @Option(help: "The seed of weights, activations and order. (default: 1)")
  var seed: UInt64?

  @Option(
    help: ArgumentHelp(
      "Seconds spent on one point at most, three calls at least. (default: 0.3)", valueName: "seconds"),
    transform: SecondsArgument.parse)
  var maxTime: Double?

  @Option(
    help: ArgumentHelp(
      "Stop a point when its interval is within this of the median. (default: 1%)", valueName: "percent"),
    transform: Percentage.parse)
  var precision: Double?

  @Option(
    help: ArgumentHelp(
      "Chip designs by comma: what each kernel's matmul takes on the one with the datapath of its family, modelled.",
      valueName: "names"))
  var design: String?

  @Option(help: "How results are written.")
  var format: ReportFormat = .table

  @Option(help: ArgumentHelp("Write results to a file instead of standard output.", valueName: "file"))
  var output: String?

  @OptionGroup var storeOptions: StoreOptions

  @Flag(help: "Keep nothing, even with --store.")
  var noStore = false

  @Option(
    help: ArgumentHelp(
      "Measure what is missing of a run: its number, its name or last. Other options are as they were then.",
      valueName: "run"))
  var resume: RunReference?

  func validate() throws {
    let sources = [models != nil, !shape.isEmpty, weights != nil, wholeModel != nil, modelFile != nil]
    guard sources.count(where: \.self) <= 1 else {
      throw ValidationError("give only one of --models, --shape, --weights, --whole-model and --model-file")
    }
    guard modelFile == nil || cache == nil && resume == nil && design == nil && !fused else {
      throw ValidationError("--model-file goes with none of --cache, --design, --fused and --resume")
    }
    guard modelFile == nil || maxTime == nil && precision == nil else {
      throw ValidationError("--model-file times each token once: leave out --max-time and --precision")
    }
    guard decodedTokens >= 2 else { throw ValidationError("--decoded-tokens must be at least 2") }
    guard wholeModel == nil || tokens == nil && cache == nil else {
      throw ValidationError(
        "--whole-model decodes one token at a time with weights from memory: leave out --tokens and --cache")
    }
    guard wholeModel == nil || resume == nil else {
      throw ValidationError("--resume goes on with runs that are kept, which those of --whole-model are not")
    }
    guard tensor == nil || weights != nil else { throw ValidationError("--tensor needs --weights") }
    guard !fused || weights == nil && shape.isEmpty else { throw ValidationError("--fused needs --models") }
    guard resume == nil || !noStore else {
      throw ValidationError("--resume needs a store: leave out --no-store")
    }
  }
}

extension BenchCommand {
  func run() throws {
    guard let resume else { return try measureAndReport(continuing: nil) }
    let earlier = try EarlierRun(resume, in: storeOptions.open())
    try earlier.completing(self).measureAndReport(continuing: earlier)
  }

  private func measureAndReport(continuing earlier: EarlierRun?) throws {
    let threadCounts = try checkedThreads()
    let selection = try KernelSelection(expression: kernels, families: families, level: isa)
    if let wholeModel {
      try runWholeModel(named: wholeModel, selection, threadCounts: threadCounts)
      return
    }
    if let modelFile {
      try runModelFile(modelFile, selection, threadCounts: threadCounts)
      return
    }
    let work = try ShapeSelection(self)
    var plan = BenchPlan(
      shapes: work.shapes, tokens: (tokens ?? Default.tokens).values, threads: threadCounts,
      caches: cache ?? Default.cache,
      kernels: selection.kernels, baseline: selection.baseline, seed: seed ?? Default.seed,
      stop: AdaptiveStop(
        targetRelativeHalfWidth: precision ?? Default.precision, minimumSamples: 7,
        timeCap: .seconds(maxTime ?? Default.maxTime)))
    try earlier?.leaveOutMeasured(of: &plan)
    try MemoryCheck.check(plan)
    let chips = try design.map { names in
      ChipModels(
        try SimulatedDesigns(names: names, files: [], settings: [], baseline: "none").designs,
        tables: try .shipped())
    }
    let file = try OutputFile(path: output)
    let recorder = RunRecorder(storeOptions, isWanted: !noStore, continuing: earlier)
    let results: BenchResults
    do {
      // With nothing missing, the circumstances of now are none of the run's.
      let complete = plan.pointCount == 0 ? earlier?.results : nil
      results =
        try complete
        ?? measure(plan, source: work.source, chips: chips, continuing: earlier, recorder: recorder)
    } catch {
      file.discard()
      throw error
    }
    try file.write(format.render(results, options: ReportOptions(output: output)))
    recorder.tellWhereKept()
    if results.measurements.contains(where: \.status.isWrong) { throw ExitCode(ExitStatus.wrongResult) }
    if Interruption.isRequested { throw ExitCode(ExitStatus.interrupted) }
    if recorder.hasFailed, storeOptions.store != nil { throw ExitCode.failure }
  }

  private func checkedThreads() throws -> [Int] {
    let available = WorkerPool.availableProcessors.count
    let counts = threads?.values ?? [available]
    if let tooMany = counts.first(where: { $0 > available }) {
      throw ValidationError(
        "\(tooMany) threads were asked for, but this process may use only \(available) CPUs")
    }
    return counts
  }

  private func measure(
    _ plan: BenchPlan, source: any WeightSource, chips: ChipModels?, continuing earlier: EarlierRun?,
    recorder: RunRecorder
  ) throws -> BenchResults {
    Interruption.listen()
    let instructionSet = (isa ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    // Bandwidths of the caches are stable enough to keep; those of DRAM and the peaks are probed in every round.
    let limits =
      try plan.caches.contains(.hot)
      ? LimitsCache().limits(threadCounts: plan.threads, isa: instructionSet.rawValue).limits : nil
    let instruments = HostInstruments(counters: PAPICounters(), energy: try? EnergyMeter())
    let machine = try HostMachine(
      threads: plan.threads.max() ?? 1, policy: numa ?? Default.numa, instructionSet: instructionSet,
      limits: limits,
      instruments: instruments)
    var results = BenchResults(
      context: RunContextBuilder.context(
        seed: plan.seed, source: source, topology: machine.topology, instructionSet: instructionSet,
        counterEvents: instruments.eventNames),
      measurements: [],
      warnings: NoiseCheck.warnings(
        topology: machine.topology, state: OperatingState(), threads: plan.threads.max() ?? 1
      ).map(\.description))
    try earlier?.lendCircumstances(to: &results)
    let progress = ProgressBar()
    defer { progress.clear() }
    recorder.begin(
      .bench, points: plan.points.map(\.key), complete: Set(plan.alreadyMeasured.map(\.key)),
      context: results.context, warnings: results.warnings)
    try BenchRunner(
      plan: plan, machine: machine, source: source, isCancelled: { Interruption.isRequested },
      onProgress: progress.update
    ).run { measured in
      var measurement = measured
      if let warning = chips?.complete(&measurement), !results.warnings.contains(warning) {
        results.warnings.append(warning)
        recorder.keep(warnings: results.warnings)
      }
      results.measurements.append(measurement)
      recorder.record(StoredPoint(measurement), beforeWarning: progress.clear)
    }
    results.measurements = plan.inOrder(
      (earlier?.measurements(without: results.measurements) ?? []) + results.measurements)
    return results
  }
}
