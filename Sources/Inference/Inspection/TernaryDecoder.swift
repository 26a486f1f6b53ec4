import KernelZoo
import ModelFiles
import Synchronization
import Ternary

/// Decodes every ternary matrix of a model once, several at the same time, to count what is in it.
struct TernaryDecoder: Sendable {
  let listing: ModelFileListing
  /// `nil` if it cannot be computed: then only tensors of ternary types are decoded.
  let model: (any ModelSource)?
  let i2sLayout: I2SLayout

  /// For each tensor of the listing what its weights are like, `nil` if it is not ternary.
  ///
  /// - Returns: What is wrong with tensors that cannot be decoded too, in their order.
  func statistics(
    team: some WorkerTeam, isCancelled: @Sendable () -> Bool, onProgress: @Sendable (Int, Int) -> Void
  ) -> (statistics: [TernaryStatistics?], problems: [String]) {
    let tensors = listing.tensors
    let ternary = tensors.indices.filter { isTernary(tensors[$0]) }
    let results = Mutex([Result<TernaryStatistics?, ModelFileError>?](repeating: nil, count: tensors.count))
    let next = Atomic(0)
    let completed = Atomic(0)
    team.run { _ in
      while !isCancelled() {
        let place = next.wrappingAdd(1, ordering: .relaxed).oldValue
        guard place < ternary.count else { return }
        let result = decode(tensors[ternary[place]])
        results.withLock { $0[ternary[place]] = result }
        onProgress(completed.wrappingAdd(1, ordering: .relaxed).newValue, ternary.count)
      }
    }
    let found = results.withLock { $0 }
    let problems = found.compactMap { result -> String? in
      guard case .failure(let error) = result else { return nil }
      return "Weights cannot be read: \(error)."
    }
    let statistics = found.map { result -> TernaryStatistics? in
      guard case .success(let statistics) = result else { return nil }
      return statistics
    }
    return (statistics, problems)
  }

  private func isTernary(_ tensor: ListedTensor) -> Bool {
    if let model, case .linear = tensor.role { return model.architecture.isTernary }
    return listing.stored(tensor)?.elementType.isTernary ?? false
  }

  private func decode(_ tensor: ListedTensor) -> Result<TernaryStatistics?, ModelFileError> {
    do {
      if let model, case .linear(let role, let layer) = tensor.role {
        guard case .ternary(let matrix) = try model.linear(role, layer: layer) else { return .success(nil) }
        return .success(TernaryStatistics(matrix))
      }
      let matrix = try listing.stored(tensor)?.ternary(layout: i2sLayout)
      return .success(matrix.map(TernaryStatistics.init))
    } catch {
      return .failure(error)
    }
  }
}
