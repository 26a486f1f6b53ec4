import Bench
import CKernels
import Foundation
import KernelZoo
import Machine

/// The circumstances of a run, gathered from the machine and the command line.
enum RunContextBuilder {
  static func context(
    of plan: BenchPlan, source: any WeightSource, machine: HostMachine, isa: InstructionSetLevel?
  ) -> RunContext {
    let level = isa ?? .ofThisCPU
    return RunContext(
      date: ISO8601DateFormatter().string(from: Date()), bitlabVersion: Version.number, gitCommit: Version.commit,
      buildType: buildType, compiler: String(cString: bl_compiler()),
      isa: "\(level.allowed.intersection(.ofThisCPU))", seed: plan.seed, weightsSource: source.summary,
      commandLine: CommandLine.arguments.enumerated().map { index, argument in
        index == 0 ? URL(fileURLWithPath: argument).lastPathComponent : quoted(argument)
      }.joined(separator: " "))
  }

  private static var buildType: String {
    #if DEBUG
      "debug"
    #else
      "release"
    #endif
  }

  /// As a shell would need it typed.
  private static func quoted(_ argument: String) -> String {
    let plain = argument.allSatisfy { $0.isLetter || $0.isNumber || "-_=.,/:%+".contains($0) }
    return plain && !argument.isEmpty ? argument : "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
