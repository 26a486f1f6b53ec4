import KernelZoo
import Machine
import Testing

@testable import Bench

/// A measurement with only what targets look at.
private func measurement(
  _ kernel: String, shape: (Int, Int) = (64, 32), tokens: Int = 1, threads: Int = 1, share: Double? = nil,
  seconds: Double = 1e-3, roofline: Roofline? = nil, readRate: Double? = nil, packing: String = "t5"
) -> Measurement {
  func estimate(_ value: Double) -> Estimate {
    Estimate(median: value, low: value * 0.9, high: value * 1.1, coverage: 0.95, count: 9)
  }
  return Measurement(
    point: MeasurementPoint(
      kernel: kernel, family: "mad", packing: packing, weights: "ternary", activations: "int8", exact: true,
      isa: "avx2", tokens: tokens, inFeatures: shape.1, outFeatures: shape.0, threads: threads, cache: .cold),
    status: .measured, operatorLatency: estimate(seconds), bitsPerWeight: 1.6, roofline: roofline,
    rooflineShare: share.map(estimate), readBandwidthProbeBytesPerSecond: readRate)
}

@Suite struct TargetRowTests {
  private let target = Target(what: "decode", tokens: 1, threads: 1, share: 0.9, kernels: ["a", "b"])

  private func row(_ shares: [Double]) -> TargetRow {
    TargetRow(
      target,
      shares.enumerated().map { measurement("a", shape: ($0.offset + 1, 8), share: $0.element) })
  }

  @Test func theFastestKernelOfEachShapeCounts() throws {
    let row = TargetRow(
      target,
      [
        measurement("a", shape: (1, 8), share: 0.7, seconds: 2e-3),
        measurement("b", shape: (1, 8), share: 0.8, seconds: 1e-3),
        measurement("c", shape: (1, 8), share: 0.99, seconds: 1e-4),
        measurement("a", shape: (2, 8), share: 0.95),
        measurement("a", shape: (2, 8), tokens: 2, share: 0.1, seconds: 1e-6),
        measurement("a", shape: (3, 8), threads: 2, share: 0.1, seconds: 1e-6),
      ])
    #expect(row.points.map(\.kernel) == ["b", "a"])
    #expect(row.points.map(\.shape) == ["1x8", "2x8"])
    #expect(abs(try #require(row.reached).median - 0.875) < 1e-12)
    #expect(row.worst?.shape == "1x8")
    #expect(row.kernels == ["a", "b"])
  }

  @Test func theMedianDecidesAndNoShapeMayLagFarBehind() {
    #expect(row([0.85, 0.9, 0.95]).outcome == .met)
    #expect(row([0.81, 0.9, 0.95]).outcome == .met)
    #expect(row([]).outcome == .notMeasured)
    guard case .medianBelow(let below) = row([0.85, 0.86, 0.95]).outcome else {
      Issue.record("a median of 0.86 met 0.9")
      return
    }
    #expect(abs(below - 0.04) < 1e-12)
    guard case .shapeBelow(let lag) = row([0.7, 0.95, 0.95]).outcome else {
      Issue.record("a shape at 0.7 met 0.9")
      return
    }
    #expect(abs(lag - 0.2) < 1e-12)
  }

  @Test func limitsAreToldApartByKindAndLevel() {
    func peak(_ rate: Double, _ level: String) -> Roofline {
      Roofline(kind: .int8Dot, ratePerSecond: rate, boundSeconds: 1, level: level)
    }
    let limits = TargetLimit.all(of: [peak(5, "avx2"), peak(9, "amx"), peak(3, "avx2"), peak(4, "avx2")])
    #expect(limits.map(\.level) == ["avx2", "amx"])
    #expect(limits[0].lowest == 3 && limits[0].median == 4 && limits[0].highest == 5)
  }
}

@Suite struct BatchCurveTests {
  @Test func namesTheLargestStepAndWhatIsSlowerThanOneToken() throws {
    let seconds = [(1, 1.0), (2, 2.2), (4, 2.0), (8, 4.8), (16, 8.0)]
    let curve = try #require(
      BatchCurve.curves(of: seconds.map { measurement("a", tokens: $0, seconds: $1) }).first)
    #expect(curve.slowerThanOneToken == [2])
    let step = try #require(curve.largestStepUp)
    #expect(step.from == 4 && step.to == 8 && abs(step.factor - 1.2) < 1e-12)
    #expect(curve.ratioToOneToken(curve.points[4]) == 0.5)
  }

  @Test func takesTheFastestKernelOfAPacking() {
    let curves = BatchCurve.curves(of: [
      measurement("a", seconds: 3), measurement("b", seconds: 2),
      measurement("c", seconds: 1, packing: "i2s"),
      measurement("a", tokens: 2, seconds: 2), measurement("b", tokens: 2, seconds: 5),
    ])
    #expect(curves.map(\.packing) == ["t5", "i2s"])
    #expect(curves[0].points.map(\.kernel) == ["b", "a"])
    #expect(curves[0].largestStepUp == nil)
  }
}

@Suite struct BandwidthModesTests {
  @Test func oneModeUnlessRatesFallApart() throws {
    let one = try #require(BandwidthModes(threads: 2, rates: [40, 44, 48, 52, 56, 60, 64]))
    #expect(one.ranges == [40...64] && one.median == 52)
    let two = try #require(BandwidthModes(threads: 2, rates: [78, 46, 47, 80, 82, 45, 51]))
    #expect(two.ranges == [45...51, 78...82])
    #expect(two.countInFastMode([44, 60, 70, 90]) == 2)
    #expect(one.countInFastMode([44, 90]) == nil)
    let stray = try #require(BandwidthModes(threads: 1, rates: [20, 40, 41, 42, 43, 44, 45]))
    #expect(stray.ranges == [20...45])
    #expect(BandwidthModes(threads: 1, rates: [Double]()) == nil)
  }
}

@Suite struct TargetListTests {
  static let levels = InstructionSetLevel.available

  @Test(arguments: levels)
  func everyTargetNamesKernelsThatRun(level: InstructionSetLevel) {
    let instructionSet = level.allowed.intersection(.ofThisCPU)
    let list = TargetList(threads: [1, 2], instructionSet: instructionSet)
    #expect(!list.targets.isEmpty)
    for target in list.targets {
      #expect(!target.kernels.isEmpty && (0.5...1).contains(target.share))
      for name in target.kernels {
        #expect(KernelRegistry.kernel(named: name)?.runs(on: instructionSet) == true, "\(name)")
      }
    }
    #expect(Set(list.targets.map { "\($0.what) \($0.tokens) \($0.threads)" }).count == list.targets.count)
  }

  @Test func everyTargetIsMeasured() throws {
    let threads = [1, 2]
    let list = TargetList(threads: threads, instructionSet: .ofThisCPU)
    let plan = TargetRunner(list: list, threads: threads, machine: FakeMachine(), seed: 1).layers
    for target in list.targets {
      let kernels = plan.kernels(under: .init(tokens: target.tokens, threads: target.threads, cache: .cold))
      #expect(Set(kernels.map(\.name)).isSuperset(of: target.kernels))
    }
    #expect(plan.pointCount > 0 && plan.baseline == nil)
  }
}

@Suite struct HotRowTests {
  /// The dot products of a row are there to be counted: one for 64 weights with 512-bit vectors, and little more.
  @Test func anOperatorsInstructionsFollowItsShape() throws {
    guard let kernel = KernelRegistry.kernel(named: "mad-i2s-avx512vnni"), kernel.runs(on: .ofThisCPU),
      let mix = try OperatorMix(kernel: kernel, inFeatures: 1024, seed: 1)
    else { return }
    let products = mix.perRow.count(.multiply)
    #expect(products >= 1024 / 64 && products <= 1024 / 64 * 1.25, "\(products)")
    #expect(mix.mix(rows: 100).count(.multiply) > mix.mix(rows: 50).count(.multiply))
    #expect(mix.perRow.count(.load) * 64 >= 1024 / 4, "at least the weights are loaded")
  }

  @Test func theLongerOfComputingAndReadingBinds() throws {
    guard let kernel = KernelRegistry.kernel(named: "mad-i2s-avx512vnni"), kernel.runs(on: .ofThisCPU),
      let mix = try OperatorMix(kernel: kernel, inFeatures: 256, seed: 1)
    else { return }
    let rates = InstructionRates(perSecond: [.init(.issued, 0): 1e9])
    let computing = try #require(mix.bound(rows: 100, rates: rates, read: nil))
    #expect(computing.binding == .instructions([.issued]))
    #expect(abs(computing.seconds / (mix.mix(rows: 100).issued / 1e9) - 1) < 1e-9)
    let reading = try #require(mix.bound(rows: 100, rates: rates, read: (kind: .l2Read, seconds: 1)))
    #expect(reading.binding == .read(.l2Read) && reading.seconds > 1)
    #expect(mix.bound(rows: 1, rates: InstructionRates(perSecond: [:]), read: nil) == nil)
  }

  @Test func theTargetIsAShareOfTheBound() {
    func row(_ bound: Double?) -> HotRow {
      HotRow(
        kernel: "a", family: "mad", shape: "1x1", memory: .l2Read,
        latency: Estimate(median: 1, low: 0.9, high: 1.1, coverage: 0.95, count: 9), multiplyAccumulates: 1,
        bound: bound.map { HotBound(seconds: $0, binding: .read(.l2Read)) })
    }
    #expect(row(0.9).outcome == .met)
    #expect(row(nil).outcome == .notMeasured)
    guard case .medianBelow = row(0.5).outcome else {
      Issue.record("half of the bound met \(HotRow.target)")
      return
    }
  }
}

@Suite struct DisturbanceTests {
  @Test func aLowPeakTellsNotASlowKernel() {
    func at(_ rows: Int, peak: Double, share: Double, kind: Roofline.Kind = .int8Dot) -> Measurement {
      measurement(
        "a", shape: (rows, 8), share: share,
        roofline: Roofline(kind: kind, ratePerSecond: peak, boundSeconds: 1, level: "avx2"))
    }
    let calm = (1...5).map { at($0, peak: 100, share: 0.9) }
    #expect(Disturbance.shapes(of: calm + [at(6, peak: 95, share: 0.2)]).isEmpty)
    #expect(Disturbance.shapes(of: calm + [at(6, peak: 40, share: 0.9)]) == [[6, 8]])
    #expect(Disturbance.shapes(of: calm + [at(6, peak: 40, share: 0.9, kind: .dramRead)]).isEmpty)
    #expect(Disturbance.shapes(of: []).isEmpty)
  }

  @Test func preemptedSamplesTell() {
    func point(_ rows: Int, preempted: Int?) -> Measurement {
      var point = measurement("a", shape: (rows, 8), share: 0.9)
      point.preemptedCount = preempted
      return point
    }
    #expect(
      Disturbance.shapes(of: [point(1, preempted: 0), point(2, preempted: 3), point(3, preempted: nil)])
        .isEmpty)
    #expect(Disturbance.shapes(of: [point(1, preempted: 1), point(2, preempted: 4)]) == [[2, 8]])
  }
}
