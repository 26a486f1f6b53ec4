import CKernels
import Ternary

@testable import KernelZoo

/// One matmul on random data through the bare C contract of a kernel, with guarded memory, packing and rows in
/// uneven pieces.
struct KernelTrial {
  enum Fill: String, CaseIterable { case random, largest, smallest, zeroWeights }

  let kernel: UnsafePointer<bl_kernel>
  let tokens: Int
  let outFeatures: Int
  let inFeatures: Int
  var fill = Fill.random
  var seed: UInt64 = 1

  struct Outcome {
    var roundTrips = false
    var mismatch: String?
    var packedBytes = 0
    var packedBytesBound = 0
    var cost = bl_cost()
  }

  private var packing: bl_packing { kernel.pointee.packing.pointee }
  private var isFloat: Bool { packing.weights == BL_WEIGHTS_FLOAT }
  private var activationsAreFloat: Bool { kernel.pointee.activations == BL_ACTIVATIONS_FLOAT }

  private func integerWeights(_ random: inout SeededGenerator) -> [Int8] {
    let values: ClosedRange<Int8> = packing.weights == BL_WEIGHTS_INT8 ? -128...127 : -1...1
    return (0..<outFeatures * inFeatures).map { _ in
      switch fill {
      case .largest: return values.upperBound
      case .smallest: return values.lowerBound
      case .zeroWeights: return packing.weights == BL_WEIGHTS_BINARY ? 1 : 0
      case .random:
        if packing.weights == BL_WEIGHTS_BINARY { return random.next() & 1 == 0 ? -1 : 1 }
        return Int8.random(in: values, using: &random)
      }
    }
  }

  private func integerActivations(_ random: inout SeededGenerator) -> [Int8] {
    let kind = Kernel(descriptor: kernel).activations ?? .int8
    return (0..<tokens * inFeatures).map { _ in
      switch fill {
      case .largest: return kind.range.upperBound
      case .smallest: return kind.range.lowerBound
      case .random, .zeroWeights:
        if kind == .sign { return random.next() & 1 == 0 ? -1 : 1 }
        return Int8.random(in: kind.range, using: &random)
      }
    }
  }

  private func floats(_ count: Int, _ random: inout SeededGenerator) -> [Float] {
    (0..<count).map { _ in Float.random(in: -1...1, using: &random) }
  }

  /// Runs the trial. Tokens without a zero activation make data-dependent counts those of the cost formula.
  func run(withoutZeroActivations: Bool = false) -> Outcome {
    var random = SeededGenerator(seed: seed)
    if isFloat {
      let weights = floats(outFeatures * inFeatures, &random)
      let x = floats(tokens * inFeatures, &random)
      return weights.withUnsafeBytes { w in
        x.withUnsafeBytes { run(weights: w, x: $0, check: { checkFloats($0, x: x, weights: weights) }) }
      }
    }
    let weights = integerWeights(&random)
    var x = integerActivations(&random)
    if withoutZeroActivations { for i in x.indices where x[i] == 0 { x[i] = 1 } }
    return weights.withUnsafeBytes { w in
      x.withUnsafeBytes { run(weights: w, x: $0, check: { checkIntegers($0, x: x, weights: weights) }) }
    }
  }

  private func run(
    weights: UnsafeRawBufferPointer, x: UnsafeRawBufferPointer, check: (UnsafeRawPointer) -> String?
  ) -> Outcome {
    var outcome = Outcome()
    let k = kernel.pointee
    let packedBytes = packing.packed_bytes(outFeatures, inFeatures, weights.baseAddress)
    outcome.packedBytes = packedBytes
    outcome.packedBytesBound = packing.packed_bytes(outFeatures, inFeatures, nil)
    let packed = GuardedMemory(byteCount: packedBytes)
    let guardedX = GuardedMemory(byteCount: x.count)
    guardedX.baseAddress.copyMemory(from: x.baseAddress!, byteCount: x.count)
    for rows in pieces(of: outFeatures, tile: k.n_tile) {
      packing.pack(
        outFeatures, inFeatures, rows.lowerBound, rows.upperBound, weights.baseAddress, packed.baseAddress)
    }
    outcome.roundTrips = isFloat || unpacks(packed, to: weights)

    let prepared = GuardedMemory(byteCount: k.prepared_bytes(tokens, inFeatures))
    for range in pieces(of: tokens, tile: k.m_tile) {
      for columns in k.k_tile > 0 ? pieces(of: inFeatures, tile: k.k_tile) : [0..<inFeatures] {
        var task = bl_prepare_task(
          m: tokens, k: inFeatures, m_begin: range.lowerBound, m_end: range.upperBound,
          k_begin: columns.lowerBound, k_end: columns.upperBound, x: guardedX.baseAddress,
          prepared: prepared.baseAddress)
        k.prepare(&task)
      }
    }
    let y = GuardedMemory(byteCount: tokens * outFeatures * 4)
    for rows in pieces(of: outFeatures, tile: k.n_tile) {
      let workspace = GuardedMemory(byteCount: k.workspace_bytes?(tokens, outFeatures, inFeatures) ?? 0)
      var task = bl_multiply_task(
        m: tokens, n: outFeatures, k: inFeatures, n_begin: rows.lowerBound, n_end: rows.upperBound,
        packed: packed.baseAddress, prepared: prepared.baseAddress, workspace: workspace.baseAddress,
        y: y.baseAddress)
      k.multiply(&task)
    }
    outcome.cost = k.cost(tokens, outFeatures, inFeatures, packed.baseAddress)
    outcome.mismatch = check(UnsafeRawPointer(y.baseAddress))
    return outcome
  }

  /// Whole in the counted runs (one piece is what cost formulae describe), else pieces of one and two tiles.
  var inPieces = true
  private func pieces(of total: Int, tile: Int) -> [Range<Int>] {
    guard inPieces else { return [0..<total] }
    var pieces: [Range<Int>] = []
    var first = 0
    while first < total {
      let last = min(first + tile * (1 + pieces.count % 2), total)
      pieces.append(first..<last)
      first = last
    }
    return pieces
  }

  private func unpacks(_ packed: GuardedMemory, to weights: UnsafeRawBufferPointer) -> Bool {
    let unpacked = GuardedMemory(byteCount: weights.count, filledWith: 0x77)
    packing.unpack(outFeatures, inFeatures, packed.baseAddress, unpacked.baseAddress)
    return UnsafeRawBufferPointer(start: unpacked.baseAddress, count: weights.count).elementsEqual(weights)
  }

  private func checkIntegers(_ y: UnsafeRawPointer, x: [Int8], weights: [Int8]) -> String? {
    let expected = CReference.matmul(
      x: x, weights: weights, tokens: tokens, outFeatures: outFeatures, inFeatures: inFeatures)
    let sums = UnsafeBufferPointer(start: y.assumingMemoryBound(to: Int32.self), count: expected.count)
    for (index, (got, wanted)) in zip(sums, expected).enumerated() where got != wanted {
      return "token \(index / outFeatures), row \(index % outFeatures): \(got) instead of \(wanted)"
    }
    return nil
  }

  private func checkFloats(_ y: UnsafeRawPointer, x: [Float], weights: [Float]) -> String? {
    let results = UnsafeBufferPointer(
      start: y.assumingMemoryBound(to: Float.self), count: tokens * outFeatures)
    let relativeBound = kernel.pointee.rounding_error + Double(inFeatures) * 0x1p-24
    for token in 0..<tokens {
      for row in 0..<outFeatures {
        var sum = 0.0
        var magnitudes = 0.0
        var activations = 0.0
        for i in 0..<inFeatures {
          let product = Double(x[token * inFeatures + i]) * Double(weights[row * inFeatures + i])
          sum += product
          magnitudes += product.magnitude
          activations += Double(x[token * inFeatures + i].magnitude)
        }
        let bound = relativeBound * magnitudes + kernel.pointee.underflow_error * activations
        let error = (Double(results[token * outFeatures + row]) - sum).magnitude
        if !(error <= bound + 1e-30) {
          return "token \(token), row \(row): error \(error) beyond \(bound)"
        }
      }
    }
    return nil
  }
}

/// The C reference kernel, which a test of its own holds against the Swift reference matmul: it is compiled with
/// optimisation in every build.
enum CReference {
  static func matmul(x: [Int8], weights: [Int8], tokens: Int, outFeatures: Int, inFeatures: Int) -> [Int32] {
    guard let kernel = KernelRegistry.kernel(named: "reference-i8-scalar")?.descriptor.pointee else {
      return []
    }
    let packed = AlignedBuffer(byteCount: kernel.packing.pointee.packed_bytes(outFeatures, inFeatures, nil))
    kernel.packing.pointee.pack(outFeatures, inFeatures, 0, outFeatures, weights, packed.baseAddress)
    return [Int32](unsafeUninitializedCapacity: tokens * outFeatures) { buffer, count in
      x.withUnsafeBytes { prepared in
        var task = bl_multiply_task(
          m: tokens, n: outFeatures, k: inFeatures, n_begin: 0, n_end: outFeatures,
          packed: packed.baseAddress,
          prepared: prepared.baseAddress, workspace: nil, y: buffer.baseAddress)
        kernel.multiply(&task)
      }
      count = tokens * outFeatures
    }
  }
}
