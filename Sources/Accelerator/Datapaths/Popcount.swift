import Ternary

/// Takes all bit-planes of the activations in one cycle, side by side: small for activations of one or two bits,
/// large for eight.
struct Popcount: PiecewiseDatapath {
  let name = "popcount"
  let family = ComputeFamily.popcount
  let summary =
    "ANDs all bits of every activation with the weight masks at once, counts and adds the planes up"
  let source = "arXiv 1612.07119: logic and population count in space; arXiv 1806.08862: bit-planes"

  func objection(to element: ElementDesign) -> ElementObjection? {
    BitPlanes.objection(to: element, upToBits: 8)
  }

  func timing(of element: ElementDesign) -> ElementTiming { ElementTiming(cyclesPerStep: 1, fillCycles: 0) }

  func pieces(of element: ElementDesign) -> [Piece] {
    let bitPlanes = BitPlanes(element)
    // Planes are added in pairs; a sum over 2^l planes is 2^l - 1 bits wider than one.
    var sums: [Piece] = []
    var remaining = bitPlanes.planes
    var planesPerSum = 1
    while remaining > 1 {
      planesPerSum = min(2 * planesPerSum, bitPlanes.planes)
      let bits = bitPlanes.countBits + planesPerSum - 1
      sums.append(Piece(.add(.integer(bits: bits)), count: remaining / 2, in: .arithmetic))
      remaining -= remaining / 2
    }
    return bitPlanes.pieces(count: bitPlanes.planes, times: 1) + sums
      + BitPlanes.surroundings(of: element)
  }
}
