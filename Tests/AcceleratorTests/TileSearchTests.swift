import Ternary
import Testing

@testable import Accelerator

@Suite struct TileSearchTests {
  /// Simulations of every tiling that a test thinks of and that fits.
  private func simulateAll(
    _ size: MatmulSize, on chip: Chip, tiles: (LoopDimension) -> [Int]
  ) throws -> [MatmulSimulation] {
    var simulations: [MatmulSimulation] = []
    for tokens in tiles(.tokens) {
      for inFeatures in tiles(.inFeatures) {
        for outFeatures in tiles(.outFeatures) {
          for order in LoopOrder.allCases {
            let tiling = Tiling(
              tokens: tokens, inFeatures: inFeatures, outFeatures: outFeatures, order: order)
            if let simulation = try? AnalyticalSimulator().simulate(
              size, zeroShare: 0, on: chip, tiling: tiling)
            {
              simulations.append(simulation)
            }
          }
        }
      }
    }
    return simulations
  }

  private func smallSize(_ chips: inout RandomChips) -> MatmulSize {
    MatmulSize(
      tokens: chips.pick([1, chips.integer(1...40)]), inFeatures: chips.integer(1...60),
      outFeatures: chips.integer(1...60))
  }

  /// Bounds must not rule out what is best among the candidates.
  @Test func findsTheBestOfTheCandidates() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<150 {
      let chip = try chips.chip()
      let size = smallSize(&chips)
      let axes = ArrayAxes(chip.design.array)
      let all = try simulateAll(size, on: chip) {
        TileCandidates(size[$0], unit: axes.unit(of: $0)).extents.map(\.tile)
      }
      let context = "\(size) \(chip.design), seed \(seed)"
      let fastest = try AnalyticalSimulator(tolerance: 0).simulate(size, zeroShare: 0, on: chip, tiling: nil)
      let leastCycles = try #require(all.map(\.cycles.total).min(), "\(context)")
      #expect(fastest.cycles.total.isSame(as: leastCycles), "\(fastest.tiling) \(context)")

      let leanest = try AnalyticalSimulator(tolerance: .infinity).simulate(
        size, zeroShare: 0, on: chip, tiling: nil)
      let leastTraffic = try #require(all.map(\.traffic.dramBytes).min(), "\(context)")
      #expect(leanest.traffic.dramBytes.isSame(as: leastTraffic), "\(leanest.tiling) \(context)")
      let leastCyclesOfThese = try #require(
        all.filter { $0.traffic.dramBytes.isSame(as: leastTraffic) }.map(\.cycles.total).min(), "\(context)")
      #expect(leanest.cycles.total.isSame(as: leastCyclesOfThese), "\(leanest.tiling) \(context)")

      let best = try AnalyticalSimulator().simulate(size, zeroShare: 0, on: chip, tiling: nil)
      #expect(best.cycles.total <= leastCycles * 1.01, "\(best.tiling) \(context)")
      #expect(best.traffic.dramBytes <= fastest.traffic.dramBytes, "\(best.tiling) \(context)")
    }
  }

  /// What the candidates leave out: any other multiple of what the array takes at a time. An uneven cut may store less
  /// after the last cycle, which has been seen to save a tenth of matmuls of a hundred cycles.
  @Test func candidatesLackLittle() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<60 {
      let chip = try chips.chip()
      let size = smallSize(&chips)
      let axes = ArrayAxes(chip.design.array)
      let all = try simulateAll(size, on: chip) { dimension in
        let unit = axes.unit(of: dimension)
        return (1...ArrayTiming.quotientUp(size[dimension], unit)).map { min(size[dimension], $0 * unit) }
      }
      let context = "\(size) \(chip.design), seed \(seed)"
      let fastest = try AnalyticalSimulator(tolerance: 0).simulate(size, zeroShare: 0, on: chip, tiling: nil)
      let leastCycles = try #require(all.map(\.cycles.total).min(), "\(context)")
      #expect(fastest.cycles.total <= leastCycles * 1.2, "\(fastest.tiling) \(context)")
      let leanest = try AnalyticalSimulator(tolerance: .infinity).simulate(
        size, zeroShare: 0, on: chip, tiling: nil)
      let leastTraffic = try #require(all.map(\.traffic.dramBytes).min(), "\(context)")
      #expect(leanest.traffic.dramBytes <= leastTraffic * 1.125, "\(leanest.tiling) \(context)")
    }
  }

  @Test func foldsAddUpToTiles() throws {
    let seed = UInt64.random(in: 0...UInt64.max)
    var chips = RandomChips(seed: seed)
    for _ in 0..<500 {
      let chip = try chips.chip()
      let size = chips.size(upTo: 100)
      let space = TileSpace(size, ArrayAxes(chip.design.array), on: chip)
      let cut = TileSpace.Cut(
        tokens: chips.integer(0...space.tokens.count - 1),
        inFeatures: chips.integer(0...space.inFeatures.count - 1),
        outFeatures: chips.integer(0...space.outFeatures.count - 1))
      let schedule = space.schedule(cut, .mkn)
      let tiles = space.tileCycles(cut)
      var position: TilePosition? = schedule.first
      while let tile = position {
        let run = ArrayRun(
          schedule.size(at: tile), zeroShare: 0, on: chip, accumulates: tile.inFeatures > 0)
        #expect(
          tiles[tile, schedule].isSame(as: Double(run.cycles) + run.stallCycles),
          "\(tile) of \(schedule.tiling), \(size) \(chip.design), seed \(seed)")
        position = schedule.position(after: tile)
      }
    }
  }

  @Test func candidatesCoverTheNumbersOfTiles() {
    for extent in [1, 2, 7, 64, 100, 1000, 22016, 128_256] {
      for unit in [1, 3, 64, 512] {
        let extents = TileCandidates(extent, unit: unit).extents
        let units = ArrayTiming.quotientUp(extent, unit)
        #expect(extents.first?.count == 1)
        #expect(extents.last?.tile == min(extent, unit))
        for number in 1...min(16, units) {
          let tile = min(extent, ArrayTiming.quotientUp(units, number) * unit)
          #expect(extents.contains { $0.tile == tile }, "\(number) tiles of \(extent) by \(unit)")
        }
        // Whatever tile fits, one that is no larger is tried that fetches at most an eighth more often.
        for tileUnits in stride(from: 1, through: units, by: 1 + units / 500) {
          let any = TiledExtent(extent, tile: tileUnits * unit)
          #expect(
            extents.contains { $0.tile <= any.tile && $0.count <= any.count * 9 / 8 },
            "\(any.tile) of \(extent) by \(unit)")
        }
      }
    }
  }
}
