import ArgumentParser
import Machine

/// `bitlab doctor`: what this machine has, what it lacks, and what spoils its figures.
struct DoctorCommand: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "doctor",
    abstract: "Show what this machine has, what is missing, and the remedy.",
    discussion: """
      Prints the processor, caches, memory, clock, counters, libraries and the measured limits (read bandwidth of \
      every level, peaks of int8 dot, FP32 and BF16), then what disturbs measurements here. Limits are kept in \
      $XDG_CACHE_HOME/bitlab or ~/.cache/bitlab.

      Examples:
        bitlab doctor
        bitlab doctor --probe        measure the limits anew
      """
  )

  @Flag(help: "Measure the machine's limits anew instead of reading those kept from before.")
  var probe = false

  func run() throws {
    let counts = Array(Set([1, WorkerPool.availableProcessors.count])).sorted()
    let (limits, notes) = try LimitsCache().limits(threadCounts: counts, probe: probe)
    let report = MachineReport(limits: limits)
    print(DoctorText.lines(report, colour: TerminalStyle.usesColour()).joined(separator: "\n"))
    for note in notes { StandardError.writeLine("Note: \(note)") }
  }
}
