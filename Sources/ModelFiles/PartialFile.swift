import Foundation

/// A file being written beside the place it is meant for, where it appears only once it is whole.
final class PartialFile {
  /// Where it is to appear.
  let path: String

  private let temporaryPath: String
  private let descriptor: Int32
  private var isOpen = true

  /// Creates an empty file beside `path`.
  init(path: String) throws(ModelFileError) {
    self.path = path
    temporaryPath = "\(path).\(UUID().uuidString.prefix(8)).partial"
    descriptor = open(temporaryPath, O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0o644)
    guard descriptor >= 0 else {
      isOpen = false
      throw Self.failure(path, "cannot be created")
    }
  }

  /// Writes to an open file instead, which `temporaryPath` names: for what a test cannot make happen on a disk.
  init(path: String, temporaryPath: String, descriptor: Int32) {
    self.path = path
    self.temporaryPath = temporaryPath
    self.descriptor = descriptor
  }

  deinit { discard() }

  /// Appends bytes. After an error the file is gone.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
    try expectOpen()
    var rest = bytes
    while let start = rest.baseAddress, !rest.isEmpty {
      let written = Foundation.write(descriptor, start, rest.count)
      if written < 0 && errno == EINTR { continue }
      guard written > 0 else {
        let error = Self.failure(path, "cannot be written")
        discard()
        throw error
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[written...])
    }
  }

  /// Appends bytes. After an error the file is gone.
  func write(_ bytes: [UInt8]) throws(ModelFileError) {
    try bytes.withUnsafeBufferPointer { bytes throws(ModelFileError) in
      try write(UnsafeRawBufferPointer(bytes))
    }
  }

  /// Moves the file to its place, over what may be there. After an error it is gone.
  func finish() throws(ModelFileError) {
    try expectOpen()
    // Without this a crash of the system could leave the name on an empty file.
    guard fsync(descriptor) == 0, rename(temporaryPath, path) == 0 else {
      let error = Self.failure(path, "cannot be written")
      discard()
      throw error
    }
    isOpen = false
    close(descriptor)
  }

  /// Closes and removes the file; does nothing once it has been finished.
  func discard() {
    guard isOpen else { return }
    isOpen = false
    close(descriptor)
    unlink(temporaryPath)
  }

  private func expectOpen() throws(ModelFileError) {
    guard isOpen else {
      throw ModelFileError(
        file: path, tensor: nil, message: "is no longer being written: it failed or is whole")
    }
  }

  private static func failure(_ path: String, _ what: String) -> ModelFileError {
    ModelFileError(file: path, tensor: nil, message: "\(what): \(String(cString: strerror(errno)))")
  }
}
