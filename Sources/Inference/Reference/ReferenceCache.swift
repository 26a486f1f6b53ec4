/// Keys and values of the tokens so far, of every layer.
public struct ReferenceCache: Sendable {
  /// Of one layer, position after position; keys are turned, both are rounded.
  struct Layer: Sendable {
    var keys: [Double] = []
    var values: [Double] = []
  }

  private(set) var layers: [Layer]
  /// Elements of the keys of one position.
  private let keyFeatures: Int

  init(layers: Int, keyFeatures: Int) {
    self.layers = Array(repeating: Layer(), count: layers)
    self.keyFeatures = keyFeatures
  }

  /// Tokens that a layer has seen: the position of its next one.
  public func positions(inLayer layer: Int) -> Int {
    layers.indices.contains(layer) ? layers[layer].keys.count / keyFeatures : 0
  }

  mutating func append(keys: [Double], values: [Double], toLayer layer: Int) {
    layers[layer].keys += keys
    layers[layer].values += values
  }
}
