import Bench

/// `scaling.html`: the report as one page that needs nothing else: no network, no other file.
struct ScalingPage {
  let report: ScalingReport
  let document: Document
  /// Pictures by name of the plot; a plot without one is left out.
  let pictures: [String: String]

  var html: String {
    """
    <!doctype html>
    <html lang="en">
    <head>
    <meta charset="utf-8">
    <meta name="viewport" content="width=device-width, initial-scale=1">
    <meta name="color-scheme" content="light dark">
    <title>\(HTMLText.escaped(document.title))</title>
    <link rel="icon" href="data:,">
    <style>
    \(PageStyle.css)</style>
    </head>
    <body>
    <a class="skip" href="#content">Skip to the report</a>
    <header>
    <h1>\(HTMLText.inline(document.title))</h1>
    <nav aria-label="Sections">
    <ul>
    \(contents)
    </ul>
    </nav>
    </header>
    <main id="content">
    \(sections)
    </main>
    <script>
    \(PageScript.source)</script>
    </body>
    </html>

    """
  }

  private var contents: String {
    document.blocks.compactMap { block in
      guard case .heading(let text, level: 2) = block else { return nil }
      return "<li><a href=\"#\(HTMLText.anchor(text))\">\(HTMLText.inline(text))</a></li>"
    }.joined(separator: "\n")
  }

  /// Every section is a landmark named by its heading; plots that follow each other share a grid.
  private var sections: String {
    var lines: [String] = []
    var isInSection = false
    var isInPlots = false
    for block in document.blocks {
      if case .plot = block {
        if !isInPlots { lines.append("<div class=\"plots\">") }
        isInPlots = true
      } else if isInPlots {
        lines.append("</div>")
        isInPlots = false
      }
      if case .heading(let text, level: 2) = block {
        if isInSection { lines.append("</section>") }
        lines.append("<section aria-labelledby=\"\(HTMLText.anchor(text))\">")
        isInSection = true
      }
      lines.append(html(block))
    }
    if isInPlots { lines.append("</div>") }
    if isInSection { lines.append("</section>") }
    return lines.filter { !$0.isEmpty }.joined(separator: "\n")
  }

  private func html(_ block: Document.Block) -> String {
    switch block {
    case .heading(let text, let level):
      return "<h\(level) id=\"\(HTMLText.anchor(text))\">\(HTMLText.inline(text))</h\(level)>"
    case .paragraph(let text): return "<p>\(HTMLText.inline(text))</p>"
    case .list(let items):
      return (["<ul>"] + items.map { "<li>\(HTMLText.inline($0))</li>" } + ["</ul>"]).joined(separator: "\n")
    case .table(let table, let caption): return PageTable.html(table, caption: caption)
    case .plot(let plot):
      guard let picture = pictures[plot.name] else { return "" }
      return """
        <figure id="plot-\(plot.name)">
        \(InlineSVG.element(picture, plot: plot))
        <figcaption><strong>\(HTMLText.inline(plot.title)).</strong> \(HTMLText.inline(plot.caption))</figcaption>
        </figure>
        """
    case .allRows: return PageTable.sortable(report)
    }
  }
}
