import Foundation

/// The files of a Hugging Face model, by the names that its libraries give them.
struct HuggingFaceFolder: Sendable {
  /// The folder.
  let path: String
  /// The one file with all tensors, or the index of several.
  let weights: Weights

  enum Weights: Sendable, Equatable {
    /// The path of a safetensors file.
    case file(String)
    /// The path of the index that says which file has which tensor.
    case index(String)
  }

  /// - Parameter path: The folder, its file of weights or its index. Of a folder with both, the file is taken, as
  ///   the transformers library does.
  init(path: String) throws(ModelFileError) {
    guard Self.isFolder(path) else {
      self.path = (path as NSString).deletingLastPathComponent
      weights = path.hasSuffix(".json") ? .index(path) : .file(path)
      return
    }
    self.path = path
    let file = Self.join(path, "model.safetensors")
    let index = Self.join(path, "model.safetensors.index.json")
    if FileManager.default.fileExists(atPath: file) {
      weights = .file(file)
    } else if FileManager.default.fileExists(atPath: index) {
      weights = .index(index)
    } else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "is a folder without model.safetensors and model.safetensors.index.json")
    }
  }

  static func isFolder(_ path: String) -> Bool {
    var isFolder: ObjCBool = false
    return FileManager.default.fileExists(atPath: path, isDirectory: &isFolder) && isFolder.boolValue
  }

  /// What to call a model that has no other name: its folder.
  var title: String {
    let absolute = URL(fileURLWithPath: path.isEmpty ? "." : path).standardizedFileURL
    return absolute.lastPathComponent
  }

  /// The path of a file in the folder.
  func path(of name: String) -> String { Self.join(path, name) }

  /// Whether the folder has a file of that name.
  func has(_ name: String) -> Bool { FileManager.default.fileExists(atPath: path(of: name)) }

  /// The object in a JSON file of the folder; `nil` if there is no such file.
  func json(_ name: String, maximumBytes: Int) throws(ModelFileError) -> JSONObject? {
    has(name) ? try Self.json(at: path(of: name), maximumBytes: maximumBytes) : nil
  }

  /// The object in a JSON file.
  static func json(at path: String, maximumBytes: Int) throws(ModelFileError) -> JSONObject {
    let file = try MappedFile(path: path)
    guard file.bytes.count <= maximumBytes else {
      throw ModelFileError(
        file: path, tensor: nil,
        message: "has \(file.bytes.count) bytes, at most \(maximumBytes) are read of such a file")
    }
    let value = try withExtendedLifetime(file) { () throws(ModelFileError) in
      try JSONValue.parse(file.bytes, file: path)
    }
    return try JSONObject(value, file: path)
  }

  /// Names in an index are names of files beside it: nothing that leads out of the folder.
  static func isPlainFileName(_ name: String) -> Bool {
    !name.isEmpty && name.utf8.count <= 255 && name != "." && name != ".."
      && !name.unicodeScalars.contains { $0 == "/" || $0 == "\\" || $0.value < 32 || $0.value == 127 }
  }

  private static func join(_ folder: String, _ name: String) -> String {
    folder.isEmpty ? name : folder.hasSuffix("/") ? folder + name : folder + "/" + name
  }
}
