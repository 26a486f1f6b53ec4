import Foundation

/// A file in memory that holds one input after the other: the readers open files by their path.
final class InputFile {
  let path: String
  private let descriptor: Int32

  init() {
    let name = "/dev/shm/bitlab-fuzz-\(getpid())"
    descriptor = open(name, O_RDWR | O_CREAT | O_EXCL | O_CLOEXEC, 0o600)
    precondition(descriptor >= 0, "\(name) cannot be created: \(String(cString: strerror(errno)))")
    // Without a name it goes away with the process, also when that crashes.
    unlink(name)
    path = "/proc/self/fd/\(descriptor)"
  }

  /// Makes the file consist of these bytes.
  func replace(_ bytes: UnsafeRawBufferPointer) {
    let isReplaced =
      ftruncate(descriptor, 0) == 0 && pwrite(descriptor, bytes.baseAddress, bytes.count, 0) == bytes.count
    precondition(isReplaced, "the input cannot be written: \(String(cString: strerror(errno)))")
  }
}
