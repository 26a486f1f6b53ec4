import Workloads

extension ClaimCatalogue {
  /// Tokens a second of an i7-13700H: F16 of llama.cpp, and bitnet.cpp, with all threads and with two.
  private static let rates: [(size: String, all: (float: Double, ternary: Double), two: (Double, Double))] = [
    ("125m", (164.04, 389.08), (119.84, 316.35)), ("350m", (56.67, 172.95), (41.57, 137.68)),
    ("700m", (30.73, 119.08), (18.56, 80.13)), ("1b", (22.31, 86.50), (13.92, 57.76)),
    ("1.5b", (15.02, 67.12), (8.99, 44.69)), ("2.5b", (11.07, 46.33), (6.95, 29.41)),
    ("3.8b", (5.85, 30.51), (3.49, 20.51)), ("7b", (3.30, 18.75), (1.92, 12.41)),
    ("13b", (1.78, 10.99), (1.30, 7.09)),
  ]

  static let speedups: [Claim] = rates.flatMap { rate in
    [
      (name: "all", words: "all CPUs", threads: ClaimThreads.all, rates: rate.all, table: "4"),
      (name: "2threads", words: "2 threads", threads: .exactly(2), rates: rate.two, table: "5"),
    ].map { row in
      Claim(
        "speedup-\(row.name)-\(rate.size)", .speedups,
        "tokens a second at \(rate.size.uppercased()), \(row.words)",
        published: PublishedFigure(
          row.rates.1 / row.rates.0, source: "arXiv 2410.16144, table \(row.table), i7-13700H",
          standing: .derived),
        check: ProcessorCheck(
          quantity: EquivalenceQuantity(figure: .latency, phase: .decode),
          float: "bitnetcpp-\(rate.size)", ternary: "bitnetcpp-\(rate.size)", threads: row.threads),
        lower:
          "the published FP16 reads fewer bytes a second than its memory can deliver, that of this machine "
          + "does not; LM head and attention are FP16 here",
        higher:
          "both sides are bound by memory here, so that the ratio nears that of the bytes; published tokens "
          + "hold work beside the matrices that is not counted here")
    }
  }
}
