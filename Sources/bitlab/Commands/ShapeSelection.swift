import ArgumentParser
import Bench
import ModelFiles
import Workloads

/// Which matrices a command line asks for, and where their weights come from.
struct ShapeSelection {
  let shapes: [BenchShape]
  let source: any WeightSource

  /// The shapes and weights that the bench command's options name.
  init(_ command: BenchCommand) throws {
    if let path = command.weights {
      let matrices = try FileWeightSource(path: path, tensor: command.tensor)
      shapes = matrices.shapes
      source = matrices
      return
    }
    shapes =
      command.shape.isEmpty
      ? try Self.modelShapes(command.models ?? BenchCommand.Default.models, fused: command.fused)
      : command.shape
    source = GaussianWeightSource(seed: command.seed ?? BenchCommand.Default.seed)
  }

  /// The linear layers of models: distinct shapes of each, without the LM head, which stays at full precision in
  /// BitNet models.
  ///
  /// - Parameters:
  ///   - names: Models of the catalogue by comma; an entry that ends in .yaml adds that file's models and takes
  ///     all of them.
  ///   - fused: Whether q, k, v are one matrix, and gate and up.
  static func modelShapes(_ names: String, fused: Bool) throws -> [BenchShape] {
    try models(names).flatMap { model in
      model.matmulShapes(fused: fused, includingHead: false).distinct().map { BenchShape($0, of: model) }
    }
  }

  /// The models of a list of names, ranges `first..last` by size, and YAML files.
  static func models(_ names: String) throws -> [LanguageModel] {
    var catalogue = try ModelCatalogue.builtIn()
    var models: [LanguageModel] = []
    for entry in names.split(separator: ",").map(String.init) {
      let lowercased = entry.lowercased()
      if lowercased.hasSuffix(".yaml") || lowercased.hasSuffix(".yml") {
        let known = catalogue.models.count
        catalogue = try catalogue.loading(yaml: entry)
        models += catalogue.models.dropFirst(known)
      } else {
        models += try Self.models(of: entry, in: catalogue)
      }
    }
    guard !models.isEmpty else { throw ValidationError("'--models' names no model") }
    return models
  }

  /// The model of a name, or those of a range with weights like its ends', by parameters.
  private static func models(of entry: String, in catalogue: ModelCatalogue) throws -> [LanguageModel] {
    let ends: [LanguageModel]
    do {
      ends = try entry.split(separator: "..", omittingEmptySubsequences: false).map {
        try catalogue.model(named: String($0))
      }
    } catch {
      throw ValidationError("\(error)")
    }
    guard ends.count == 2 else {
      guard ends.count == 1 else { throw ValidationError("'\(entry)' is not a range of models, first..last") }
      return ends
    }
    let (first, last) = (ends[0], ends[1])
    guard first.weights == last.weights, first.totalParameters <= last.totalParameters else {
      throw ValidationError(
        "'\(entry)' is no range of models: both ends must have the same kind of weights, the smaller model first"
      )
    }
    return catalogue.models.filter {
      $0.weights == first.weights
        && (first.totalParameters...last.totalParameters).contains($0.totalParameters)
    }.sorted { ($0.totalParameters, $0.id) < ($1.totalParameters, $1.id) }
  }
}
