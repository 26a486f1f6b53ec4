extension ClaimCatalogue {
  /// What additions save, counted by the publications' own prices.
  static let arithmetic: [Claim] =
    [
      Claim(
        "saving-7nm", .arithmetic, "energy of an FP16 multiply-add over an int8 addition at 7 nm",
        published: PublishedFigure(
          71.4, decimals: 1, source: "\(bitNet158), section 3, figure 3", criterion: .printed),
        check: SavingCheck(nodeNanometres: 7)),
      Claim(
        "saving-45nm", .arithmetic, "energy of an FP16 multiply-add over an int8 addition at 45 nm",
        published: PublishedFigure(
          50, decimals: 0, source: "arXiv 2310.11453, table 2: (0.4 + 1.1) pJ / 0.03 pJ", standing: .derived,
          criterion: .printed),
        check: SavingCheck(nodeNanometres: 45)),
    ] + energyBySize + energyOfPasses

  /// Ratios that figure 3 shows as bars.
  private static let energyBySize: [Claim] = [
    ("1.3b", 18.6, "1.3b", nil as String?), ("3b", 21.7, "3b", "narrow-3b"), ("7b", 29.1, "7b", nil),
    ("13b", 32.9, "13b", nil), ("70b", 41.2, "70b-mha", nil),
  ].map { size, ratio, model, alternative in
    Claim(
      "energy-size-\(size)", .arithmetic,
      "energy of LLaMA over BitNet b1.58 at \(size.uppercased()), 512 tokens",
      published: PublishedFigure(
        ratio, decimals: 1, source: "\(bitNet158), figure 3", standing: .secondHand, criterion: .within(0.01)),
      check: EnergyRatioCheck(model: model, alternative: alternative),
      higher: alternative == nil ? nil : "the figure fits another 3B, narrower and deeper")
  }

  private static let energyOfPasses: [Claim] = [
    ("llama", "LLaMA 3.2 1B", 0.258), ("gemma", "Gemma-3 1B", 0.186), ("qwen", "Qwen2.5 1.5B", 0.347),
    ("smollm", "SmolLM2 1.7B", 0.425), ("minicpm", "MiniCPM 2B", 0.649), ("bitnet", "BitNet b1.58 2B", 0.028),
  ].map { id, model, joules in
    Claim(
      "energy-2b4t-\(id)", .arithmetic, "energy of \(model), estimated",
      published: PublishedFigure(
        joules, .joules, decimals: 3, source: "arXiv 2504.12285, table 1", criterion: .printed),
      check: PassEnergyCheck(model: model))
  }
}
