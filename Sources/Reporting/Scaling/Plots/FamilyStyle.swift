/// How a compute family looks in every plot, as kernel and as datapath: a colour of Okabe and Ito's set
/// (https://jfly.uni-koeln.de/color/), which people with any kind of colour vision tell apart, and a marker and dashes
/// of its own, which do without colour.
struct FamilyStyle: Sendable, Hashable {
  /// `#rrggbb`
  let colour: String
  /// Filled, by gnuplot's number.
  let marker: Int
  /// Its outline, or another marker where there is none.
  let openMarker: Int
  /// Dashes by gnuplot's number.
  let dash: Int

  /// - Parameter family: A family of kernels or a datapath.
  init(_ family: String) {
    (colour, marker, openMarker, dash) =
      switch family {
      case "float", "fp16-mac": ("#000000", 5, 4, 1)
      case "bf16-mac": ("#999999", 5, 4, 5)
      case "mad": ("#0072B2", 7, 6, 1)
      case "int8", "int8-mac": ("#56B4E9", 7, 6, 4)
      case "lut": ("#D55E00", 9, 8, 2)
      case "addsub": ("#009E73", 11, 10, 4)
      case "bitserial": ("#CC79A7", 13, 12, 3)
      case "rsr": ("#E69F00", 15, 14, 5)
      case "popcount": ("#B8A000", 3, 2, 2)
      default: ("#777777", 1, 1, 1)
      }
  }

  /// For `with linespoints`.
  func line(open: Bool = false) -> String {
    "linecolor \"\(colour)\" linewidth 2 dashtype \(dash) pointtype \(open ? openMarker : marker) pointsize 0.7"
  }

  /// For `with points`.
  func points(open: Bool = false) -> String {
    "linecolor \"\(colour)\" linewidth 1.5 pointtype \(open ? openMarker : marker) pointsize 0.9"
  }
}
