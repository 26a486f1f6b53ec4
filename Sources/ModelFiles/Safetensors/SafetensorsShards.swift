/// The tensors of a model that lies in one safetensors file or is spread over several with an index
/// (`model.safetensors.index.json`: `weight_map` from each tensor's name to its file).
struct SafetensorsShards: Sendable {
  /// The most files of one model: the largest have a few hundred.
  static let maximumFiles = 10_000
  /// The longest index read.
  static let maximumIndexBytes = 100_000_000

  /// A tensor and the file that holds it.
  struct Entry: Sendable {
    let file: SafetensorsFile
    let tensor: SafetensorsTensor
  }

  /// Every tensor by its name.
  let entries: [String: Entry]

  /// The files, by path.
  let files: [SafetensorsFile]

  /// One file.
  init(file: SafetensorsFile) {
    files = [file]
    entries = Dictionary(
      uniqueKeysWithValues: file.tensors.map { ($0.name, Entry(file: file, tensor: $0)) })
  }

  /// - Throws: ``ModelFileError`` if the index is broken or names files outside of its folder, a file is missing, or
  ///   files and index disagree: each tensor must be in one file, the one that the index names.
  init(index path: String, folder: HuggingFaceFolder) throws(ModelFileError) {
    let index = try HuggingFaceFolder.json(at: path, maximumBytes: Self.maximumIndexBytes)
    let map = try index.required(try index.object("weight_map"), "weight_map")
    var namesByFile: [String: Int] = [:]
    var fileByName: [String: String] = [:]
    for name in map.keys {
      let file = try map.required(try map.string(name), name)
      guard HuggingFaceFolder.isPlainFileName(file) else {
        throw ModelFileError(
          file: path, tensor: name,
          message: "would be in '\(excerpt(file))', expected the name of a file in the same folder")
      }
      namesByFile[file, default: 0] += 1
      fileByName[name] = file
    }
    guard namesByFile.count <= Self.maximumFiles else {
      throw index.failure("names \(namesByFile.count) files, at most \(Self.maximumFiles) are read")
    }
    var entries: [String: Entry] = [:]
    var files: [SafetensorsFile] = []
    for (name, expectedCount) in namesByFile.sorted(by: { $0.key < $1.key }) {
      guard folder.has(name) else {
        throw index.failure(
          "says that \(expectedCount) tensors are in '\(excerpt(name))', which is not in the folder; "
            + "download the missing file")
      }
      let file = try SafetensorsFile(path: folder.path(of: name))
      files.append(file)
      for tensor in file.tensors {
        guard fileByName[tensor.name] == name else {
          let listed = fileByName[tensor.name].map { "in '\(excerpt($0))'" } ?? "nowhere"
          throw ModelFileError(
            file: file.path, tensor: tensor.name,
            message: "is in this file, but according to the index it is \(listed)")
        }
        entries[tensor.name] = Entry(file: file, tensor: tensor)
      }
    }
    // Sorted, so that the same folder always gives the same error.
    if let missing = fileByName.keys.filter({ entries[$0] == nil }).min() {
      throw ModelFileError(
        file: folder.path(of: fileByName[missing] ?? ""), tensor: missing,
        message: "is not in this file, although the index says so")
    }
    self.entries = entries
    self.files = files
  }
}
