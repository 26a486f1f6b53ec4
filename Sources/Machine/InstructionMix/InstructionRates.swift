import CKernels

/// How many instructions of each kind one core executes in a second.
public struct InstructionRates: Sendable, Hashable {
  private static let repeats = 7
  private static let secondsARepeat = 0.0005

  /// Two classes that share a unit take at least so much of the sum of their times when they alternate.
  private static let leastShareOfSum = 0.9

  /// Instructions a second.
  public let perSecond: [InstructionMix.Unit: Double]
  /// Pairs of classes that are executed by the same unit, so that their times add up.
  public let sharing: Set<Set<InstructionClass>>
  /// Places in the vector units that an instruction takes, in instructions of the cheapest class; 1 if not here.
  public let vectorPlaces: [InstructionClass: Double]

  /// Rates as given.
  public init(
    perSecond: [InstructionMix.Unit: Double], sharing: Set<Set<InstructionClass>> = [],
    vectorPlaces: [InstructionClass: Double] = [:]
  ) {
    self.perSecond = perSecond
    self.sharing = sharing
    self.vectorPlaces = vectorPlaces
  }

  /// Measures on the calling thread what the extensions `isa` offer, the best of some repeats each: about a tenth
  /// of a second. Empty on CPUs that have no such probes.
  public static func measure(isa: UInt32 = bl_cpu_isa()) -> InstructionRates {
    let probes = (0..<bl_rate_probe_total()).compactMap { bl_rate_probe_at($0)?.pointee }
      .filter { $0.isa & ~(isa & bl_cpu_isa()) == 0 }
    var perSecond: [InstructionMix.Unit: Double] = [:]
    for probe in probes where probe.companions == 0 {
      guard let unit = unit(of: probe.instruction_class, probe) else { continue }
      perSecond[unit] = max(perSecond[unit] ?? 0, rate(of: probe))
    }
    var sharing: Set<Set<InstructionClass>> = []
    var places: [InstructionClass: Double] = [:]
    for probe in probes where probe.companions > 0 {
      guard let unit = unit(of: probe.instruction_class, probe),
        let other = Self.unit(of: probe.companion, probe),
        let alone = perSecond[unit], let otherAlone = perSecond[other]
      else { continue }
      let together = 1 / rate(of: probe)
      let companions = Double(probe.companions)
      if other.instructionClass == .vector {
        places[unit.instructionClass] = max(1, together * otherAlone - companions)
      } else if together > leastShareOfSum * (1 / alone + companions / otherAlone) {
        sharing.insert([unit.instructionClass, other.instructionClass])
      }
    }
    return InstructionRates(perSecond: perSecond, sharing: sharing, vectorPlaces: places)
  }

  private static func unit(of code: bl_instruction_class, _ probe: bl_rate_probe) -> InstructionMix.Unit? {
    InstructionClass.allCases.first { $0.code == code }.map { InstructionMix.Unit($0, probe.vector_bits) }
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

  /// The higher rate of each unit of two measurements. Classes share a unit if both found so.
  public func best(with other: InstructionRates) -> InstructionRates {
    InstructionRates(
      perSecond: perSecond.merging(other.perSecond, uniquingKeysWith: max),
      sharing: sharing.intersection(other.sharing),
      vectorPlaces: vectorPlaces.merging(other.vectorPlaces, uniquingKeysWith: min))
  }

  /// Instructions a second of a unit; of the nearest width where its own was not probed; `nil` without any.
  func rate(_ unit: InstructionMix.Unit) -> Double? {
    if let rate = perSecond[unit] { return rate }
    return perSecond.filter { $0.key.instructionClass == unit.instructionClass }
      .min { abs($0.key.vectorBits - unit.vectorBits) < abs($1.key.vectorBits - unit.vectorBits) }?.value
  }

  /// The least time that one core needs for `mix`, by the class that needs most, or the classes that share a unit;
  /// all computations with vectors together need the time of as many of the cheapest. `nil` when nothing was probed.
  public func bound(of mix: InstructionMix) -> InstructionBound? {
    var seconds: [InstructionClass: Double] = [:]
    for (unit, count) in mix.counts where count > 0 {
      if unit.instructionClass != .vector, let rate = rate(unit) {
        seconds[unit.instructionClass, default: 0] += count / rate
      }
      if unit.instructionClass.isVector, let rate = rate(.init(.vector, unit.vectorBits)) {
        seconds[.vector, default: 0] += count * (vectorPlaces[unit.instructionClass] ?? 1) / rate
      }
    }
    return Self.groups(sharing).map { group in
      let present = group.filter { seconds[$0] != nil }
      return InstructionBound(seconds: present.reduce(0) { $0 + (seconds[$1] ?? 0) }, bindingClasses: present)
    }
    .filter { !$0.bindingClasses.isEmpty }
    .max { $0.seconds < $1.seconds }
  }

  /// Every class alone, then all sets of which any two share a unit: in an order that gives equal answers.
  private static func groups(_ sharing: Set<Set<InstructionClass>>) -> [[InstructionClass]] {
    var groups = InstructionClass.allCases.map { [$0] }
    var begin = 0
    while begin < groups.count {
      let group = groups[begin]
      begin += 1
      guard let last = group.last, let index = InstructionClass.allCases.firstIndex(of: last) else {
        continue
      }
      for further in InstructionClass.allCases[(index + 1)...]
      where group.allSatisfy({ sharing.contains([$0, further]) }) {
        groups.append(group + [further])
      }
    }
    return groups
  }
}

/// The least time that an instruction mix needs.
public struct InstructionBound: Sendable, Hashable {
  /// Seconds on one core.
  public var seconds: Double
  /// The class that needs them, or those that share the unit that does.
  public var bindingClasses: [InstructionClass]
}
