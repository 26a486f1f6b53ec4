import Foundation
import Ternary
import Testing

@testable import ModelFiles

@Suite struct I2SLayoutCheckTests {
  /// A model whose columns are zero the more often, the smaller the norm weight before them is.
  private func fixture(related: Bool, seed: UInt64) throws -> GGUFModelFixture {
    var fixture = try GGUFModelFixture(seed: seed)
    var generator = SeededGenerator(seed: seed &+ 1)
    for layer in 0..<fixture.architecture.layers {
      for (norm, followers) in [
        (NormRole.attention, [LinearRole.query, .key, .value]), (.attentionSub, [.output]),
        (.feedForward, [.gate, .up]), (.feedForwardSub, [.down]),
      ] {
        let count = fixture.architecture.count(of: norm)
        let weights = (0..<count).map { _ in Float.random(in: 0.5...1.5, using: &generator) }
        fixture.vectors[.norm(norm, layer: layer)] = weights.map { Bool.random(using: &generator) ? $0 : -$0 }
        for role in followers {
          let shape = fixture.architecture.shape(of: role)
          let values = (0..<shape.rows * shape.columns).map { index in
            let weight = related ? weights[index % shape.columns] : 1
            let isZero = Float.random(in: 0..<1, using: &generator) > 0.25 + 0.25 * weight
            return isZero ? 0 : Int8(Bool.random(using: &generator) ? 1 : -1)
          }
          fixture.matrices[.linear(role, layer: layer)] = try TernaryMatrix(
            rows: shape.rows, columns: shape.columns, values: values, scale: 1)
        }
      }
    }
    return fixture
  }

  private func check(_ fixture: GGUFModelFixture, openedAs layout: I2SLayout = .x86) throws -> I2SLayoutCheck
  {
    let temporary = TemporaryPath()
    try fixture.write(to: temporary.path)
    return try I2SLayoutCheck(of: GGUFModel(path: temporary.path, i2sLayout: layout))
  }

  @Test(arguments: I2SLayout.allCases, [11, 12] as [UInt64])
  func aLayoutIsRecognisedByTheNorms(layout: I2SLayout, seed: UInt64) throws {
    var fixture = try fixture(related: true, seed: seed)
    fixture.layout = layout
    for opened in I2SLayout.allCases {
      let result = try check(fixture, openedAs: opened)
      #expect(result.verdict.rawValue == layout.rawValue, "\(result) seed \(seed)")
      #expect(result.groups == 8)
      let right = try #require(layout == .x86 ? result.x86 : result.arm)
      let wrong = try #require(layout == .x86 ? result.arm : result.x86)
      #expect(right.correlation > 0.5 && wrong.correlation < right.correlation / 2, "\(result) seed \(seed)")
      #expect(right.deviations > 6, "\(result) seed \(seed)")
    }
  }

  @Test(arguments: I2SLayout.allCases, [21, 22, 23] as [UInt64])
  func columnsThatDoNotDependOnNormsDecideNothing(layout: I2SLayout, seed: UInt64) throws {
    var fixture = try fixture(related: false, seed: seed)
    fixture.layout = layout
    let result = try check(fixture)
    #expect(result.verdict == .undecided, "\(result) seed \(seed)")
  }

  @Test func weightsOfOtherTypesDecideNothing() throws {
    var fixture = try fixture(related: true, seed: 31)
    fixture.linearType = .tq2_0
    let result = try check(fixture)
    #expect(result.verdict == .undecided)
    #expect(result.groups == 0 && result.x86 == nil && result.arm == nil)
  }

  /// The x86 code computes whole blocks of 128 columns only.
  @Test func columnsThatAreNoWholeBlocksOf128AreForARM() throws {
    var fixture = try GGUFModelFixture(hiddenSize: 192, intermediateSize: 320, seed: 41)
    fixture.layout = .arm
    #expect(try check(fixture, openedAs: .arm).verdict == .arm)
  }

  @Test(arguments: [
    (7.0, 1.0, I2SLayoutCheck.Verdict.x86), (7, 3, .undecided), (7, -1, .x86), (5, 0, .undecided),
    (1, 7, .arm),
    (-1, -1, .undecided), (100, 90, .undecided),
  ])
  func aVerdictNeedsEvidenceAndALead(x86: Double, arm: Double, expected: I2SLayoutCheck.Verdict) {
    func evidence(_ deviations: Double) -> I2SLayoutCheck.Evidence {
      I2SLayoutCheck.Evidence(correlation: 0.1, deviations: deviations)
    }
    #expect(
      I2SLayoutCheck.verdict(x86: evidence(x86), arm: evidence(arm), columnsAreRagged: false) == expected)
    #expect(I2SLayoutCheck.verdict(x86: evidence(x86), arm: evidence(arm), columnsAreRagged: true) == .arm)
    #expect(I2SLayoutCheck.verdict(x86: nil, arm: evidence(arm), columnsAreRagged: true) == .arm)
  }
}
