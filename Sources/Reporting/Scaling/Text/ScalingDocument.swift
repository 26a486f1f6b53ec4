import Bench
import Workloads

extension ScalingReport {
  /// The report in words and tables, from which `scaling.md` and `scaling.html` are rendered.
  var document: Document {
    let sections = [
      summarySection, circumstancesSection, MeasuredSection(report: self).blocks,
      ModelledSection(report: self).blocks, [.heading("All figures", level: 2), .allRows], methodSection,
      unknownSection,
    ]
    return Document(title: title, blocks: sections.flatMap(\.self))
  }

  /// `scaling.md`.
  public var markdown: String {
    MarkdownDocument.render(
      document, plotFolder: Self.plotFolder,
      allRows:
        "[`scaling.csv`](scaling.csv) has all figures in full precision, a row for each model, phase, and kernel "
        + "or design; [`README.md`](README.md) says what its columns mean. [`scaling.html`](scaling.html) sorts and "
        + "filters them.")
  }

  /// `scaling.html`.
  ///
  /// - Parameter pictures: SVG files by name of the plot; a plot without one is left out.
  public func html(pictures: [String: String]) -> String {
    ScalingPage(report: self, document: document, pictures: pictures).html
  }

  /// Where pictures lie, relative to the report.
  public static let plotFolder = "plots"

  private var title: String {
    guard let first = models.first, let last = models.last, first != last else {
      return "Scaling of \(models.first?.id ?? "no model")"
    }
    return "Scaling of ternary models, \(first.title) to \(last.title)"
  }

  private var summarySection: [Document.Block] {
    let modelled = ModelledSection(report: self)
    let items = scenarios.compactMap(summary) + [memorySummary].compactMap { $0 } + modelled.summaries
    return [.heading("In short", level: 2), .list(items.isEmpty ? ["There is nothing to report."] : items)]
  }

  /// Who is fastest in a scenario, on how many models, by how much.
  private func summary(_ scenario: Scenario) -> String? {
    let winners = models.compactMap { fastestOfFamilies($0, scenario).first }
    let wins = Dictionary(grouping: winners, by: \.point.family)
    guard let best = wins.max(by: { ($0.value.count, $1.key) < ($1.value.count, $0.key) }) else { return nil }
    var text =
      "\(scenario.isDecode ? "Decode" : "Prefill") on this CPU, measured (\(MatmulText.conditions(scenario))): "
      + "`\(best.key)` is the fastest family on \(best.value.count) of "
      + "\(MatmulText.count(winners.count, "model"))"
    if let range = RangeText.ratios(winners.compactMap(\.speedup?.median)) {
      text += "; the fastest kernels are \(range) as fast as FP16 on the linear layers"
    }
    let withHead = winners.compactMap { winner in speedupWithHead(winner, scenario) }
    if scenario.isDecode, let range = RangeText.ratios(withHead) {
      text += ", \(range) once the LM head, FP16 in both, is added"
    }
    return text + "."
  }

  /// Times faster than FP16 where both read the same LM head.
  func speedupWithHead(_ model: MeasuredModel, _ scenario: Scenario) -> Double? {
    guard let baseline = fp16(model.model, scenario)?.secondsWithHead, let own = model.secondsWithHead else {
      return nil
    }
    return baseline / own
  }

  private var memorySummary: String? {
    guard let model = models.last else { return nil }
    func bytes(_ bits: Double) -> Double {
      model.linearBytes(bitsPerWeight: bits) + ModelBytes(model).besides
    }
    return "Memory of \(model.title), arithmetic: \(QuantityText.bytes(bytes(1.6))) at 1.6 bits a weight, "
      + "\(QuantityText.bytes(bytes(16))) in FP16, \(QuantityText.ratio(bytes(16) / bytes(1.6))) as much. "
      + "Embedding and LM head stay at 16 bits, so that small models save less: "
      + (models.first.map { model in
        let small = { (bits: Double) in
          model.linearBytes(bitsPerWeight: bits) + ModelBytes(model).besides
        }
        return "\(model.title) \(QuantityText.ratio(small(16) / small(1.6)))."
      } ?? "")
  }
}

/// Ranges of figures in words.
enum RangeText {
  /// `4.2x to 7.5x`; one figure alone; `nil` for none.
  static func ratios(_ values: [Double]) -> String? {
    guard let low = values.min(), let high = values.max() else { return nil }
    let (first, last) = (QuantityText.ratio(low), QuantityText.ratio(high))
    return first == last ? first : "\(first) to \(last)"
  }
}

extension TextTable {
  /// A table all columns of which are shown.
  init(_ columns: [(title: String, alignment: Alignment)], rows: [[String]]) {
    self.init(
      headings: columns.map { Heading(title: $0.title, alignment: $0.alignment, dropOrder: 0) }, rows: rows)
  }
}
