import Foundation

/// The bytes of a file, mapped into memory and read only when touched.
///
/// The file must not be shortened while it is mapped: the system ends a process that touches what is gone.
final class MappedFile: @unchecked Sendable {
  // Unchecked because of the pointer; nothing ever writes through it.

  /// The whole file. Valid as long as this object lives.
  let bytes: UnsafeRawBufferPointer

  /// Maps the regular file at `path`.
  init(path: String) throws(ModelFileError) {
    func failure(_ message: String) -> ModelFileError {
      ModelFileError(file: path, tensor: nil, message: message)
    }
    // Without O_NONBLOCK, opening a pipe that nobody writes to would wait for ever.
    let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
    guard descriptor >= 0 else { throw failure("cannot be opened: \(String(cString: strerror(errno)))") }
    defer { close(descriptor) }
    var status = stat()
    guard fstat(descriptor, &status) == 0 else {
      throw failure("cannot be examined: \(String(cString: strerror(errno)))")
    }
    guard status.st_mode & S_IFMT == S_IFREG else { throw failure("is not a regular file") }
    let count = Int(status.st_size)
    guard count > 0 else {
      bytes = UnsafeRawBufferPointer(start: nil, count: 0)
      return
    }
    guard let start = mmap(nil, count, PROT_READ, MAP_PRIVATE, descriptor, 0), start != MAP_FAILED else {
      throw failure("cannot be mapped into memory: \(String(cString: strerror(errno)))")
    }
    bytes = UnsafeRawBufferPointer(start: start, count: count)
  }

  /// Gives the memory of pages that have been read back to the system; they are read again when they are touched.
  func releasePages() {
    // Pages of a private mapping that nothing was written to are the file's, so none can be lost.
    guard let start = bytes.baseAddress else { return }
    madvise(UnsafeMutableRawPointer(mutating: start), bytes.count, Int32(MADV_DONTNEED))
  }

  deinit {
    if let start = bytes.baseAddress { munmap(UnsafeMutableRawPointer(mutating: start), bytes.count) }
  }
}
