import Accelerator
import Bench
import Workloads

extension ScalingReport {
  /// What was measured and simulated, and where.
  var circumstancesSection: [Document.Block] {
    var blocks: [Document.Block] = [.heading("What was measured, and where", level: 2)]
    for run in runs {
      blocks.append(
        .list(
          ContextText.lines(run.context) + [
            "compiler \(run.context.compiler ?? QuantityText.missing)",
            "`\(run.context.commandLine)`",
            Self.count(of: run),
          ] + run.warnings.map { "Warning: \($0)" }))
    }
    if runs.isEmpty { blocks.append(.paragraph("Nothing was measured.")) }
    let wrong = runs.flatMap(\.measurements).filter(\.status.isWrong)
    if !wrong.isEmpty {
      blocks.append(
        .paragraph(
          "WRONG RESULTS, which were not timed, from "
            + Set(wrong.map(\.point.kernel)).sorted().joined(separator: ", ") + "."))
    }
    blocks.append(
      .table(
        TextTable(
          [
            ("model", .left), ("parameters", .right), ("of linear layers", .right), ("layers", .right),
            ("hidden", .right), ("feed-forward", .right), ("heads", .right), ("shape is", .left),
          ],
          rows: models.map {
            [
              $0.id, QuantityText.count(Double($0.totalParameters)),
              QuantityText.count(Double($0.linearParameters)), "\($0.layers)", "\($0.hiddenSize)",
              "\($0.intermediateSize)",
              $0.heads == $0.keyValueHeads ? "\($0.heads)" : "\($0.heads)/\($0.keyValueHeads)",
              $0.confidence.rawValue,
            ]
          }), caption: "The models, by parameters. Heads: of queries / of keys and values."))
    return blocks
  }

  private static func count(of run: BenchResults) -> String {
    let measured = run.measurements.filter { $0.status == .measured }
    let shapes = Set(measured.map { MatrixSize($0.point) }).count
    let kernels = Set(measured.map(\.point.kernel)).count
    let disturbed = measured.count { 3 * ($0.preemptedCount ?? 0) > ($0.operatorLatency?.count ?? 0) }
    let samples = median(of: measured.compactMap { ($0.operatorLatency?.count).map(Double.init) })
    return "\(MatmulText.count(measured.count, "point")) measured: \(MatmulText.count(kernels, "kernel")) on "
      + "\(MatmulText.count(shapes, "matrix size")), not each on all"
      + (samples.map { "; \(Int($0)) samples a point (median)" } ?? "")
      + (disturbed > 0
        ? "; at \(disturbed) of them other programs took CPU time in over a third of the samples" : "")
  }

  /// How each figure came about.
  var methodSection: [Document.Block] {
    [
      .heading("How each figure was obtained", level: 2),
      .list([
        "Latency of a layer (measured): median time of one whole linear operator, float32 in and out, with weights "
          + "that come from memory, after its result was compared with the reference. Kernels take turns in random "
          + "order, each round beside FP16.",
        "Latency of a whole model on the CPU (a sum of measurements): every distinct layer shape, its median times the "
          + "number of such layers. Its interval is the sum of the layers' intervals, which is wider than need be.",
        "Times FP16 (measured): the medians of the layers' paired ratios, weighted by the time that each layer takes.",
        "LM head on the CPU (modelled): the bytes of an FP16 head at the bandwidth measured for FP16 weights of the "
          + "model's largest layer with one token.",
        "Of limit (measured): share of what the machine was probed to do in the same rounds, reading packed weights or "
          + "multiplying.",
        "Memory (arithmetic): parameters times bits; for measured kernels the bytes that their packing really takes.",
        "Chips (modelled): closed-form simulation of tiles, buffers, DRAM, array and vector unit, with sourced energy "
          + "and area tables; `bitlab simulate --stepped` checks it cycle by cycle on small matrices.",
        "A figure that is modelled has `modelled` in its column's name. Nothing was tuned to a published claim.",
      ]),
    ]
  }

  /// What nobody should read into the figures.
  var unknownSection: [Document.Block] {
    let derived = models.filter { $0.confidence == .derived }.map(\.id)
    var items = [
      "What attention, norms, softmax and sampling take on this CPU: a real token takes longer than the sum of its "
        + "linear layers.",
      "Whether layers run one after another as fast as each alone: caches, prefetchers and clocks may help or hinder.",
      "Other weights: those measured are \(weightSources), with about a third zeros. Kernels that skip zeros or share "
        + "segments depend on it.",
      "Which kernel of a family would win on every shape: in fresh runs the fastest on one layer was taken to all.",
      "Real chips: none of the designs was built; energies per action are published values of single circuits, and "
        + "what lies between the nodes of the tables is interpolated. The capacity of a chip's DRAM is not modelled.",
      "The quality of ternary models at these sizes: nothing here says what they answer.",
    ]
    if !measured.contains(where: { $0.linearJoules != nil }) {
      items.append("Energy on this CPU: the machine measured none.")
    }
    if !derived.isEmpty {
      items.append(
        "The true shape of \(derived.joined(separator: ", ")): derived from other published figures.")
    }
    let incomplete = models.filter { model in !measured.contains { $0.model == model } }.map(\.id)
    if !incomplete.isEmpty, !runs.isEmpty {
      items.append(
        "Whole-model times of \(incomplete.joined(separator: ", ")): not every layer was measured.")
    }
    if !failures.isEmpty {
      items.append(
        "Passes that could not be simulated: \(failures.count), the first being \(failures[0]).")
    }
    return [.heading("What is not known", level: 2), .list(items)]
  }

  private var weightSources: String {
    let sources = Set(runs.map(\.context.weightsSource)).sorted()
    return sources.isEmpty ? "random" : sources.joined(separator: " and ")
  }
}
