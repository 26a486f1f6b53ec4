import Foundation
import Workloads

/// The accounting behind the published savings of ternary models: the arithmetic of matrix products alone, no
/// memory, no registers, and an addition as wide as an activation.
public struct ArithmeticEnergy: Sendable {
  /// What an FP16 multiply-add takes against one integer addition.
  public struct Saving: Sendable, Hashable {
    /// Process node.
    public let nodeNanometres: Int
    /// Width of the running sum; 8 is what the published figures charge for.
    public let accumulatorBits: Int
    /// An FP16 multiplication and an FP16 addition.
    public let floatPicojoules: Double
    /// An integer addition of that width.
    public let ternaryPicojoules: Double

    /// How many times less it is.
    public var ratio: Double { floatPicojoules / ternaryPicojoules }
  }

  /// One pass over a prompt: a published figure, the same figure calculated, and what DRAM adds.
  public struct Pass: Sendable, Hashable {
    /// The model.
    public let model: String
    /// Whether its linear layers are ternary.
    public let isTernary: Bool
    /// Weights of all linear layers.
    public let linearWeights: Int
    /// As printed in the source, in joules.
    public let published: String
    /// Linear layers.
    public let linearJoules: Double
    /// Scores and weighted values of attention in FP16, every token over every token.
    public let attentionJoules: Double
    /// Bytes of the weights, which a pass reads once, and so does each decoded token.
    public let weightBytes: Double
    /// Energy of reading the weights from DRAM once.
    public let weightReadJoules: Double
    /// Tokens of the pass.
    public let tokens: Int

    /// What the publication counts.
    public var joules: Double { linearJoules + attentionJoules }
    /// Attention's share of it, from 0 to 1.
    public var attentionShare: Double { attentionJoules / joules }
    /// The pass with its weights read from DRAM.
    public var joulesWithWeights: Double { joules + weightReadJoules }
    /// What the linear layers of one decoded token take, arithmetic alone.
    public var linearJoulesPerToken: Double { linearJoules / Double(tokens) }
    /// One decoded token with its weights read from DRAM, without attention.
    public var decodedTokenJoules: Double { linearJoulesPerToken + weightReadJoules }
    /// The calculated figure with as many decimals as the printed one.
    public var printed: String {
      let decimals = published.split(separator: ".").dropFirst().first?.count ?? 0
      return String(format: "%.\(decimals)f", joules)
    }
  }

  /// Savings at 45 and 7 nm for accumulators of 8, 16, 24 and 32 bits.
  public let savings: [Saving]
  /// Where the figures of the passes are published.
  public let source: String

  private let publication: PublishedEnergy
  let floatPicojoules: Double
  let ternaryPicojoules: Double
  /// An FP16 multiplication alone.
  let multiplyPicojoules: Double

  /// From the tables that come with bitlab.
  public static func shipped() throws(CostError) -> ArithmeticEnergy {
    let tables = try CostTables.shipped()
    let name = "published-energy.yaml"
    guard let file = try CostTables.shippedFiles().first(where: { $0.name == name }) else {
      throw .missing(what: name, node: nil)
    }
    do {
      return ArithmeticEnergy(try PublishedEnergy(bytes: file.bytes, name: name), tables: tables)
    } catch {
      throw .file(error)
    }
  }

  init(_ publication: PublishedEnergy, tables: CostTables) {
    func saving(at node: Int, accumulatorBits: Int) -> Saving {
      let costs = OperationCosts(
        energiesFrom: tables, scaling: NodeScaling(to: node, by: .anchors, tables: tables))
      return Saving(
        nodeNanometres: node, accumulatorBits: accumulatorBits,
        floatPicojoules: costs[.multiply(.float16)] + costs[.add(.float16)],
        ternaryPicojoules: costs[.add(.integer(bits: accumulatorBits))])
    }
    savings = [NodeScaling.coarseAnchor, NodeScaling.fineAnchor].flatMap { node in
      [8, 16, 24, 32].map { saving(at: node, accumulatorBits: $0) }
    }
    let published = saving(at: publication.node, accumulatorBits: 8)
    floatPicojoules = published.floatPicojoules
    ternaryPicojoules = published.ternaryPicojoules
    multiplyPicojoules = tables[.float16MultiplyEnergy, at: publication.node]
    source = publication.source
    self.publication = publication
  }

  /// The published passes, calculated anew.
  ///
  /// - Parameters:
  ///   - dramPicojoulesPerBit: What reading weights takes.
  ///   - ternaryFormat: How ternary weights are stored; the others are FP16.
  public func passes(dramPicojoulesPerBit: Double, ternaryFormat: WeightFormat) -> [Pass] {
    publication.models.map { model in
      let tokens = Double(publication.tokens)
      let format = model.isTernary ? ternaryFormat : .fp16
      let bits = Double(model.linearWeights) * format.bitsPerWeight
      return Pass(
        model: model.name, isTernary: model.isTernary, linearWeights: model.linearWeights,
        published: model.published,
        linearJoules: tokens * Double(model.linearWeights)
          * (model.isTernary ? ternaryPicojoules : floatPicojoules) * 1e-12,
        attentionJoules: 2 * tokens * tokens * Double(model.query) * Double(model.layers) * floatPicojoules
          * 1e-12,
        weightBytes: bits / 8, weightReadJoules: bits * dramPicojoulesPerBit * 1e-12,
        tokens: publication.tokens)
    }
  }
}
