import Workloads

/// The layers of one of SCALE-Sim's topology files, of the kind for matrix products: a header `Layer,M,N,K,` and a
/// line for each layer in that order, commas at the end or not.
public struct SCALESimTopology: Sendable, Equatable {
  /// One matrix product.
  public struct Layer: Sendable, Equatable {
    /// Its name in the file.
    public var name: String
    /// Its size.
    public var size: MatmulSize
    /// Where it is in the file.
    let line: Int
  }

  /// In the order of the file.
  public var layers: [Layer]
  /// The file, for errors about its layers.
  let file: String

  /// The largest M, N and K.
  static let largestExtent = 1 << 24

  /// Reads a file.
  public static func load(path: String) throws(SCALESimFileError) -> SCALESimTopology {
    let text: String
    do {
      text = try BoundedText.load(path: path)
    } catch {
      throw SCALESimFileError(file: path, line: nil, message: error.message)
    }
    return try SCALESimTopology(text, file: path)
  }

  /// Reads the text of a file; `file` is its name in errors.
  init(_ text: String, file: String) throws(SCALESimFileError) {
    self.file = file
    layers = []
    var hasHeader = false
    for (index, line) in text.split(omittingEmptySubsequences: false, whereSeparator: \.isNewline)
      .enumerated()
    {
      var fields = line.split(separator: ",", omittingEmptySubsequences: false).map(\.trimmingBlanks)
      while fields.last?.isEmpty == true { fields.removeLast() }
      guard !fields.isEmpty else { continue }
      do {
        if hasHeader {
          layers.append(try Self.layer(fields, line: index + 1))
        } else {
          try Self.checkHeader(fields)
          hasHeader = true
        }
      } catch {
        throw SCALESimFileError(file: file, line: index + 1, message: error.message)
      }
    }
    guard !layers.isEmpty else {
      throw SCALESimFileError(file: file, line: nil, message: "has no layers; expected \(Self.form)")
    }
  }

  private struct Mistake: Error { let message: String }

  private static let form = "the header 'Layer,M,N,K,' and a line such as 'L0,196,192,384,' for each layer"

  private static func checkHeader(_ fields: [String]) throws(Mistake) {
    let names = fields.map { $0.lowercased() }
    guard !names.contains(where: { $0.contains("ifmap") || $0.contains("filter") }) else {
      throw Mistake(
        message: "is a topology of convolutions; only matrix products are simulated: expected \(form)")
    }
    guard names.count >= 4, names[1...3] == ["m", "n", "k"] else {
      throw Mistake(message: "expected \(form), found '\(excerpt(fields.joined(separator: ",")))'")
    }
  }

  private static func layer(_ fields: [String], line: Int) throws(Mistake) -> Layer {
    guard (4...5).contains(fields.count) else {
      throw Mistake(
        message: "expected a name, M, N and K, found '\(excerpt(fields.joined(separator: ",")))'")
    }
    guard fields.count == 4 || fields[4] == "1:1" else {
      throw Mistake(
        message: "expected no sparsity, or 1:1, since structured sparsity is not simulated, "
          + "found '\(excerpt(fields[4]))'")
    }
    return Layer(
      name: fields[0],
      size: MatmulSize(
        tokens: try extent(fields[1], "M"), inFeatures: try extent(fields[3], "K"),
        outFeatures: try extent(fields[2], "N")), line: line)
  }

  private static func extent(_ text: String, _ name: String) throws(Mistake) -> Int {
    guard let number = Int(text), (1...largestExtent).contains(number) else {
      throw Mistake(
        message: "\(name): expected a whole number from 1 to \(largestExtent), found '\(excerpt(text))'")
    }
    return number
  }
}
