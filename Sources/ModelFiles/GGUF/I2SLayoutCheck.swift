/// Tells from the weights of a model how its i2_s tensors are laid out, which no file says.
///
/// The wrong layout gives every row of a matrix its columns in a wrong order, the same within each block of 128. Norm
/// weights are stored as plain floats, so their order is certain; and a column that a norm makes small is quantised
/// to zero more, or less, often than its neighbours. So in the right layout the share of zeros in a column goes
/// along with the magnitude of the norm weight before it, and in the wrong one it does not. Means of blocks are
/// subtracted first, since they are nearly the same in both layouts. What the sign of the relation is does not
/// matter, and it may differ from layer to layer: squares of correlations are added up.
public struct I2SLayoutCheck: Sendable, Equatable {
  /// What the evidence says.
  public enum Verdict: String, Sendable {
    /// Blocks of 128.
    case x86
    /// Blocks of 64.
    case arm
    /// Norms and matrices do not go along in either layout, or in both.
    case undecided
  }

  /// What speaks for one layout.
  public struct Evidence: Sendable, Equatable {
    /// Root of the mean squared correlation over all groups.
    public var correlation: Double
    /// How many standard deviations the squared correlations together lie above what columns in random order give.
    public var deviations: Double
  }

  /// Deviations that a layout must reach: chance gives less than this once in a billion files.
  public static let requiredDeviations = 6.0
  /// How many times the deviations of the other layout it must reach. A quarter of all columns is in the same place
  /// in both, so the wrong layout has a quarter of the correlation and a sixteenth of its square.
  public static let requiredLead = 3.0
  /// Rows of a matrix that are counted, spread evenly: enough, and not the whole file.
  static let sampledRows = 512

  /// What the evidence says.
  public let verdict: Verdict
  /// For blocks of 128; `nil` if a matrix is not whole blocks, which rules this layout out.
  public let x86: Evidence?
  /// For blocks of 64.
  public let arm: Evidence?
  /// Norms that were compared with the matrices behind them.
  public let groups: Int

  /// Compares norms and columns of all i2_s matrices of a model; the layout it was opened with does not matter.
  ///
  /// - Throws: ``ModelFileError`` if codes are no trits or norms are not finite.
  public init(of model: GGUFModel) throws(ModelFileError) {
    var statistics: [I2SLayout: ColumnStatistics] = [:]
    var impossible = Set<I2SLayout>()
    var groups = 0
    for layer in 0..<model.architecture.layers {
      for norm in model.architecture.norms {
        let matrices = norm.followers.compactMap { model.stored(.linear($0, layer: layer)) }
          .filter { $0.elementType == .i2_s }
        guard !matrices.isEmpty else { continue }
        groups += 1
        let magnitudes = try model.vector(.norm(norm, layer: layer)).map { Double($0.magnitude) }
        for layout in I2SLayout.allCases {
          guard matrices.allSatisfy({ $0.rows * $0.columns % layout.blockElements == 0 }) else {
            impossible.insert(layout)
            continue
          }
          let zeros = try Self.zeros(in: matrices, layout: layout)
          statistics[layout, default: ColumnStatistics()].add(magnitudes, zeros)
        }
      }
    }
    self.groups = groups
    let possible = statistics.filter { !impossible.contains($0.key) }
    x86 = possible[.x86]?.evidence
    arm = possible[.arm]?.evidence
    let isRagged = model.hasRaggedI2SColumns
    verdict = Self.verdict(x86: x86, arm: arm, columnsAreRagged: isRagged)
  }

  /// - Parameter columnsAreRagged: Whether a row is no whole blocks of 128, which the x86 code cannot compute with.
  static func verdict(x86: Evidence?, arm: Evidence?, columnsAreRagged: Bool) -> Verdict {
    switch (x86, arm) {
    case (nil, nil): return .undecided
    case (nil, .some): return .arm
    case (.some, nil): return .x86
    case (let x86?, let arm?):
      if columnsAreRagged { return .arm }
      if leads(x86, arm) { return .x86 }
      return leads(arm, x86) ? .arm : .undecided
    }
  }

  private static func leads(_ first: Evidence, _ second: Evidence) -> Bool {
    first.deviations >= requiredDeviations && first.deviations >= requiredLead * max(second.deviations, 0)
  }

  /// Share of zeros in each column of the matrices together.
  private static func zeros(
    in matrices: [StoredTensor], layout: I2SLayout
  ) throws(ModelFileError) -> [Double] {
    var zeros = [Double](repeating: 0, count: matrices[0].columns)
    for matrix in matrices {
      let count = min(matrix.rows, sampledRows)
      for sample in 0..<count {
        let row = sample * matrix.rows / count
        let elements = row * matrix.columns..<(row + 1) * matrix.columns
        let (values, first) = try matrix.trits(blocksCovering: elements, layout: layout)
        for column in 0..<matrix.columns where values[elements.lowerBound - first + column] == 0 {
          zeros[column] += 1
        }
      }
    }
    return zeros
  }
}

extension NormRole {
  /// The matrices whose columns the norm scales.
  fileprivate var followers: [LinearRole] {
    switch self {
    case .attention: [.query, .key, .value]
    case .attentionSub: [.output]
    case .feedForward: [.gate, .up]
    case .feedForwardSub: [.down]
    }
  }
}

extension GGUFModel {
  /// Whether the rows of some i2_s matrix are not whole blocks of 128.
  fileprivate var hasRaggedI2SColumns: Bool {
    LinearRole.allCases.contains { role in
      stored(.linear(role, layer: 0)).map {
        $0.elementType == .i2_s && $0.columns % I2SLayout.x86.blockElements != 0
      } ?? false
    }
  }
}

/// Squared correlations of columns' zeros and norm weights, added up over groups.
private struct ColumnStatistics {
  private var groups = 0
  private var squares = 0.0
  private var standardizedSquares = 0.0

  /// Adds a group; one whose norm weights or zeros do not vary says nothing.
  mutating func add(_ magnitudes: [Double], _ zeros: [Double]) {
    let (first, second) = (Self.centred(magnitudes), Self.centred(zeros))
    var (product, firstSquares, secondSquares) = (0.0, 0.0, 0.0)
    for (a, b) in zip(first, second) {
      product += a * b
      firstSquares += a * a
      secondSquares += b * b
    }
    guard firstSquares > 0, secondSquares > 0 else { return }
    let square = product / firstSquares * (product / secondSquares)
    // Every block mean that was subtracted leaves one number less that is free.
    let free = first.count - (first.count + 127) / 128
    groups += 1
    squares += square
    standardizedSquares += square * Double(free)
  }

  /// Without a relation, each standardised square is of one degree of freedom: mean 1, variance 2.
  var evidence: I2SLayoutCheck.Evidence {
    guard groups > 0 else { return I2SLayoutCheck.Evidence(correlation: 0, deviations: 0) }
    let count = Double(groups)
    return I2SLayoutCheck.Evidence(
      correlation: (squares / count).squareRoot(),
      deviations: (standardizedSquares - count) / (2 * count).squareRoot())
  }

  /// The values less the mean of their block of 128.
  private static func centred(_ values: [Double]) -> [Double] {
    var centred = values
    for start in stride(from: 0, to: values.count, by: 128) {
      let block = start..<min(start + 128, values.count)
      let mean = values[block].reduce(0, +) / Double(block.count)
      for index in block { centred[index] -= mean }
    }
    return centred
  }
}
