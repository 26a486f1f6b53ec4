import Workloads

extension ClaimCatalogue {
  /// A ternary model against LLaMA, as in table 1 and figure 2 of arXiv 2402.17764.
  private struct Row {
    let size: String
    let float: String
    let ternary: String
    let memory: Double
    let latency: Double
    let source: String
    let memoryStanding: PublishedFigure.Standing

    init(
      _ size: String, float: String? = nil, ternary: String? = nil, memory: Double, latency: Double,
      source: String = "\(bitNet158), table 1", memoryStanding: PublishedFigure.Standing = .stated
    ) {
      self.size = size
      self.float = float ?? size
      self.ternary = ternary ?? size
      self.memory = memory
      self.latency = latency
      self.source = source
      self.memoryStanding = memoryStanding
    }

    /// The same ratio twice: on the device it was published for, as modelled, and on this machine.
    func claims(
      _ name: String, _ group: ClaimGroup, _ statement: String, _ published: PublishedFigure,
      device: DeviceCheck.Figure, processor: EquivalenceQuantity.Figure, higher: (device: String, cpu: String)
    ) -> [Claim] {
      [
        Claim(
          "\(name)-\(size)-a100", group, "\(statement), on an A100", published: published,
          // A pair holds the FP16 70B, and a sequence for each; memory is that of a single sequence.
          check: DeviceCheck(
            figure: device, float: float, ternary: ternary,
            devices: size == "70b" && processor == .latency ? 2 : 1),
          higher: higher.device),
        Claim(
          "\(name)-\(size)-cpu", group, "\(statement), on this CPU", published: published,
          check: ProcessorCheck(
            quantity: EquivalenceQuantity(figure: processor, phase: .decode), float: float,
            ternary: ternary),
          higher: higher.cpu),
      ]
    }
  }

  // The LLaMA of a size has the shape of the BitNet b1.58 of that size (arXiv 2411.04965, table 6), so that one
  // entry of the catalogue stands for both.
  private static let rows = [
    Row("700m", memory: 2.60, latency: 1.23), Row("1.3b", memory: 2.93, latency: 1.67),
    Row("3b", memory: 3.55, latency: 2.71), Row("3.9b", float: "3b", memory: 3.32, latency: 2.40),
    Row(
      "70b", float: "70b-mha", ternary: "70b-mha", memory: 7.16, latency: 4.1,
      source: "\(bitNet158), section 3, figure 2", memoryStanding: .secondHand),
  ]

  private static func statement(_ what: String, _ row: Row) -> String {
    row.size == "3.9b"
      ? "\(what) of LLaMA 3B over BitNet b1.58 3.9B"
      : "\(what) of LLaMA over BitNet b1.58 at \(row.size.uppercased())"
  }

  private static let overhead =
    "the published sizes exceed weights, embedding and cache by 0.5 to 1 GB on both sides, which lowers their ratio"

  static let memory: [Claim] =
    rows.flatMap { row in
      row.claims(
        "memory", .memory, statement("memory", row),
        PublishedFigure(row.memory, source: row.source, standing: row.memoryStanding),
        device: .memory, processor: .memory,
        higher: (device: overhead, cpu: overhead))
    } + [
      Claim(
        "memory-2b4t-information", .memory, "BitNet b1.58 2B4T without embedding",
        published: PublishedFigure(
          0.4, .gigabytes, decimals: 1, source: "arXiv 2504.12285, table 1", criterion: .printed),
        check: ModelBytesCheck(model: "2b4t", bits: .information, includesEmbedding: false)),
      Claim(
        "memory-2b4t-stored", .memory, "BitNet b1.58 2B4T without embedding, as stored in 2 bits",
        published: PublishedFigure(
          0.4, .gigabytes, decimals: 1, source: "arXiv 2504.12285, table 1", criterion: .printed),
        check: ModelBytesCheck(model: "2b4t", bits: .stored(2), includesEmbedding: false),
        higher: "0.4 GB is what the weights carry at log2 3 bits each; the published file stores 2 bits"),
      Claim(
        "memory-2b4t-file", .memory, "BitNet b1.58 2B4T as its published file takes",
        published: PublishedFigure(
          0.4, .gigabytes, decimals: 1, source: "arXiv 2504.12285, table 1", criterion: .printed),
        check: ModelBytesCheck(model: "2b4t", bits: .stored(2), includesEmbedding: true),
        higher:
          "the table counts neither embedding nor storage; microsoft/BitNet, issue 229, shows a buffer of 1124.81 "
          + "MiB for the file"),
    ]

  static let latency: [Claim] = rows.flatMap { row in
    row.claims(
      "latency", .latency, statement("time of a token", row),
      PublishedFigure(row.latency, decimals: row.size == "70b" ? 1 : 2, source: row.source),
      device: .latency, processor: .latency,
      higher: (
        "a roofline moves bytes at the full bandwidth; the published kernels, short ones above all, do not reach it",
        "a token here is bound by memory, so that the ratio follows the bytes of the weights; small layers on a "
          + "GPU are bound by launches and do not"
      ))
  }

  static let throughput: [Claim] = [
    Claim(
      "throughput-70b-batch", .throughput, "largest batch of BitNet b1.58 70B over LLaMA 70B, 512 tokens",
      published: PublishedFigure(11.0, decimals: 1, source: "\(bitNet158), table 3"),
      check: DeviceCheck(figure: .batch, float: "70b-mha", ternary: "70b-mha", devices: 2),
      lower:
        "16-bit caches of the published 176 sequences would not fit two A100 of 80 GB, and the published 16 "
        + "of LLaMA leave memory unused"),
    Claim(
      "throughput-70b-tokens", .throughput,
      "tokens a second of BitNet b1.58 70B over LLaMA 70B at largest batches",
      published: PublishedFigure(8.9, decimals: 1, source: "\(bitNet158), table 3"),
      check: DeviceCheck(
        figure: .throughput, float: "70b-mha", ternary: "70b-mha", devices: 2,
        publishedBatches: (float: 16, ternary: 176)),
      lower: "the published batch ratio is larger than what fits here"),
  ]
}
