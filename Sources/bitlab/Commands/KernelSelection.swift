import ArgumentParser
import KernelZoo
import Ternary

/// Which kernels a command line asks for.
struct KernelSelection {
  let kernels: [Kernel]
  let baseline: Kernel

  /// - Parameters:
  ///   - expression: A regular expression over kernel names; picks every variant that matches.
  ///   - families: Compute families by comma. Without an expression, of each kernel only the variant with the
  ///     highest instruction set is taken.
  ///   - level: The highest instruction set level allowed; `nil` is what the CPU has.
  /// - Throws: `ValidationError` when something is unknown, missing on this CPU, or nothing is left.
  init(expression: String?, families: String?, level: InstructionSetLevel?) throws {
    try Self.check(level: level)
    let instructionSet = (level ?? .ofThisCPU).allowed.intersection(.ofThisCPU)
    var kernels =
      expression == nil
      ? KernelRegistry.best(on: instructionSet).filter { families != nil || $0.family != .reference }
      : try Self.matching(expression ?? "", on: instructionSet)
    if let families {
      let wanted = try Self.families(families)
      kernels = kernels.filter { wanted.contains($0.family) }
      guard !kernels.isEmpty else {
        throw ValidationError("no kernel is of the families '\(families)' and matches '\(expression ?? "")'")
      }
    }
    guard
      let baseline = KernelRegistry.best(on: instructionSet).first(where: {
        $0.family == .float && $0.packing.name == "fp16"
      })
    else { throw ValidationError("there is no FP16 baseline for \(instructionSet)") }
    self.kernels = kernels
    self.baseline = baseline
  }

  /// - Throws: `ValidationError` when this CPU lacks the level.
  static func check(level: InstructionSetLevel?) throws {
    guard let level, !InstructionSetLevel.available.contains(level) else { return }
    throw ValidationError(
      "this CPU has no \(level.rawValue): the highest level here is \(InstructionSetLevel.ofThisCPU.rawValue)"
    )
  }

  private static func families(_ text: String) throws -> Set<ComputeFamily> {
    try Set(
      text.split(separator: ",").map { name in
        guard let family = ComputeFamily(rawValue: name.lowercased()) else {
          let known = ComputeFamily.allCases.map(\.rawValue).joined(separator: ", ")
          throw ValidationError("unknown family '\(name)'; the families are \(known)")
        }
        return family
      })
  }

  private static func matching(_ expression: String, on instructionSet: InstructionSet) throws -> [Kernel] {
    let pattern: Regex<AnyRegexOutput>
    do {
      pattern = try Regex(expression)
    } catch {
      throw ValidationError("'\(expression)' is not a regular expression")
    }
    let matching = KernelRegistry.all.filter { $0.name.contains(pattern) }
    guard !matching.isEmpty else {
      throw ValidationError(
        "no kernel matches '\(expression)'; 'bitlab list kernels' names all \(KernelRegistry.all.count)")
    }
    let runnable = matching.filter { $0.runs(on: instructionSet) }
    guard !runnable.isEmpty else {
      throw ValidationError(
        "the kernels that match '\(expression)' need more than this run allows (\(instructionSet)): "
          + matching.map(\.name).joined(separator: ", "))
    }
    return runnable
  }
}
