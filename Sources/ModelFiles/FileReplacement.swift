import Foundation

/// A file that appears under its name only when it is complete: written under another name in the same folder,
/// renamed at the end, removed when given up.
final class FileReplacement {
  private let path: String
  private let temporaryPath: String
  private var descriptor: Int32
  private var buffer: [UInt8] = []
  private static let bufferBytes = 1 << 20

  /// - Parameter path: Where the file is to be; one that is there already is replaced.
  init(path: String) throws(ModelFileError) {
    self.path = path
    var template = Array((path + ".partial-XXXXXX").utf8CString)
    descriptor = template.withUnsafeMutableBufferPointer { $0.baseAddress.map { mkstemp($0) } ?? -1 }
    temporaryPath = String(decoding: template.dropLast().map { UInt8(bitPattern: $0) }, as: UTF8.self)
    guard descriptor >= 0 else { throw failure("cannot be created: \(String(cString: strerror(errno)))") }
    // mkstemp lets nobody else read; other files are readable as far as the user's mask allows.
    let mask = umask(0)
    umask(mask)
    fchmod(descriptor, 0o666 & ~mask)
    buffer.reserveCapacity(Self.bufferBytes)
  }

  deinit {
    guard descriptor >= 0 else { return }
    close(descriptor)
    unlink(temporaryPath)
  }

  /// Appends bytes.
  func write(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
    if buffer.count + bytes.count > Self.bufferBytes { try flush() }
    if bytes.count < Self.bufferBytes {
      buffer.append(contentsOf: bytes)
    } else {
      try writeAll(bytes)
    }
  }

  /// Gives the file its name.
  func finish() throws(ModelFileError) {
    try flush()
    let closed = close(descriptor)
    descriptor = -1
    guard closed == 0, rename(temporaryPath, path) == 0 else {
      let reason = String(cString: strerror(errno))
      unlink(temporaryPath)
      throw failure("cannot be completed: \(reason)")
    }
  }

  private func flush() throws(ModelFileError) {
    let bytes = buffer
    buffer.removeAll(keepingCapacity: true)
    try bytes.withUnsafeBufferPointer { bytes throws(ModelFileError) in
      try writeAll(UnsafeRawBufferPointer(bytes))
    }
  }

  private func writeAll(_ bytes: UnsafeRawBufferPointer) throws(ModelFileError) {
    var rest = bytes
    while !rest.isEmpty {
      let count = Foundation.write(descriptor, rest.baseAddress, rest.count)
      guard count > 0 || errno == EINTR else {
        throw failure("cannot be written: \(String(cString: strerror(errno)))")
      }
      rest = UnsafeRawBufferPointer(rebasing: rest[max(count, 0)...])
    }
  }

  private func failure(_ message: String) -> ModelFileError {
    ModelFileError(file: path, tensor: nil, message: message)
  }
}
