/// x · weight / √(mean of x² + epsilon), token by token (arXiv 1910.07467).
struct ReferenceNorm: Sendable {
  let weight: [Float]
  let epsilon: Float

  func apply(_ x: [Double]) -> [Double] {
    var y = x
    for start in stride(from: 0, to: x.count, by: weight.count) {
      var squares = 0.0
      for index in weight.indices { squares += x[start + index] * x[start + index] }
      let root = (squares / Double(weight.count) + Double(epsilon)).squareRoot()
      for index in weight.indices { y[start + index] = x[start + index] * Double(weight[index]) / root }
    }
    return y
  }
}
