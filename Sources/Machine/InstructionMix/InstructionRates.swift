import CKernels

/// How many instructions of each kind one core executes in a second.
public struct InstructionRates: Sendable, Hashable {
  private static let repeats = 7
  private static let secondsARepeat = 0.0005

  /// Instructions a second.
  public let perSecond: [InstructionMix.Unit: Double]

  /// Rates as given.
  public init(perSecond: [InstructionMix.Unit: Double]) { self.perSecond = perSecond }

  /// Measures on the calling thread what the extensions `isa` offer, the best of some repeats each: less than a tenth
  /// of a second. Empty on CPUs that have no such probes.
  public static func measure(isa: UInt32 = bl_cpu_isa()) -> InstructionRates {
    var rates: [InstructionMix.Unit: Double] = [:]
    for index in 0..<bl_rate_probe_total() {
      guard let probe = bl_rate_probe_at(index)?.pointee, probe.isa & ~(isa & bl_cpu_isa()) == 0,
        let instructionClass = InstructionClass.allCases.first(where: { $0.code == probe.instruction_class })
      else { continue }
      let unit = InstructionMix.Unit(instructionClass, probe.vector_bits)
      rates[unit] = max(rates[unit] ?? 0, rate(of: probe))
    }
    return InstructionRates(perSecond: rates)
  }

  private static func rate(of probe: bl_rate_probe) -> Double {
    func seconds(_ steps: Int) -> Double {
      let begin = monotonicNanoseconds()
      _ = probe.run(steps)
      return max(Double(monotonicNanoseconds() &- begin), 1) * 1e-9
    }
    let trial = 4096
    _ = seconds(trial)
    let steps = max(trial, Int(secondsARepeat / seconds(trial) * Double(trial)))
    let best = (0..<repeats).map { _ in seconds(steps) }.min() ?? .infinity
    return Double(steps * probe.instructions_per_step) / best
  }

  /// The higher rate of each unit of two measurements.
  public func best(with other: InstructionRates) -> InstructionRates {
    InstructionRates(perSecond: perSecond.merging(other.perSecond, uniquingKeysWith: max))
  }

  /// Instructions a second of a unit; of the nearest width where its own was not probed; `nil` without any.
  func rate(_ unit: InstructionMix.Unit) -> Double? {
    if let rate = perSecond[unit] { return rate }
    return perSecond.filter { $0.key.instructionClass == unit.instructionClass }
      .min { abs($0.key.vectorBits - unit.vectorBits) < abs($1.key.vectorBits - unit.vectorBits) }?.value
  }

  /// The least time that one core needs for `mix`, by the class that needs most; all computations with vectors
  /// together need the time of as many of the cheapest. `nil` when nothing was probed.
  public func bound(of mix: InstructionMix) -> InstructionBound? {
    var seconds: [InstructionClass: Double] = [:]
    for (unit, count) in mix.counts where count > 0 {
      if unit.instructionClass != .vector, let rate = rate(unit) {
        seconds[unit.instructionClass, default: 0] += count / rate
      }
      if unit.instructionClass.isVector, let rate = rate(.init(.vector, unit.vectorBits)) {
        seconds[.vector, default: 0] += count / rate
      }
    }
    // In the order of the classes, so that equal ones give equal answers.
    let binding = InstructionClass.allCases.filter { seconds[$0] != nil }
      .max { (seconds[$0] ?? 0) < (seconds[$1] ?? 0) }
    return binding.map { InstructionBound(seconds: seconds[$0] ?? 0, bindingClass: $0) }
  }
}

/// The least time that an instruction mix needs.
public struct InstructionBound: Sendable, Hashable {
  /// Seconds on one core.
  public var seconds: Double
  /// The class that needs them.
  public var bindingClass: InstructionClass
}
