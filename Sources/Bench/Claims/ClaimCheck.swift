import Accelerator
import KernelZoo
import Workloads

/// A way to come to a figure of our own.
protocol ClaimCheck: Sendable {
  /// How the figure comes about.
  var method: ClaimMethod { get }
  /// What has to be measured for it; nothing for what is calculated.
  func passes(_ models: ModelCatalogue) throws -> [MeasuredPass]
  /// The figure.
  ///
  /// - Throws: ``ClaimUntestable`` if it cannot be had here; what models and tables throw.
  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure
}

extension ClaimCheck {
  func passes(_ models: ModelCatalogue) throws -> [MeasuredPass] { [] }
}

/// A pass that is to be measured, matrix by matrix.
struct MeasuredPass: Sendable, Hashable {
  let pass: ModelPass
  let weights: WeightPrecision
  let threads: ClaimThreads
}

/// A measured pass, all parts of it.
struct TimedPass: Sendable {
  let pass: ModelPass
  let time: PassTime
  /// Seconds of all parts.
  let total: Estimate
}

/// On how many CPUs a claim is measured.
enum ClaimThreads: Sendable, Hashable {
  case all
  case exactly(Int)

  /// The team size on a machine with so many CPUs; `nil` if it has too few.
  func count(available: Int) -> Int? {
    switch self {
    case .all: available
    case .exactly(let count): count <= available ? count : nil
    }
  }
}

/// Why a claim cannot be tested here.
struct ClaimUntestable: Error, CustomStringConvertible {
  let description: String
}

/// All that checks may draw on.
struct ClaimEvidence: Sendable {
  /// Models of the catalogue, and those that claims alone are about.
  let models: ModelCatalogue
  /// Devices known by their peaks.
  let devices: DeviceCatalogue
  /// Chip designs.
  let designs: DesignCatalogue
  /// What was measured, if anything was.
  var measured = LayerMeasurements([])
  /// Kernels that multiply ternary weights.
  var ternaryKernels: [Kernel] = []
  /// The FP16 kernel.
  var floatKernel: Kernel?
  /// CPUs of this machine.
  var threads = 1
  /// Why some passes were not measured.
  var missing: [MeasuredPass: String] = [:]

  /// What comes with bitlab, nothing measured.
  static func shipped() throws -> ClaimEvidence {
    ClaimEvidence(
      models: try claimModels(), devices: try DeviceCatalogue.shipped(),
      designs: try DesignCatalogue.shipped()
    )
  }

  /// The catalogue and the models that claims alone are about.
  static func claimModels() throws -> ModelCatalogue {
    try ModelCatalogue.builtIn().loading(
      bytes: PackageResources.claim_models_yaml, file: "claim-models.yaml")
  }

  /// The time of a measured pass with the kernel that is fastest over all its layers.
  func time(of wanted: MeasuredPass) throws -> TimedPass {
    if let reason = missing[wanted] { throw ClaimUntestable(description: reason) }
    guard let floatKernel, let threads = wanted.threads.count(available: threads) else {
      throw ClaimUntestable(description: "it was not measured")
    }
    let kernels = wanted.weights == .ternary ? ternaryKernels : [floatKernel]
    let times = kernels.compactMap { kernel in
      measured.time(of: wanted.pass, kernel: kernel.name, float: floatKernel.name, threads: threads)
        .flatMap { time in time.total.map { TimedPass(pass: wanted.pass, time: time, total: $0) } }
    }
    guard let fastest = times.min(by: { $0.total.median < $1.total.median }) else {
      throw ClaimUntestable(
        description: "\(wanted.pass.model.id) was not measured to the end, or a kernel was wrong")
    }
    return fastest
  }
}
