import Bench

/// The layer on which most kernels were measured, and this machine's limits at that time.
struct RooflinePoints {
  let size: MatrixSize
  let threads: Int
  let members: [Measurement]

  /// `nil` without measurements.
  init?(_ measurements: [Measurement]) {
    struct Place: Hashable {
      let size: MatrixSize
      let threads: Int
    }
    let places = Dictionary(grouping: measurements) {
      Place(size: MatrixSize($0.point), threads: $0.point.threads)
    }
    // Of equals the one with more threads, then the largest.
    let fullest = places.max { left, right in
      func rank(_ place: (key: Place, value: [Measurement])) -> (Int, Int, Int, Int) {
        (
          Set(place.value.map(\.point.kernel)).count, place.key.threads,
          place.key.size.outFeatures * place.key.size.inFeatures, place.key.size.outFeatures
        )
      }
      return rank(left) < rank(right)
    }
    guard let fullest else { return nil }
    size = fullest.key.size
    threads = fullest.key.threads
    members = fullest.value
  }

  /// The peaks of multiplying, in multiply-accumulates per second, as far as a kernel was bound by one: those of the
  /// highest instruction set level, since lower ones are held against their own.
  var peaks: [(label: String, rate: Double, dash: Int)] {
    let kinds: [(kind: Roofline.Kind, label: String, dash: Int)] = [
      (.int8Dot, "int8 dot limit", 1), (.fp32FMA, "FP32 FMA limit", 2),
    ]
    return kinds.compactMap { kind, label, dash in
      members.compactMap { $0.roofline?.kind == kind ? $0.roofline?.ratePerSecond : nil }.max()
        .map { (label, $0, dash) }
    }
  }

  /// Roofs as clauses of gnuplot's `plot`: reading from DRAM up to each peak.
  var roofs: [String] {
    guard let read = median(of: members.compactMap(\.readBandwidthProbeBytesPerSecond)) else { return [] }
    return peaks.map { label, rate, dash in
      let (slope, peak) = (PlotNumber.text(read / 1e9), PlotNumber.text(rate / 1e9))
      return "(\(slope)*x < \(peak) ? \(slope)*x : \(peak)) with lines linecolor \"#777777\" linewidth 1.5 "
        + "dashtype \(dash) title \"\(label)\""
    }
  }
}
