import KernelZoo
import Machine
import Testing
import Workloads

@testable import Bench

/// A model of two layers, small enough for debug builds.
enum TinyModel {
  static func model() throws -> LanguageModel {
    try ModelCatalogue.builtIn().loading(bytes: yaml.utf8, file: "tiny.yaml").model(named: "tiny")
  }

  private static let yaml = """
    bitlab-models: 1
    models:
      - id: tiny
        title: Tiny
        weights: ternary
        hidden-size: 48
        intermediate-size: 80
        layers: 3
        heads: 4
        kv-heads: 2
        vocabulary: 96
        tied-embeddings: false
        source: a test
    """
}

@Suite struct ModelPassTests {
  @Test func countsEveryMatrixOfAPass() throws {
    let model = try TinyModel.model()
    let pass = ModelPass(model, tokens: 1, context: 16)
    let weights = pass.linears.reduce(0) { $0 + $1.outFeatures * $1.inFeatures * $1.countPerToken }
    #expect(weights == model.linearParameters)
    #expect(pass.linears.reduce(0) { $0 + $1.countPerToken } == 7 * 3)
    let cache = pass.attention.reduce(0) { $0 + $1.outFeatures * $1.inFeatures * $1.countPerToken }
    #expect(cache * 2 == model.keyValueCacheBytesPerToken() * 16)
    #expect(pass.head.outFeatures * pass.head.inFeatures == model.embeddingParameters)
  }

  /// Without grouped queries, the products of attention are those of the model.
  @Test func attentionHasAsManyProductsAsTheModel() throws {
    let model = try ModelCatalogue.builtIn().model(named: "7b")
    let pass = ModelPass(model, tokens: 512, context: 512)
    let products = pass.attention.reduce(0) { $0 + $1.outFeatures * $1.inFeatures * $1.countPerToken } * 512
    #expect(products == model.multiplyAccumulatesPerToken(context: 512).attention * 512)
  }
}

@Suite struct WholeModelRunnerTests {
  let machine = FakeMachine()

  private func run(
    _ kernels: [Kernel], isCancelled: @escaping () -> Bool = { false }
  ) throws -> [WholeModelMeasurement] {
    var results: [WholeModelMeasurement] = []
    try WholeModelRunner(
      model: TinyModel.model(), kernels: kernels,
      float: #require(KernelRegistry.kernel(named: "float-fp16-scalar")), threads: 1, tokens: 5,
      stop: AdaptiveStop(minimumSamples: 8, maximumSamples: 50, timeCap: .seconds(1)), machine: machine,
      seed: 4, clock: machine.clock, isCancelled: isCancelled
    ).run { results.append($0) }
    return results
  }

  /// Two packings, one of them with two kernels that take turns on the same weights.
  @Test func streamsEveryKernelAndAddsUpItsLayers() throws {
    let names = ["mad-i2s-scalar", "lut-t5-scalar", "mad-t5-scalar"]
    let kernels = try names.map { try #require(KernelRegistry.kernel(named: $0)) }
    let results = try run(kernels)
    #expect(Set(results.map(\.kernel)) == Set(names))
    for result in results {
      #expect(result.status == .measured)
      #expect(result.matrices == 21)
      #expect(result.secondsPerToken?.count == 5)
      // A clock that moves alike at every look: a token takes one tick.
      #expect(abs((result.secondsPerToken?.median ?? 0) - machine.tick) < 1e-9)
      #expect(result.readBandwidthProbeBytesPerSecond == machine.dramRate)
      let share = Double(result.packedBytes) / machine.tick / machine.dramRate
      #expect(abs((result.shareOfReadBandwidth?.median ?? 0) / share - 1) < 1e-6)
      #expect(result.packedBytes > 0)
      let sum = try #require(result.layerSum)
      #expect(sum.kernel == result.kernel)
      #expect(sum.packedBytes == Double(result.packedBytes))
      #expect(sum.head != nil && sum.attention != nil && sum.total != nil)
    }
  }

  @Test func aWrongKernelIsNotTimed() throws {
    let broken = try #require(BrokenKernel.lastEntryOff)
    let result = try #require(try run([broken]).first)
    guard case .wrong(let message) = result.status else {
      Issue.record("the broken kernel passed: \(result.status)")
      return
    }
    #expect(message.contains("out-feature"))
    #expect(result.secondsPerToken == nil && result.weightBandwidthBytesPerSecond == nil)
  }

  @Test func anInterruptedRunHasNoFigures() throws {
    let kernel = try #require(KernelRegistry.kernel(named: "mad-i2s-scalar"))
    #expect(try run([kernel], isCancelled: { true }).isEmpty)
  }

  @Test func everyLayerHasMemoryOfItsOwn() throws {
    let model = try TinyModel.model()
    let packing = try #require(KernelRegistry.kernel(named: "mad-i2s-scalar")).packing
    var verified = 0
    let whole = try StreamedModel(
      model, packing: packing, seed: 4, team: SingleWorker(), machine: machine
    ) { weights, packed in
      verified += 1
      #expect(packed.unpackedIntegers() == weights.ternary.values)
    }
    #expect(verified == whole.shapes.count)
    #expect(whole.matrices.count == 21)
    #expect(Set(whole.matrices.map { $0.weights.bytes }).count == 21)
    // q, k, v, o, gate, up, down of the first layer, out-features first.
    let layer = whole.matrices.prefix(7).map { ($0.weights.outFeatures, $0.weights.inFeatures) }
    #expect(layer.map(\.0) == [48, 24, 24, 48, 80, 80, 48])
    #expect(layer.map(\.1) == [48, 48, 48, 48, 48, 48, 80])
    // Copies hold what one of the originals holds.
    let down = whole.matrices.filter { $0.weights.inFeatures == 80 }.map { $0.weights.unpackedIntegers() }
    #expect(down[2] == down[0] && down[1] != down[0])
  }

  /// Pages do not divide the bytes, and a team shares them.
  @Test func aTeamCopiesEveryByte() throws {
    let team = try WorkerPool(count: min(2, WorkerPool.availableProcessors.count))
    let packing = try #require(KernelRegistry.kernel(named: "mad-i2s-scalar")).packing
    let weights = try ShapeWeights(
      shape: BenchShape(outFeatures: 131, inFeatures: 611), source: GaussianWeightSource(seed: 5))
    let original = try PackedWeights(weights.matrix(for: .ternary), packing: packing)
    let copy = try PackedWeights(copying: original, team: team, allocate: machine.allocate)
    #expect(copy.bytes != original.bytes && copy.byteCount == original.byteCount)
    #expect(copy.unpackedIntegers() == weights.ternary.values)
  }

  @Test func differencesAreOfTheWhole() {
    func estimate(_ seconds: Double) -> Estimate {
      Estimate(median: seconds, low: seconds, high: seconds, coverage: 0.95, count: 7)
    }
    let measurement = WholeModelMeasurement(
      model: "m", kernel: "k", packing: "p", threads: 1, layers: 1, matrices: 7, packedBytes: 1_000_000,
      bitsPerWeight: 2, status: .measured, secondsPerToken: estimate(0.5),
      layerSum: PassTime(
        kernel: "k", linears: estimate(0.4), head: nil, attention: nil, packedBytes: 1e6, joules: nil,
        disturbedShare: 0))
    #expect(abs((measurement.differenceOfLayerSum ?? 0) + 0.2) < 1e-12)
    #expect(measurement.weightBandwidthBytesPerSecond == 2e6)
    #expect(measurement.layerSum?.total == nil)
  }

  @Test func memoryIsThatOfTheWidestPacking() throws {
    let model = try ModelCatalogue.builtIn().model(named: "70b")
    let kernel = try #require(KernelRegistry.kernel(named: "mad-t5-scalar"))
    let float = try #require(KernelRegistry.kernel(named: "float-fp16-scalar"))
    let ternary = WholeModelRunner.memoryBytes(of: model, kernels: [kernel])
    #expect(ternary > 13.69e9 && ternary < 16e9)
    #expect(WholeModelRunner.memoryBytes(of: model, kernels: [kernel, float]) > 136e9)
  }
}

@Suite struct EstimateArithmeticTests {
  private func estimate(_ median: Double, _ distance: Double, count: Int = 9) -> Estimate {
    Estimate(
      median: median, low: median - distance, high: median + distance, coverage: count < 6 ? 0.8 : 0.95,
      count: count)
  }

  @Test func sumsAddUpDistancesInQuadrature() throws {
    let sum = try #require(Estimate.sum(of: [(estimate(1, 0.3), 1), (estimate(2, 0.2, count: 4), 2)]))
    #expect(abs(sum.median - 5) < 1e-12)
    #expect(abs(sum.high - 5.5) < 1e-12 && abs(sum.low - 4.5) < 1e-12)
    #expect(sum.coverage == 0.8 && sum.count == 13)
    #expect(Estimate.sum(of: []) == nil)
  }

  @Test func quotientsOfEstimates() throws {
    let quotient = try #require(estimate(6, 0).divided(by: estimate(2, 0.2)))
    #expect(abs(quotient.median - 3) < 1e-12)
    #expect(abs(quotient.low - 6 / 2.2) < 1e-9 && abs(quotient.high - 6 / 1.8) < 1e-9)
    #expect(estimate(6, 0).divided(by: estimate(1, 1)) == nil)
  }
}
