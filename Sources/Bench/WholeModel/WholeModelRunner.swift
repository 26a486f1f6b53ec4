import KernelZoo
import Machine
import Ternary
import Workloads

/// Streams whole models through memory, token after token, and adds up single layers to compare.
public struct WholeModelRunner {
  /// Tokens of the cache that attention is measured with.
  public static let context = 512

  private let model: LanguageModel
  private let kernels: [Kernel]
  private let float: Kernel
  private let threads: Int
  private let tokens: Int
  private let stop: AdaptiveStop
  private let machine: any BenchMachine
  private let seed: UInt64
  private let clock: () -> Double
  private let isCancelled: () -> Bool
  private let onProgress: (BenchProgress) -> Void

  /// - Parameters:
  ///   - model: The model.
  ///   - kernels: Of the linear layers; those of one packing take turns on the same weights.
  ///   - float: The FP16 kernel of LM head and attention.
  ///   - threads: Team size.
  ///   - tokens: Samples of each kernel; one token before them is not counted.
  ///   - stop: When a single layer is known well enough.
  ///   - machine: Threads, memory, probes.
  ///   - seed: Of weights, activations and order.
  ///   - clock: Monotonic seconds.
  ///   - isCancelled: True once the user wants to stop; what is measured by then is kept.
  ///   - onProgress: Told where the run stands.
  public init(
    model: LanguageModel, kernels: [Kernel], float: Kernel, threads: Int, tokens: Int = 7, stop: AdaptiveStop,
    machine: any BenchMachine, seed: UInt64,
    clock: @escaping () -> Double = { Double(monotonicNanoseconds()) * 1e-9 },
    isCancelled: @escaping () -> Bool = { false },
    onProgress: @escaping (BenchProgress) -> Void = { _ in }
  ) {
    self.model = model
    self.kernels = kernels
    self.float = float
    self.threads = threads
    self.tokens = tokens
    self.stop = stop
    self.machine = machine
    self.seed = seed
    self.clock = clock
    self.isCancelled = isCancelled
    self.onProgress = onProgress
  }

  /// Bytes that the largest packing takes at one time, about: all layers, and one matrix as floats, ternary and
  /// binary.
  public static func memoryBytes(of model: LanguageModel, kernels: [Kernel]) -> Double {
    let bits = kernels.map(\.packing.bitsPerWeight).max() ?? 0
    let largest = model.matmulShapes(includingHead: false).map { $0.outFeatures * $0.inFeatures }.max() ?? 0
    return model.linearBytes(bitsPerWeight: bits) + Double(largest) * 6
  }

  /// The single layers that are added up.
  public var layers: LayerPlan {
    LayerPlan(
      [.init(pass, kernels: kernels, threads: threads)], float: float, seed: seed, stop: stop)
  }

  private var pass: ModelPass { ModelPass(model, tokens: 1, context: Self.context) }

  /// Measures every kernel.
  ///
  /// - Parameter record: Called with each result, wrong ones included.
  /// - Throws: What weights, memory or threads throw.
  public func run(record: (WholeModelMeasurement) -> Void) throws {
    let layers = layers
    var series = BenchSeries(
      pointCount: layers.pointCount + kernels.count, machine: machine,
      source: GaussianWeightSource(seed: seed), isCancelled: isCancelled, onProgress: onProgress)
    let measured = LayerMeasurements(try layers.plans.flatMap { try series.measure($0) })
    var packings: [Packing] = []
    for kernel in kernels where !packings.contains(kernel.packing) { packings.append(kernel.packing) }
    for packing in packings where !isCancelled() {
      series.report("filling memory with \(model.id) as \(packing.name)")
      for var result in try stream(packing, &series) {
        result.layerSum = measured.time(
          of: pass, kernel: result.kernel, float: float.name, threads: threads)
        record(result)
      }
    }
  }

  /// One kernel with its operators, one for each shape, and what was measured of it.
  private final class Stream {
    let kernel: Kernel
    var operators: [LinearOperator] = []
    var mismatch: ProductMismatch?
    var seconds: [Double] = []
    /// Read bandwidth before each of them, in bytes per second.
    var probes: [Double] = []
    init(_ kernel: Kernel) { self.kernel = kernel }
  }

  /// Activations and results of one shape.
  private struct Buffers {
    let x: [Float]
    let y: AlignedBuffer

    init(_ shape: BenchShape, seed: UInt64) throws {
      x = try GaussianWeights(rows: 1, columns: shape.inFeatures, standardDeviation: 1, seed: seed).matrix()
      y = AlignedBuffer(byteCount: shape.outFeatures * MemoryLayout<Float>.stride)
      y.baseAddress.initializeMemory(as: Float.self, repeating: 0, count: shape.outFeatures)
    }

    var results: UnsafeMutablePointer<Float> { y.baseAddress.assumingMemoryBound(to: Float.self) }
  }

  private func stream(_ packing: Packing, _ series: inout BenchSeries) throws -> [WholeModelMeasurement] {
    let team = try machine.team(threads: threads)
    let streams = kernels.filter { $0.packing == packing }.map(Stream.init)
    var buffers: [Buffers] = []
    let whole = try StreamedModel(model, packing: packing, seed: seed, team: team, machine: machine) {
      weights, packed in
      let buffer = try Buffers(weights.shape, seed: seed &+ 1)
      let verifier = KernelVerifier(weights: weights, x: buffer.x, tokens: 1, seed: seed &+ 2)
      for stream in streams {
        let linear = try LinearOperator(kernel: stream.kernel, weights: packed, tokens: 1, workers: threads)
        if stream.mismatch == nil {
          stream.mismatch = try verifier.mismatch(of: linear, y: buffer.results, team: team)
        }
        stream.operators.append(linear)
      }
      buffers.append(buffer)
    }
    var random = SeededGenerator(seed: seed &+ 3)
    machine.keepingCallerPinned(to: team) {
      // Token 0 brings pages, tables and clocks to where they stay.
      for token in 0...tokens where !isCancelled() {
        series.report("\(model.id) as \(packing.name): token \(token) of \(tokens)")
        for stream in streams.filter({ $0.mismatch == nil }).shuffled(using: &random) {
          let probe = machine.probe.streamFromDRAM(bytes: RoundRunner.probeBytes, threads: threads)
          let seconds = secondsOfToken(stream, whole, buffers, team)
          guard token > 0 else { continue }
          stream.seconds.append(seconds)
          stream.probes.append(probe)
        }
      }
    }
    return streams.map { result(of: $0, whole) }
  }

  private func secondsOfToken(
    _ stream: Stream, _ whole: StreamedModel, _ buffers: [Buffers], _ team: any WorkerTeam
  ) -> Double {
    let begin = clock()
    for matrix in whole.matrices {
      let linear = stream.operators[matrix.shape]
      linear.weights = matrix.weights
      buffers[matrix.shape].x.withUnsafeBufferPointer { x in
        guard let first = x.baseAddress else { return }
        linear(first, buffers[matrix.shape].results, team: team)
      }
    }
    return clock() - begin
  }

  private func result(of stream: Stream, _ whole: StreamedModel) -> WholeModelMeasurement {
    let bytes = whole.byteCount
    let status: Measurement.Status =
      if let mismatch = stream.mismatch {
        .wrong(mismatch.description)
      } else if stream.seconds.isEmpty {
        .skipped("interrupted before its first token")
      } else {
        .measured
      }
    return WholeModelMeasurement(
      model: model.id, kernel: stream.kernel.name, packing: stream.kernel.packing.name, threads: threads,
      layers: model.layers, matrices: whole.matrices.count, packedBytes: bytes,
      bitsPerWeight: Double(bytes) * 8 / Double(model.linearParameters), status: status,
      secondsPerToken: Estimate(medianOf: stream.seconds),
      readBandwidthProbeBytesPerSecond: Estimate(medianOf: stream.probes)?.median,
      shareOfReadBandwidth: Estimate(
        medianOf: zip(stream.seconds, stream.probes).map { Double(bytes) / $0 / $1 }))
  }
}
