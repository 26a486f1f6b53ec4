import Workloads

/// A key of a design set from outside its file: `array.rows=128`.
///
/// The value is written as in the file and takes the place of what is there before anything is read, so that
/// units, bounds and errors are those of files; errors name the override where they would name the line.
public struct DesignOverride: Sendable {
  let keys: [String]
  let value: YAMLNode

  /// - Parameters:
  ///   - text: Key and value with `=` between them.
  ///   - option: What errors call it in front of the text.
  /// - Throws: ``YAMLError`` when it is something else, or no design has such a key.
  public init(_ text: String, option: String = "--set") throws(YAMLError) {
    let place = YAMLPlace(file: "\(option) \(excerpt(text))")
    guard let separator = text.firstIndex(of: "=") else {
      throw YAMLError(place, message: "expected KEY=VALUE, such as array.rows=128")
    }
    let name = text[..<separator].trimmingBlanks
    guard DesignKeys.contains(name) else {
      let nearest = DesignKeys.all.nearest(to: name)
      throw YAMLError(
        place,
        message: "unknown key '\(excerpt(name))'; "
          + (nearest.isEmpty
            ? "the keys are \(DesignKeys.all.joined(separator: ", "))"
            : "did you mean '\(nearest.joined(separator: "' or '"))'?"))
    }
    keys = name.split(separator: ".").map(String.init)
    value = try YAMLNode.parse(
      option: place.file, value: text[text.index(after: separator)...].trimmingBlanks)
  }
}
