/// The columns of a run's context, as ``MeasurementColumns`` are those of its measurements.
public enum ContextColumns {
  /// All columns in order.
  public static let all: [Column<RunContext>] = [
    Column("date", \.date, "when the run began, ISO 8601"),
    Column("bitlab_version", \.bitlabVersion, "version of bitlab"),
    Column("git_commit", \.gitCommit, "commit bitlab was built from"),
    Column("build_type", \.buildType, "debug or release"),
    Column("compiler", \.compiler, "compiler of the kernels"),
    Column("cpu_model", \.cpuModel, "CPU as it names itself"),
    Column("usable_isa", \.isa, "instruction set extensions that kernels could use"),
    Column("logical_cpus", \.logicalCPUs, "logical CPUs the process may run on"),
    Column("memory_bytes", \.memoryBytes, "bytes of main memory"),
    Column("operating_system", \.operatingSystem, "distribution and kernel release"),
    Column("governor", \.governor, "CPU frequency governor"),
    Column("huge_pages", \.hugePages, "transparent huge page policy"),
    Column("hypervisor", \.hypervisor, "hypervisor the machine is a guest of"),
    Column("load_average", \.loadAverage, "one-minute load average when the run began"),
    Column("counter_events", "hardware events asked for, separated by commas") {
      .text($0.counterEvents.joined(separator: ","))
    } assign: { row, value in
      guard let events = String(columnValue: value) else { return false }
      row.counterEvents = events.split(separator: ",").map(String.init)
      return true
    },
    Column("seed", \.seed, "seed of weights, activations and order"),
    Column("weights_source", \.weightsSource, "where the weights come from"),
    Column("command_line", \.commandLine, "the command as typed"),
  ]
}
