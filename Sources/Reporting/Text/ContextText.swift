import Bench

/// The circumstances of a run in a few lines.
enum ContextText {
  static func lines(_ context: RunContext) -> [String] {
    let commit = context.gitCommit.map { " (\($0.prefix(12)))" } ?? ""
    let machine = [
      context.cpuModel ?? "unknown CPU", context.logicalCPUs.map { MatmulText.count($0, "CPU") },
      context.memoryBytes.map { QuantityText.bytes(Double($0)) },
      context.hypervisor.map { $0 == "unnamed" ? "in a virtual machine" : "under \($0)" },
    ]
    let system = [
      "governor \(context.governor ?? QuantityText.missing)",
      "huge pages \(context.hugePages ?? QuantityText.missing)",
      "load \(context.loadAverage.map(QuantityText.number) ?? QuantityText.missing)",
      context.isa.map { "ISA \($0)" },
    ]
    let run = [
      "bitlab \(context.bitlabVersion)\(commit) \(context.buildType)", context.operatingSystem,
      "weights \(context.weightsSource), seed \(context.seed)", context.date,
    ]
    return [machine, system, run].map { $0.compactMap { $0 }.joined(separator: ", ") }
  }
}
