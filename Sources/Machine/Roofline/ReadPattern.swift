import CKernels

/// One way to read memory as fast as possible: a shape of streams and a prefetch distance.
struct ReadPattern: Sendable, Hashable, CustomStringConvertible {
  /// Distances worth trying; 0 leaves it to the hardware.
  static let prefetchDistances = [0, 1024, 4096, 8192]

  /// Into the C table of read probes.
  let probe: Int
  let prefetchBytes: Int

  /// All ways that a CPU with the extensions `isa` can execute, those of its widest loads only.
  static func all(isa: UInt32, prefetchDistances: [Int] = prefetchDistances) -> [ReadPattern] {
    let runnable = (0..<bl_read_probe_total()).filter { bl_read_probe_at($0).pointee.isa & ~isa == 0 }
    let widest = runnable.map { bl_read_probe_at($0).pointee.isa }.max() ?? 0
    return runnable.filter { bl_read_probe_at($0).pointee.isa == widest }
      .flatMap { probe in prefetchDistances.map { ReadPattern(probe: probe, prefetchBytes: $0) } }
  }

  /// Reads are whole multiples of this.
  var granuleBytes: Int { bl_read_probe_at(probe).pointee.granule_bytes }

  var description: String {
    let name = String(cString: bl_read_probe_at(probe).pointee.name)
    return prefetchBytes == 0 ? name : "\(name), prefetch \(prefetchBytes) B ahead"
  }

  /// Reads `byteCount` bytes, a multiple of ``granuleBytes``, `rounds` times and returns the exclusive
  /// or of all 64-bit words read.
  func read(_ address: UnsafeRawPointer, byteCount: Int, rounds: Int) -> UInt64 {
    bl_read_probe_at(probe).pointee.read(address, byteCount, prefetchBytes, rounds)
  }
}
