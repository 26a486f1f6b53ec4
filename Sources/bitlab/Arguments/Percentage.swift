import ArgumentParser

/// A share of one, written with or without a percent sign: `1%`, `0.5%`, `2`.
enum Percentage {
  /// - Throws: `ValidationError` unless above 0 and at most 100.
  static func parse(_ text: String) throws -> Double {
    let number = text.hasSuffix("%") ? text.dropLast() : text[...]
    guard let percent = Double(number), percent > 0, percent <= 100 else {
      throw ValidationError("'\(text)' is not a percentage above 0 and up to 100, such as 1%")
    }
    return percent / 100
  }
}
