import Ternary
import Testing

@testable import Inference
@testable import ModelFiles

/// How the reference rounds, and what it says about values that nearly round the other way.
@Suite struct RoundingTests {
  @Test func everyHalfIsItself() {
    for bits in UInt16.min...UInt16.max where bits & 0x7C00 != 0x7C00 {
      let value = Double(FloatDecoding.float16(bits))
      #expect(CachePrecision.float16.rounded(value) == value)
    }
  }

  /// Between neighbouring halves the nearer one is taken, midway the one whose last bit is zero.
  @Test func whatIsBetweenHalvesIsRoundedToNearestEven() {
    for bits in UInt16(0)..<0x7BFF {
      let low = Double(FloatDecoding.float16(bits))
      let high = Double(FloatDecoding.float16(bits + 1))
      let middle = (low + high) / 2
      let precision = CachePrecision.float16
      for sign in [1.0, -1] {
        #expect(precision.rounded(sign * middle) == sign * (bits.isMultiple(of: 2) ? low : high))
        #expect(precision.rounded(sign * middle.nextUp) == sign * high)
        #expect(precision.rounded(sign * middle.nextDown) == sign * low)
      }
      #expect(precision.boundaryDistance(middle) == 0)
      #expect(precision.boundaryDistance(low) == 0.5)
    }
  }

  @Test func largeValuesBecomeInfinite() {
    #expect(CachePrecision.float16.rounded(65520.0.nextDown) == 65504)
    #expect(CachePrecision.float16.rounded(65520) == .infinity)
    #expect(CachePrecision.float16.rounded(-1e30) == -.infinity)
    #expect(CachePrecision.float16.rounded(.nan).isNaN)
    #expect(CachePrecision.exact.rounded(1e30) == 1e30)
  }

  @Test func distancesAreThoseToTheNearestHalfStep() throws {
    // The scale of each token is 1.
    let linear = ReferenceLinear(weights: try .trits(1, 4, [1, 0, -1, 1], scale: 3))
    let trace = try linear.apply([127, 0.5, 1.25, -2.5, -127, 0.75, 3, 64.49])
    let distances = trace.boundaryDistances
    for (found, expected) in zip(distances, [0.5, 0, 0.25, 0, 0.5, 0.25, 0.5, 0.01]) {
      #expect(abs(found - expected) < 1e-5)
    }
    #expect(trace.nearBoundary(within: 0.02) == [2, 1])
    #expect(trace.flipBound(within: 0.02) == [6, 3])
    #expect(trace.flipBound(within: 0.3) == [9, 6])
    // Half to even, -2.5 to -2: 127 - 1 - 2 and -127 - 3 + 64, three times.
    #expect(trace.output == [372, -198])
    let exact = try ReferenceLinear(weights: .float(1, 2, [2, 3])).apply([0.5, 0.25])
    #expect(exact.boundaryDistances.isEmpty)
    #expect(exact.flipBound(within: 0.5) == [0])
    #expect(exact.output == [1.75])
  }

  /// Errors smaller than the distance to every boundary change no int8; larger ones change outputs by no more than
  /// the bound for the activations in their reach.
  @Test(arguments: UInt64(0)..<20)
  func flipsStayWithinTheirBound(seed: UInt64) throws {
    let model = try InMemoryModel(.tiny(), seed: seed)
    let linear = ReferenceLinear(weights: try model.linear(.down, layer: 0))
    let x = try model.rows(0..<1, of: .embedding).map { Double($0) } + Array(repeating: 0.1, count: 32)
    let exact = try linear.apply(x)
    let scale = Double(try #require(exact.quantized).scales[0])
    let nearest = exact.boundaryDistances.reduce(0.5, min)
    let largest = x.indices.max { x[$0].magnitude < x[$1].magnitude }
    for reach in [nearest * 0.9, 0.01, 0.1, 0.4] {
      // All errors in the direction of the nearest boundary; the largest value stays, and with it the scale.
      let moved = x.indices.map { index in
        let scaled = x[index] * scale
        let boundary = scaled.rounded(.down) + 0.5
        return index == largest ? x[index] : x[index] + (scaled < boundary ? reach : -reach) / scale
      }
      let found = try linear.apply(moved)
      let flips = zip(found.quantized?.values ?? [], exact.quantized?.values ?? []).count { $0 != $1 }
      let near = exact.nearBoundary(within: reach + 1e-4)[0]
      let certain = exact.nearBoundary(within: reach - 1e-4)[0]
      #expect((certain...near).contains(flips))
      let bound = exact.flipBound(within: reach + 1e-4)[0]
      #expect(zip(found.output, exact.output).allSatisfy { abs($0 - $1) <= bound + 1e-9 })
    }
  }

  @Test func noiseBelowEveryDistanceFlipsNothing() throws {
    let model = try InMemoryModel(.tiny(), seed: 30)
    let exact = try ReferenceTransformer(model).forward(tokens: tokens(3))
    #expect(exact.boundaryDistance > 1e-6 && exact.cacheBoundaryDistance > 1e-6)
    #expect(exact.nearBoundary(within: exact.boundaryDistance) == 1)
    #expect(exact.nearBoundary(within: 0.5) == 3 * 2 * (40 + 48 + 40 + 72))
    #expect(exact.layers[0].cacheNearBoundary(within: 0.5) == 3 * 2 * 16)
    for (error, flips) in [(1e-10, false), (1e-2, true)] {
      let noise = RoundingNoise(relativeError: error, seed: 1)
      let noisy = try ReferenceTransformer(model, noise: noise).forward(tokens: tokens(3))
      let changed = zip(noisy.layers, exact.layers).contains { noisy, exact in
        LinearRole.allCases.contains {
          noisy.linears[$0]?.quantized?.values != exact.linears[$0]?.quantized?.values
        }
      }
      #expect(changed == flips)
      let difference = zip(noisy.logits, exact.logits).reduce(0) { max($0, abs($1.0 - $1.1)) }
      #expect((difference < 1e-6) != flips)
    }
  }

  @Test func noiseFollowsFromItsSeed() throws {
    let model = try InMemoryModel(.tiny(), seed: 31)
    let logits = try [1, 1, 2].map { (seed: UInt64) in
      let noise = RoundingNoise(relativeError: 1e-6, seed: seed)
      return try ReferenceTransformer(model, noise: noise).forward(tokens: tokens(3)).logits
    }
    #expect(logits[0] == logits[1])
    #expect(logits[0] != logits[2])
  }
}
