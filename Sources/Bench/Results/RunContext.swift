/// The circumstances of a run: what a reader needs to judge or repeat its figures. `nil` is unknown.
public struct RunContext: Sendable, Hashable {
  /// When the run began, ISO 8601 with zone.
  public var date: String
  /// Version of bitlab.
  public var bitlabVersion: String
  /// Commit bitlab was built from.
  public var gitCommit: String?
  /// `debug` or `release`.
  public var buildType: String
  /// Compiler of the kernels.
  public var compiler: String?
  /// CPU model as it names itself.
  public var cpuModel: String?
  /// Instruction set extensions that kernels could use, after any limit set by the user.
  public var isa: String?
  /// Logical CPUs this process may run on.
  public var logicalCPUs: Int?
  /// Bytes of main memory.
  public var memoryBytes: Int?
  /// Distribution and kernel release.
  public var operatingSystem: String?
  /// CPU frequency governor.
  public var governor: String?
  /// Transparent huge page policy.
  public var hugePages: String?
  /// Hypervisor the machine is a guest of.
  public var hypervisor: String?
  /// One-minute load average when the run began.
  public var loadAverage: Double?
  /// Hardware events asked for. Those the machine lacks are missing in the measurements.
  public var counterEvents: [String]
  /// Seed of weights, activations and order.
  public var seed: UInt64
  /// Where the weights come from: `gaussian`, or a file and tensor.
  public var weightsSource: String
  /// The command as typed.
  public var commandLine: String

  /// Creates a context.
  public init(
    date: String, bitlabVersion: String, gitCommit: String? = nil, buildType: String,
    compiler: String? = nil, cpuModel: String? = nil, isa: String? = nil, logicalCPUs: Int? = nil,
    memoryBytes: Int? = nil, operatingSystem: String? = nil, governor: String? = nil,
    hugePages: String? = nil, hypervisor: String? = nil, loadAverage: Double? = nil,
    counterEvents: [String] = [], seed: UInt64, weightsSource: String, commandLine: String
  ) {
    self.date = date
    self.bitlabVersion = bitlabVersion
    self.gitCommit = gitCommit
    self.buildType = buildType
    self.compiler = compiler
    self.cpuModel = cpuModel
    self.isa = isa
    self.logicalCPUs = logicalCPUs
    self.memoryBytes = memoryBytes
    self.operatingSystem = operatingSystem
    self.governor = governor
    self.hugePages = hugePages
    self.hypervisor = hypervisor
    self.loadAverage = loadAverage
    self.counterEvents = counterEvents
    self.seed = seed
    self.weightsSource = weightsSource
    self.commandLine = commandLine
  }
}
