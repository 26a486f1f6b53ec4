import CKernels
import Synchronization

/// How many instructions of which kind some code executes.
public struct InstructionMix: Sendable, Hashable {
  /// A class on vectors of one width.
  public struct Unit: Sendable, Hashable {
    /// What executes them.
    public var instructionClass: InstructionClass
    /// 0 for scalar loads and stores, and where there are no vectors.
    public var vectorBits: Int

    /// A class and a width.
    public init(_ instructionClass: InstructionClass, _ vectorBits: Int) {
      self.instructionClass = instructionClass
      self.vectorBits = vectorBits
    }
  }

  /// Instructions of each unit. Computations with vectors stand under their finest class only.
  public private(set) var counts: [Unit: Double]

  /// No instructions, or those given.
  public init(_ counts: [Unit: Double] = [:]) { self.counts = counts }

  /// All instructions.
  public var issued: Double { count(.issued) }

  /// Instructions of a class at any width.
  public func count(_ instructionClass: InstructionClass) -> Double {
    counts.reduce(0) { $1.key.instructionClass == instructionClass ? $0 + $1.value : $0 }
  }

  mutating func add(_ demand: InstructionDemand, count: Double) {
    counts[Unit(.issued, 0), default: 0] += count
    if let computes = demand.computes {
      counts[Unit(computes, computes == .mask ? 0 : demand.vectorBits), default: 0] += count
    }
    if demand.alsoShuffles { counts[Unit(.shuffle, demand.vectorBits), default: 0] += count }
    if demand.loads > 0 { counts[Unit(.load, demand.vectorBits), default: 0] += count * Double(demand.loads) }
    if demand.stores > 0 {
      counts[Unit(.store, demand.vectorBits), default: 0] += count * Double(demand.stores)
    }
  }

  /// Each count by `factor`.
  public func scaled(by factor: Double) -> InstructionMix { InstructionMix(counts.mapValues { $0 * factor }) }

  /// Both together.
  public static func + (left: InstructionMix, right: InstructionMix) -> InstructionMix {
    InstructionMix(left.counts.merging(right.counts, uniquingKeysWith: +))
  }

  /// What `left` has more than `right`; nothing where it has less.
  public static func - (left: InstructionMix, right: InstructionMix) -> InstructionMix {
    InstructionMix(
      left.counts.merging(right.counts.mapValues { -$0 }, uniquingKeysWith: +).mapValues { max($0, 0) })
  }
}

/// Single-steps code to learn which instructions it executes.
public enum InstructionTracer {
  /// Distinct instructions that have room.
  private static let capacity = 1 << 16
  /// The handler of the traps belongs to the whole process.
  private static let oneAtATime = Mutex(())

  /// The instructions that one call of `body` executes on this thread, at some microseconds each.
  ///
  /// - Parameters:
  ///   - mostSteps: After so many the rest runs untraced, and there is no result.
  ///   - body: Called twice, first to have all code loaded. It must not block and must not trace by itself.
  /// - Returns: `nil` on other CPUs and systems than x86-64 Linux, under a debugger or emulator that takes the
  ///   traps, or after too many steps.
  public static func mix(mostSteps: Int = 1_000_000, of body: () -> Void) -> InstructionMix? {
    body()
    let slots = UnsafeMutablePointer<bl_traced_instruction>.allocate(capacity: capacity)
    slots.initialize(repeating: bl_traced_instruction(), count: capacity)
    defer { slots.deallocate() }
    var trace = bl_instruction_trace(
      slots: slots, capacity: capacity, distinct: 0, steps: 0, most_steps: UInt64(max(mostSteps, 1)))
    let isComplete = withoutActuallyEscaping(body) { body in
      var body = body
      return withUnsafeMutablePointer(to: &body) { context in
        oneAtATime.withLock { _ in
          bl_trace_instructions(
            { context in context?.assumingMemoryBound(to: (() -> Void).self).pointee() }, context, &trace)
        }
      }
    }
    guard isComplete else { return nil }
    var mix = InstructionMix()
    for slot in UnsafeBufferPointer(start: slots, count: capacity) {
      guard let address = slot.address else { continue }
      mix.add(InstructionDemand(X86Encoding { address[$0] }), count: Double(slot.count))
    }
    return mix
  }
}
