import CNUMA
import Foundation

/// A set of logical CPUs as the scheduler takes it.
struct Affinity {
  /// The most CPUs that Linux is built for.
  private static let mostProcessors = 8192
  private static let bitsPerWord = UInt.bitWidth

  private var words: [UInt]

  init(_ processors: some Sequence<Int>) {
    words = Array(repeating: 0, count: Self.mostProcessors / Self.bitsPerWord)
    for processor in processors where processor >= 0 && processor < words.count * Self.bitsPerWord {
      words[processor / Self.bitsPerWord] |= 1 << UInt(processor % Self.bitsPerWord)
    }
  }

  /// CPUs the calling thread may run on now; `nil` when the kernel does not tell.
  static func ofCallingThread() -> Affinity? {
    var affinity = Affinity([])
    return affinity.withBitmask { numa_sched_getaffinity(0, $0) } >= 0 ? affinity : nil
  }

  /// Moves the calling thread, and only it, to these CPUs. Returns 0 or the error number.
  @discardableResult
  func applyToCallingThread() -> Int32 {
    var affinity = self
    return affinity.withBitmask { numa_sched_setaffinity(0, $0) } >= 0 ? 0 : errno
  }

  /// The set in the form libnuma takes; its calls are the plain system calls for any number of CPUs.
  private mutating func withBitmask<Result>(_ body: (UnsafeMutablePointer<bitmask>) -> Result) -> Result {
    words.withUnsafeMutableBufferPointer { words in
      var mask = bitmask(size: UInt(words.count * Self.bitsPerWord), maskp: words.baseAddress)
      return body(&mask)
    }
  }

  /// The CPUs in the set, ascending.
  var processors: [Int] {
    words.indices.flatMap { word in
      (0..<Self.bitsPerWord).compactMap { bit in
        words[word] >> UInt(bit) & 1 == 1 ? word * Self.bitsPerWord + bit : nil
      }
    }
  }
}
