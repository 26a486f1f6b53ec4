import Accelerator

/// An FP16 multiply-add against one 8-bit addition, at the prices of the publication.
struct SavingCheck: ClaimCheck {
  let nodeNanometres: Int

  var method: ClaimMethod { .arithmetic }

  func figure(from evidence: ClaimEvidence) throws -> ClaimFigure {
    let savings = try ArithmeticEnergy.shipped().savings.filter { $0.nodeNanometres == nodeNanometres }
    guard let published = savings.first(where: { $0.accumulatorBits == 8 }),
      let wide = savings.first(where: { $0.accumulatorBits == 24 })
    else { throw ClaimUntestable(description: "there are no prices at \(nodeNanometres) nm") }
    return ClaimFigure(
      published.ratio,
      basis:
        "an addition of 8 bits; with sums of 24 bits, wide enough for the in-features of all these models, "
        + "\(wide.ratio.rounded(toDecimals: 1))x; no memory")
  }
}
