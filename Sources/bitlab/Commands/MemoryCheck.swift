import ArgumentParser
import Bench
import KernelZoo
import Machine
import Workloads

/// Refuses plans that would not fit into memory, before anything is measured.
enum MemoryCheck {
  private static let mostShareOfFree = 0.9

  /// - Throws: `ValidationError` if a whole model in the largest packing of `kernels` does not fit.
  static func check(wholeModel model: LanguageModel, kernels: [Kernel]) throws {
    let bytes = WholeModelRunner.memoryBytes(of: model, kernels: kernels)
    guard let available = MemorySize(files: SystemFiles()).availableBytes,
      bytes > Double(available) * mostShareOfFree
    else { return }
    throw ValidationError(
      "all layers of \(model.id) take about \(Int(bytes / 1e9)) GB, but only \(Int(Double(available) / 1e9)) GB "
        + "are free: choose a smaller model, or by --kernels fewer bits a weight")
  }

  /// - Throws: `ValidationError` that says how much it takes and what to change.
  static func check(_ plan: BenchPlan) throws {
    guard let need = MemoryEstimate(of: plan),
      let available = MemorySize(files: SystemFiles()).availableBytes,
      need.bytes > Double(available) * mostShareOfFree
    else { return }
    throw ValidationError(
      "\(need.shape.outFeatures)x\(need.shape.inFeatures) with \(plan.kernels.count) kernels and up to "
        + "\(plan.tokens.max() ?? 1) tokens takes about \(Int(need.bytes / 1e9)) GB, but only "
        + "\(Int(Double(available) / 1e9)) GB are free: choose a smaller shape, fewer tokens or fewer kernels"
    )
  }
}
