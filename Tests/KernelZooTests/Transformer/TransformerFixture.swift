import CKernels
import Ternary

@testable import KernelZoo

extension InstructionSetLevel {
  /// What the transformer's functions take: everything this CPU has, up to the level.
  var isa: UInt32 { allowed.intersection(.ofThisCPU).rawValue }
}

/// Counts below, at and above the widths of vectors and unrolled loops, and a real one.
let awkwardCounts = [1, 2, 7, 8, 15, 16, 17, 63, 64, 65, 80, 127, 128, 129, 1000, 2560]

extension SeededGenerator {
  /// Numbers of magnitude at most `magnitude`.
  mutating func floats(_ count: Int, upTo magnitude: Float = 1) -> [Float] {
    (0..<count).map { _ in Float.random(in: -magnitude...magnitude, using: &self) }
  }
}

/// Copies of arrays whose last byte is the last before a forbidden page: reading one element more crashes. They live
/// until `free`, as a reference does not keep memory alive whose address was taken.
final class GuardedCopies {
  private var memories: [GuardedMemory] = []

  func copy<Element: BitwiseCopyable>(_ values: [Element]) -> UnsafeMutablePointer<Element> {
    let bytes = values.count * MemoryLayout<Element>.stride
    let memory = GuardedMemory(byteCount: bytes)
    memories.append(memory)
    let slack = (max(bytes, 1) + 63) / 64 * 64 - bytes
    let copy = (memory.baseAddress + slack).assumingMemoryBound(to: Element.self)
    copy.update(from: values, count: values.count)
    return copy
  }

  func free() { memories = [] }
}

extension UnsafeMutablePointer {
  func values(_ count: Int) -> [Pointee] { Array(UnsafeBufferPointer(start: self, count: count)) }
}

/// The largest |value - expected| / bound over all elements, with where it is: fine up to 1, and NaN never is.
func worst(_ values: [Float], _ expected: [Double], bound: (Int) -> Double) -> (ratio: Double, index: Int) {
  guard values.count == expected.count else { return (.infinity, -1) }
  var result = (ratio: 0.0, index: 0)
  for (index, value) in values.enumerated() where Double(value) != expected[index] {
    let ratio = abs(Double(value) - expected[index]) / bound(index)
    if !(ratio <= result.ratio) { result = (ratio, index) }
    if ratio.isNaN { return (.infinity, index) }
  }
  return result
}
