import Foundation

/// Memory whose last byte lies at the end of a page, with a forbidden page behind it: a kernel that reads or
/// writes past what it was promised crashes the test instead of passing by luck.
final class GuardedMemory {
  private let mapping: UnsafeMutableRawPointer
  private let mappedBytes: Int
  /// The first byte, at a multiple of 64; up to 63 bytes of slack remain before the guard page.
  let baseAddress: UnsafeMutableRawPointer

  init(byteCount: Int, filledWith byte: UInt8 = 0xA5) {
    let page = Int(getpagesize())
    let used = (max(byteCount, 1) + 63) / 64 * 64
    let pages = (used + page - 1) / page * page
    mappedBytes = pages + page
    mapping = mmap(nil, mappedBytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)
    precondition(mapping != MAP_FAILED, "out of memory")
    precondition(mprotect(mapping + pages, page, PROT_NONE) == 0, "no guard page")
    baseAddress = mapping + pages - used
    memset(baseAddress, Int32(byte), used)
  }

  deinit { munmap(mapping, mappedBytes) }
}
