import KernelZoo

/// One kernel in a group of rounds: its operator, its weights and what was measured of it so far.
final class Candidate {
  enum State {
    case active
    case stopped(StopReason)
    case wrong(String)
    case skipped(String)
  }

  let kernel: Kernel
  let linear: LinearOperator
  let cold: ColdWeights
  let zeroShare: Double?
  var state = State.active
  private(set) var operatorSeconds: [Double] = []
  private(set) var multiplySeconds: [Double] = []
  private(set) var baselineSeconds: [Double] = []
  private(set) var rooflineShares: [Double] = []
  private(set) var rooflines: [Roofline] = []
  private(set) var preemptedCount = 0
  private(set) var reading = InstrumentReading()
  private(set) var countedCalls = 0
  /// Seconds spent on this candidate's calls, timed or not.
  var spentSeconds = 0.0

  init(kernel: Kernel, linear: LinearOperator, cold: ColdWeights, zeroShare: Double?) {
    self.kernel = kernel
    self.linear = linear
    self.cold = cold
    self.zeroShare = zeroShare
  }

  var isActive: Bool { if case .active = state { true } else { false } }

  func add(_ sample: CallSample, baselineSeconds baseline: Double?, roofline: Roofline?) {
    operatorSeconds.append(sample.operatorSeconds)
    if sample.wasPreempted { preemptedCount += 1 }
    multiplySeconds.append(sample.multiplySeconds)
    if let baseline { baselineSeconds.append(baseline) }
    if let roofline {
      rooflines.append(roofline)
      rooflineShares.append(roofline.boundSeconds / sample.operatorSeconds)
    }
  }

  func add(_ reading: InstrumentReading, calls: Int) {
    self.reading.add(reading)
    countedCalls += calls
  }

  /// Why to stop now, by the plan's rule; `nil` to go on.
  func stopReason(_ rule: AdaptiveStop) -> StopReason? {
    rule.reason(samples: operatorSeconds, elapsed: .seconds(spentSeconds))
  }
}

/// Seconds of one call.
struct CallSample {
  /// Whether other work took a tenth of the CPU time or more.
  let wasPreempted: Bool
  let operatorSeconds: Double
  let multiplySeconds: Double
}
