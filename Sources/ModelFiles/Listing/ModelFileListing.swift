import Foundation

/// What the headers of a model's files say, also of a model that cannot be computed here.
public struct ModelFileListing: Sendable {
  /// What kind of file this is.
  public enum Format: Sendable, Hashable {
    /// GGUF of a version.
    case gguf(version: Int)
    /// One safetensors file or several.
    case safetensors(files: Int)
  }

  /// Where it lies.
  public let path: String
  /// What kind of file this is.
  public let format: Format
  /// Bytes of all files with tensors.
  public let byteCount: Int
  /// What the data of tensors are aligned to, in bytes; `nil` if the format does not say.
  public let alignment: Int?
  /// Keys in the order of the file, with their type where the format has one, and their value on one line.
  public let metadata: [(key: String, type: String, value: String)]
  /// All tensors in the order of the files.
  public let tensors: [ListedTensor]

  private let gguf: GGUFFile?

  /// Reads the headers of a GGUF file, a safetensors file, its index, or a folder with one of these.
  ///
  /// - Throws: ``ModelFileError`` if they cannot be read or are not as their format demands.
  public init(path: String) throws(ModelFileError) {
    if !HuggingFaceFolder.isFolder(path) {
      let file = try MappedFile(path: path)
      if withExtendedLifetime(file, { file.bytes.starts(with: "GGUF".utf8) }) {
        self.init(try GGUFFile(path: path))
        return
      }
    }
    let folder = try HuggingFaceFolder(path: path)
    switch folder.weights {
    case .file(let file): self.init([try SafetensorsFile(path: file)], path: path)
    case .index(let index):
      self.init(try SafetensorsShards(index: index, folder: folder).files, path: path)
    }
  }

  private init(_ file: GGUFFile) {
    path = file.path
    format = .gguf(version: file.version)
    byteCount = file.byteCount
    alignment = file.alignment
    metadata = file.metadata.map { ($0.key, $0.value.typeName, $0.value.description) }
    let name = (file.path as NSString).lastPathComponent
    tensors = file.tensors.map { tensor in
      ListedTensor(
        name: tensor.name, typeName: tensor.type.description, shape: tensor.dimensions.reversed(),
        byteRange: tensor.byteRange, file: name, role: TensorRole(ggufName: tensor.name))
    }
    gguf = file
  }

  private init(_ files: [SafetensorsFile], path: String) {
    self.path = path
    format = .safetensors(files: files.count)
    byteCount = files.reduce(0) { $0 + $1.byteCount }
    alignment = nil
    metadata =
      files.first?.metadata.sorted { $0.key < $1.key }.map { ($0.key, "str", excerpt($0.value)) } ?? []
    tensors = files.flatMap { file in
      let name = (file.path as NSString).lastPathComponent
      return file.tensors.map { tensor in
        ListedTensor(
          name: tensor.name, typeName: tensor.elementType.description, shape: tensor.shape,
          byteRange: tensor.byteRange, file: name, role: TensorRole(huggingFaceName: tensor.name))
      }
    }
    gguf = nil
  }

  /// A tensor as it lies in a GGUF file; `nil` if this is none, or the elements are of a type that cannot be read.
  public func stored(_ tensor: ListedTensor) -> StoredTensor? { try? gguf?.storedTensor(named: tensor.name) }
}
