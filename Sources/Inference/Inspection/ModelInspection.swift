import KernelZoo
import ModelFiles
import Ternary

/// What is in a model's files: sizes, types, statistics of ternary weights, and what the model would take in memory on
/// every packing of the zoo. Of a model that cannot be computed here as much as its headers say.
public struct ModelInspection: Sendable {
  /// A tensor, and what its weights are like.
  public struct Tensor: Sendable {
    /// What the header says.
    public let listed: ListedTensor
    /// Of ternary linear layers.
    public let ternary: TernaryStatistics?
  }

  /// What the headers say.
  public let listing: ModelFileListing
  /// What the model computes; `nil` if that is unknown.
  public let architecture: ModelArchitecture?
  /// How text becomes tokens; `nil` if there is no tokenizer.
  public let tokenizer: TokenizerDescription?
  /// What is wrong with the files, each in one sentence.
  public let problems: [String]
  /// All tensors in the order of the files.
  public let tensors: [Tensor]
  /// What the linear layers, and all that goes with them, would take on each packing that can hold them.
  public let packings: [PackingSize]

  /// What the weights say about the layout of I2_S; `nil` if the file has no such weights.
  public let layoutCheck: I2SLayoutCheck?

  /// Reads the headers of a model, and all its ternary weights.
  ///
  /// - Parameters:
  ///   - path: A GGUF file, a safetensors file or a folder; see ``ModelFileListing``.
  ///   - i2sLayout: How weights of type I2_S lie in a GGUF file.
  ///   - team: Who decodes, each worker some matrices.
  ///   - onProgress: Told how many matrices of how many have been decoded, by any worker.
  /// - Throws: ``ModelFileError`` if the headers cannot be read. What is wrong beyond them is in ``problems``.
  public init(
    path: String, i2sLayout: I2SLayout = .x86, team: some WorkerTeam = SingleWorker(),
    isCancelled: @Sendable () -> Bool = { false }, onProgress: @Sendable (Int, Int) -> Void = { _, _ in }
  ) throws(ModelFileError) {
    listing = try ModelFileListing(path: path)
    var problems: [String] = []
    let model: (any ModelSource)?
    do {
      model = try ModelOpener.open(path, i2sLayout: i2sLayout)
    } catch {
      model = nil
      problems.append("The model cannot be run: \(error).")
    }
    architecture = model?.architecture
    do {
      tokenizer = try model?.tokenizer()
    } catch {
      tokenizer = nil
      problems.append("There is no tokenizer: \(error).")
    }
    let decoder = TernaryDecoder(listing: listing, model: model, i2sLayout: i2sLayout)
    let decoded = decoder.statistics(team: team, isCancelled: isCancelled, onProgress: onProgress)
    layoutCheck = Self.layoutCheck(of: model)
    if let verdict = layoutCheck?.verdict, verdict != .undecided, verdict.rawValue != i2sLayout.rawValue {
      problems.append(
        "The weights of type I2_S lie in the layout \(verdict.rawValue), but are read as \(i2sLayout.rawValue)."
      )
    }
    self.problems = problems + decoded.problems
    tensors = zip(listing.tensors, decoded.statistics).map(Tensor.init)
    let otherBytes = Self.otherBytes(of: listing)
    packings = model.map { PackingSize.all(for: $0.architecture, otherBytes: otherBytes) } ?? []
  }

  private static func layoutCheck(of model: (any ModelSource)?) -> I2SLayoutCheck? {
    guard let model = model as? GGUFModel,
      model.file.tensors.contains(where: { $0.type.elementType == .i2_s })
    else { return nil }
    // Weights that cannot be decoded are among the problems anyway.
    return try? I2SLayoutCheck(of: model)
  }

  /// Embedding, LM head and norms as they lie in the file.
  private static func otherBytes(of listing: ModelFileListing) -> Int {
    listing.tensors.reduce(0) { sum, tensor in
      switch TensorKind(of: tensor) {
      case .embedding, .head, .norms: sum + tensor.byteCount
      case .linear, .other: sum
      }
    }
  }

  /// Bytes that each token adds to the keys and values of attention; `nil` if the architecture is unknown.
  public var keyValueBytesPerToken: Int? { architecture.map { KeyValueCache.byteCount($0, tokens: 1) } }

  /// Statistics over all ternary matrices; `nil` if there are none.
  public var ternary: TernarySummary? { TernarySummary(tensors.compactMap(\.ternary)) }
}
