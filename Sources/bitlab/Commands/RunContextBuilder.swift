import Bench
import CKernels
import Foundation
import KernelZoo
import Machine

/// The circumstances of a run, gathered from the machine and the command line.
enum RunContextBuilder {
  /// Of measurements.
  static func context(
    seed: UInt64, source: any WeightSource, topology: Topology, instructionSet: InstructionSet,
    counterEvents: [String] = []
  ) -> RunContext {
    context(
      seed: seed, weightsSource: source.summary, topology: topology, instructionSet: instructionSet,
      counterEvents: counterEvents)
  }

  /// Of simulations, to which the machine makes no difference.
  static func context(seed: UInt64) -> RunContext {
    context(
      seed: seed, weightsSource: "none", topology: Topology(), instructionSet: .ofThisCPU)
  }

  /// Of measurements whose weights come from what `weightsSource` says.
  static func context(
    seed: UInt64, weightsSource: String, topology: Topology, instructionSet: InstructionSet,
    counterEvents: [String] = []
  ) -> RunContext {
    let state = OperatingState()
    return RunContext(
      date: ISO8601DateFormatter().string(from: Date()), bitlabVersion: Version.number,
      gitCommit: Version.commit,
      buildType: buildType, compiler: String(cString: bl_compiler()), cpuModel: topology.cpuModel,
      isa: "\(instructionSet)", logicalCPUs: topology.processors.count,
      memoryBytes: topology.memory.totalBytes,
      operatingSystem: operatingSystem(kernel: topology.kernelVersion), governor: state.governor,
      hugePages: state.transparentHugePages?.rawValue, hypervisor: topology.hypervisor,
      loadAverage: state.loadAverage, counterEvents: counterEvents, seed: seed,
      weightsSource: weightsSource,
      commandLine: CommandLine.arguments.enumerated().map { index, argument in
        index == 0 ? URL(fileURLWithPath: argument).lastPathComponent : quoted(argument)
      }.joined(separator: " "))
  }

  /// The distribution's name, and the kernel's release.
  private static func operatingSystem(kernel: String?) -> String {
    let release = try? String(contentsOfFile: "/etc/os-release", encoding: .utf8)
    let name = release?.split(separator: "\n").first { $0.hasPrefix("PRETTY_NAME=") }
      .map { $0.dropFirst("PRETTY_NAME=".count).trimmingCharacters(in: CharacterSet(charactersIn: "\"")) }
    return [name ?? "Linux", kernel].compactMap(\.self).joined(separator: ", Linux ")
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
    return plain && !argument.isEmpty
      ? argument : "'" + argument.replacingOccurrences(of: "'", with: "'\\''") + "'"
  }
}
