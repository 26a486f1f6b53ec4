import Foundation

/// How energies known at two nodes are carried to others.
public enum EnergyScaling: String, CaseIterable, Sendable {
  /// Through the energies measured at 45 and at 7 nm.
  case anchors
  /// By the polynomials of Stillmaker and Baas (Integration 58, 2017) from 45 nm.
  case stillmaker
}

/// Carries energies and areas from the nodes they are known at to another.
struct NodeScaling: Sendable {
  /// Nodes that can be scaled to.
  static let nodes = 7...130
  /// Nodes that operation energies are known at.
  static let coarseAnchor = 45
  static let fineAnchor = 7
  /// Nodes of the energy polynomials and area factors, from coarse to fine.
  static let listedNodes = [130, 90, 65, 45, 32, 20, 16, 14, 10, 7]

  private let node: Int
  private let scaling: EnergyScaling
  /// Energy relative to 45 nm by the polynomials.
  private let polynomialRatio: Double
  /// Area of logic relative to 45 nm.
  let area: Double

  /// - Parameters:
  ///   - node: One of ``nodes``.
  init(to node: Int, by scaling: EnergyScaling, tables: CostTables) {
    self.node = node
    self.scaling = scaling
    area = Self.interpolated(at: node) { tables[.relativeArea, at: $0] }
    let voltage = tables[.supplyVoltage]
    func polynomial(_ node: Int) -> Double {
      tables[.quadraticEnergyTerm, at: node] * voltage * voltage + tables[.linearEnergyTerm, at: node]
        * voltage
        + tables[.constantEnergyTerm, at: node]
    }
    polynomialRatio = Self.interpolated(at: node, polynomial) / polynomial(Self.coarseAnchor)
  }

  /// An energy at the node from those at 45 and 7 nm.
  func energy(coarse: Double, fine: Double) -> Double {
    scaling == .stillmaker || node > Self.coarseAnchor
      ? coarse * polynomialRatio
      : powerInterpolated(
        at: Double(node), from: (Double(Self.coarseAnchor), coarse), to: (Double(Self.fineAnchor), fine))
  }

  /// The area of an SRAM cell at the node from those at 45 and 7 nm, which shrinks less than logic does.
  func cellArea(coarse: Double, fine: Double) -> Double {
    node > Self.coarseAnchor
      ? coarse * area
      : powerInterpolated(
        at: Double(node), from: (Double(Self.coarseAnchor), coarse), to: (Double(Self.fineAnchor), fine))
  }

  private static func interpolated(at node: Int, _ value: (Int) -> Double) -> Double {
    let coarser = listedNodes.last { $0 >= node } ?? listedNodes[0]
    let finer = listedNodes.first { $0 <= node } ?? coarser
    return powerInterpolated(
      at: Double(node), from: (Double(coarser), value(coarser)), to: (Double(finer), value(finer)))
  }
}

/// The value at `position` of the power law through two points, exact at the points themselves.
func powerInterpolated(
  at position: Double, from first: (position: Double, value: Double),
  to second: (position: Double, value: Double)
) -> Double {
  if position == first.position { return first.value }
  if position == second.position { return second.value }
  let exponent = log(second.value / first.value) / log(second.position / first.position)
  return first.value * pow(position / first.position, exponent)
}
