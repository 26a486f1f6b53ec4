import Foundation
import Testing

@testable import Reporting

/// The page in a real browser: it is put into a frame as wide as a phone, used as a reader would, and looked at.
@Suite(.enabled(if: Browser() != nil, "chromium is not installed")) struct BrowserTests {
  @Test(.timeLimit(.minutes(2))) func sortsFiltersAndFitsAPhone() throws {
    let browser = try #require(Browser())
    let findings = try #require(try browser.outcome(of: Self.frame(try Self.page()), in: "findings"))
    let expected = """
      errors: none
      requests: 0
      width: 375, fits true
      rows: \(ScalingFixture.report.rows.count) shown
      sorted by pass: ascending, true
      again: descending, true
      only one heading is sorted: true
      with the keyboard: BUTTON
      prefill: true, status true
      text: true
      nothing: 0
      reset: true
      dark and light differ: true
      unnamed controls: 0
      """
    #expect(findings == expected)
  }

  private static func page() throws -> String {
    guard let gnuplot = Gnuplot() else { return ScalingFixture.report.html(pictures: [:]) }
    let folder = try PlotFolder()
    let pictures = try ScalingFixture.report.plots.map { ($0.name, try folder.picture(of: $0, by: gnuplot)) }
    return ScalingFixture.report.html(pictures: Dictionary(uniqueKeysWithValues: pictures))
  }

  /// A page with the report in a frame, since windows cannot be as narrow as phones, and a script that uses it.
  private static func frame(_ page: String) -> String {
    // Errors are caught from the first line on.
    let watched = page.replacing(
      "<head>",
      with: """
        <head><script>window.found = [];
        addEventListener("error", (event) => found.push(event.message || "a resource"), true);
        addEventListener("unhandledrejection", (event) => found.push(String(event.reason)));
        console.error = console.warn = (...words) => found.push(words.join(" "));</script>
        """)
    let encoded = Data(watched.utf8).base64EncodedString()
    return """
      <!doctype html><meta charset="utf-8">
      <iframe id="frame" style="width: 375px; height: 800px; border: 0"></iframe>
      <script>
      const frame = document.getElementById("frame");
      const bytes = Uint8Array.from(atob("\(encoded)"), (letter) => letter.charCodeAt(0));
      const pause = () => new Promise((resolve) => setTimeout(resolve, 20));
      frame.onload = async () => {
        const page = frame.contentDocument, view = frame.contentWindow, lines = [];
        const say = (name, ...what) => lines.push(`${name}: ${what.join(", ")}`);
        try {
          const table = page.getElementById("rows");
          const shown = () => [...table.tBodies[0].rows].filter((row) => row.offsetHeight > 0);
          const heading = [...table.tHead.rows[0].cells].find((cell) => cell.textContent.trim() === "pass");
          const values = () => shown().map((row) => Number(row.cells[heading.cellIndex].dataset.value));
          const isSorted = (sign) => values().every((value, index, all) => !index || sign * (value - all[index - 1]) >= 0);
          const set = async (id, value) => {
            const input = page.getElementById(id);
            input.value = value;
            input.dispatchEvent(new Event("input", { bubbles: true }));
            await pause();
          };
          const all = shown().length;
          const root = page.documentElement;
          const fits = root.scrollWidth <= root.clientWidth;
          const light = view.getComputedStyle(page.body).backgroundColor;
          heading.querySelector("button").click();
          const first = [heading.getAttribute("aria-sort"), isSorted(1)];
          heading.querySelector("button").click();
          const second = [heading.getAttribute("aria-sort"), isSorted(-1)];
          const sorted = table.querySelectorAll("[aria-sort]").length === 1;
          heading.querySelector("button").focus();
          const focused = page.activeElement.tagName;
          await set("filter-phase", "prefill");
          const prefill = shown().length > 0 && shown().length < all
            && shown().every((row) => row.cells[1].textContent === "prefill");
          const status = page.getElementById("count").textContent === `${shown().length} of ${all} rows`;
          await set("filter-text", "700m ADDSUB");
          const text = shown().length > 0
            && shown().every((row) => /700m/.test(row.textContent) && /addsub/.test(row.textContent));
          await set("filter-text", "no such row");
          const none = shown().length;
          page.querySelector("#filters button[type=reset]").click();
          await pause();
          const reset = shown().length === all;
          const rules = [...page.styleSheets[0].cssRules].filter((rule) => rule.media);
          const dark = rules.some((rule) => rule.media.mediaText.includes("prefers-color-scheme: dark"));
          const unnamed = [...page.querySelectorAll("button, input, select, a, [role=img], [role=region]")]
            .filter((control) => !(control.textContent.trim() || control.getAttribute("aria-label")
              || (control.labels && control.labels.length)));
          say("errors", view.found.length ? view.found.join(" | ") : "none");
          say("requests", view.performance.getEntriesByType("resource").length);
          say("width", view.innerWidth, `fits ${fits}`);
          say("rows", `${all} shown`);
          say("sorted by pass", ...first);
          say("again", ...second);
          say("only one heading is sorted", sorted);
          say("with the keyboard", focused);
          say("prefill", prefill, `status ${status}`);
          say("text", text);
          say("nothing", none);
          say("reset", reset);
          say("dark and light differ", dark && light === "rgb(255, 255, 255)");
          say("unnamed controls", unnamed.length);
        } catch (error) {
          say("the check failed", error);
        }
        const findings = document.createElement("pre");
        findings.id = "findings";
        findings.textContent = lines.join("\\n");
        document.body.append(findings);
      };
      frame.srcdoc = new TextDecoder().decode(bytes);
      </script>
      """
  }
}
