@testable import ModelFiles

nonisolated(unsafe) private let input = InputFile()

/// One safetensors file: its header, and the floats of every matrix in it.
@_cdecl("LLVMFuzzerTestOneInput")
public func fuzzSafetensors(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
  input.replace(UnsafeRawBufferPointer(start: start, count: count))
  guard let file = try? SafetensorsFile(path: input.path) else { return 0 }
  for tensor in file.tensors {
    precondition(tensor.byteRange.upperBound <= count)
    if let matrix = try? file.matrix(named: tensor.name) {
      precondition(matrix.values.count == tensor.shape.reduce(1, *))
    }
  }
  return 0
}
