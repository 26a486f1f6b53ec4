/// Which dimension of a matmul lies where in an array.
struct ArrayAxes {
  let rows: LoopDimension
  let columns: LoopDimension
  let time: LoopDimension
  private let dotWidth: Int
  private let arrayRows: Int
  private let arrayColumns: Int

  init(_ array: ArrayDesign) {
    switch array.dataflow {
    case .outputStationary: (rows, columns, time) = (.tokens, .outFeatures, .inFeatures)
    case .weightStationary: (rows, columns, time) = (.inFeatures, .outFeatures, .tokens)
    case .inputStationary: (rows, columns, time) = (.inFeatures, .tokens, .outFeatures)
    }
    (dotWidth, arrayRows, arrayColumns) = (array.dotWidth, array.rows, array.columns)
  }

  /// What the array takes of a dimension at a time: a fold, or a step.
  func unit(of dimension: LoopDimension) -> Int {
    let elements =
      switch dimension {
      case rows: arrayRows
      case columns: arrayColumns
      default: 1
      }
    return dimension == .inFeatures ? elements * dotWidth : elements
  }
}

/// The sizes of tiles that are tried along one dimension, largest first.
///
/// A tile is a multiple of what the array takes at a time, since a smaller remainder costs as much, or the whole
/// dimension. Of the multiples that cut the dimension into equally many tiles only the smallest is tried: all of them
/// take the same cycles of the array and the same traffic, both of which depend on the number of tiles, while a larger
/// one takes more of a buffer, loads longer before the first cycle and leaves a smaller rest at the end. Numbers of
/// tiles are all up to 16, then eight between one power of two and the next, and the largest: one further would have
/// saved at most an eighth of what is fetched again.
///
/// The sizes do not depend on buffers or bandwidths, so that a larger buffer adds choices and takes none away.
struct TileCandidates {
  /// The tilings of the dimension.
  private(set) var extents: [TiledExtent] = []

  init(_ extent: Int, unit: Int) {
    let units = ArrayTiming.quotientUp(extent, unit)
    var number = 1
    var previous = 0
    while previous != 1 {
      let tileUnits = ArrayTiming.quotientUp(units, number)
      if tileUnits != previous { extents.append(TiledExtent(extent, tile: tileUnits * unit)) }
      previous = tileUnits
      number += number < 16 ? 1 : 1 << (Int.bitWidth - 1 - number.leadingZeroBitCount - 3)
    }
  }
}
