import Ternary

/// A model as Hugging Face's libraries store it: a folder with `config.json` and safetensors files.
///
/// Ternary models lie there as floats, which are quantised by absmean when they are read, or as packed bytes with a
/// scale.
public final class HuggingFaceModel: ModelSource {
  /// The folder or file that it was opened by.
  public let path: String
  /// What `config.json` and the names of the tensors say.
  public let architecture: ModelArchitecture

  private let folder: HuggingFaceFolder
  private let tensors: HuggingFaceTensors
  private let files: [SafetensorsFile]

  /// Opens a folder, its file of weights, or the index of its files, and checks every tensor's type and shape.
  ///
  /// The files must not be shortened while this object lives.
  ///
  /// - Throws: ``ModelFileError`` if a file is missing or broken, `config.json` asks for what is not computed here,
  ///   or the tensors are not those that it promises.
  public init(path: String) throws(ModelFileError) {
    self.path = path
    folder = try HuggingFaceFolder(path: path)
    let shards =
      switch folder.weights {
      case .file(let file): SafetensorsShards(file: try SafetensorsFile(path: file))
      case .index(let index): try SafetensorsShards(index: index, folder: folder)
      }
    guard
      let json = try folder.json("config.json", maximumBytes: HuggingFaceConfiguration.maximumBytes)
    else {
      throw ModelFileError(
        file: folder.path(of: "config.json"), tensor: nil,
        message: "does not exist; a Hugging Face model needs it beside its safetensors files")
    }
    let configuration = try HuggingFaceConfiguration(json, title: folder.title)
    tensors = try HuggingFaceTensors(shards, configuration: configuration, path: path)
    architecture = tensors.architecture
    files = shards.files
  }

  /// The tokenizer of `tokenizer.json`.
  ///
  /// - Throws: ``ModelFileError`` if there is no such file beside the weights, or it is of a kind not known here.
  public func tokenizer() throws(ModelFileError) -> TokenizerDescription {
    try HuggingFaceTokenizer.read(folder, vocabulary: architecture.vocabulary)
  }

  /// A tensor of floats where it lies, if it is aligned there.
  public func stored(_ role: TensorRole) -> StoredTensor? {
    guard case .plain(let entry, let rows, let columns) = tensors[role],
      let elementType = entry.tensor.elementType.stored
    else { return nil }
    let bytes = entry.file.bytes(of: entry.tensor)
    // The format does not align data: what is not aligned can be read, but not used in place.
    guard Int(bitPattern: bytes.baseAddress) % elementType.blockBytes == 0 else { return nil }
    return StoredTensor(
      name: entry.tensor.name, rows: rows, columns: columns, elementType: elementType, bytes: bytes,
      owner: entry.file)
  }

  /// The weights of a linear layer.
  ///
  /// - Throws: ``ModelFileError`` if a packed code is 3, or values are not finite.
  public func linear(_ role: LinearRole, layer: Int) throws(ModelFileError) -> LinearWeights {
    switch tensors[.linear(role, layer: layer)] {
    case nil: throw missing("layer \(layer) has no matrix '\(role.rawValue)'")
    case .plain(let entry, let rows, let columns):
      let values = try entry.file.floats(of: entry.tensor, rows: 0..<rows, columns: columns)
      guard architecture.isTernary else {
        return .float(FloatMatrix(rows: rows, columns: columns, values: values))
      }
      do {
        return .ternary(try WeightQuantization.absmean.quantize(values, rows: rows, columns: columns))
      } catch {
        throw entry.failure("cannot be quantised: \(error)")
      }
    case .packed(let entry, let rows, let columns, let scale):
      let values = PackedTernaryRows.decode(
        entry.file.bytes(of: entry.tensor), rows: rows, columns: columns)
      do {
        return .ternary(try TernaryMatrix(rows: rows, columns: columns, values: values, scale: scale))
      } catch .notTernary(_, let row, let column) {
        throw entry.failure("has the code 3 at row \(row), column \(column), which stands for no weight")
      } catch {
        throw entry.failure("cannot be unpacked: \(error)")
      }
    }
  }

  /// The weights of a norm.
  ///
  /// - Throws: ``ModelFileError`` if there is none, or values are not finite.
  public func vector(_ role: TensorRole) throws(ModelFileError) -> [Float] {
    guard case .plain(let entry, let rows, let columns) = tensors[role], entry.tensor.shape.count == 1 else {
      throw missing("the model has no vector of that role")
    }
    return try entry.file.floats(of: entry.tensor, rows: 0..<rows, columns: columns)
  }

  /// Rows of the embedding or of the LM head, if the model has its own.
  ///
  /// - Throws: ``ModelFileError`` if there is no such tensor or row, or values are not finite.
  public func rows(_ rows: Range<Int>, of role: TensorRole) throws(ModelFileError) -> [Float] {
    guard role == .embedding || role == .head,
      case .plain(let entry, let count, let columns) = tensors[role]
    else { throw missing("the model has no such matrix with rows for tokens") }
    guard rows.lowerBound >= 0, rows.upperBound <= count else {
      throw entry.failure("has \(count) rows, rows \(rows.lowerBound) to \(rows.upperBound) were asked for")
    }
    return try entry.file.floats(of: entry.tensor, rows: rows, columns: columns)
  }

  /// Gives the memory of what has been read from the files back to the system.
  public func releasePages() {
    for file in files { file.releasePages() }
  }

  private func missing(_ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: nil, message: message)
  }
}
